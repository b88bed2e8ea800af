// e^x in plain arithmetic.
#include "core/base/exponential.h"

#include <bit>
#include <cmath>

#include "tests/support/catch.h"

using namespace ccx;

namespace {

using Four = float __attribute__((vector_size(16)));
using FourBits = std::uint32_t __attribute__((vector_size(16)));

}  // namespace

TEST_CASE("e^x is right to 3e-7 of its value, and the same bits alone and in a vector") {
  for (float x = kSmallestPower; x <= 0; x += 0.0131f) {
    float one = x;
    exponential_of_non_positive<std::uint32_t>(one);
    CHECK(std::abs(static_cast<double>(one) - std::exp(static_cast<double>(x))) <=
          3e-7 * std::exp(static_cast<double>(x)));
    Four four = {x, 0, x, kSmallestPower};
    exponential_of_non_positive<FourBits>(four);
    const float first = four[0];
    CHECK(std::bit_cast<std::uint32_t>(first) == std::bit_cast<std::uint32_t>(one));
    CHECK(four[1] == 1.0f);
  }
  float nan = NAN;
  exponential_of_non_positive<std::uint32_t>(nan);
  CHECK(std::isnan(nan));
}
