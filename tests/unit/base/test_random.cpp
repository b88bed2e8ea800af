// Random numbers and hashes are the same everywhere.
#include <cstdint>

#include "core/base/hash.h"
#include "core/base/random.h"
#include "tests/support/catch.h"

using namespace ccx;

TEST_CASE("random numbers are uniform and the same everywhere") {
  // Literal values: another platform or version must not give others.
  CHECK(splitmix64(0) == 0xE220A8397B1DCDAFu);
  CHECK(fnv1a("test_000004") == fnv1a("test_000004"));
  CHECK(fnv1a("test_000004") != fnv1a("test_000005"));
  double sum = 0;
  for (std::uint64_t counter = 0; counter < 10000; ++counter) {
    const double draw = uniform_draw(42, 7, counter);
    REQUIRE(draw >= 0);
    REQUIRE(draw < 1);
    sum += draw;
  }
  CHECK(sum / 10000 == Approx(0.5).margin(0.01));  // 3.5 standard deviations of the mean
}
