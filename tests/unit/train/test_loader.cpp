// The loader: order, bounds, failures and its end. What it reads is not its business.
#include "train/data/loader.h"

#include <atomic>
#include <chrono>

#include "core/base/error.h"
#include "tests/support/catch.h"

using namespace ccx;
using namespace ccx::train;
using namespace std::chrono_literals;

namespace {

Batch named(int64_t index) {
  Batch batch;
  batch.ids = {std::to_string(index)};
  return batch;
}

}  // namespace

TEST_CASE("no more batches are begun than may wait, and each is read once") {
  std::atomic<int64_t> begun{0}, given{0}, most{0};
  std::vector<std::atomic<int>> times(60);
  Loader loader(
      [&](int64_t index) {
        const int64_t waiting = ++begun - given;
        for (int64_t seen = most; waiting > seen && !most.compare_exchange_weak(seen, waiting);) {
        }
        ++times[static_cast<size_t>(index)];
        return named(index);
      },
      0, 60, 4, 3);
  // Nothing is taken: the workers stop at three, whatever the time.
  while (begun < 3) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(20ms);
  CHECK(begun == 3);
  for (int64_t i = 0; i < 60; ++i) {
    CHECK(loader.next().ids[0] == std::to_string(i));
    ++given;
  }
  CHECK(most <= 4);  // three, and the one that was taken and is not yet counted as given
  for (const std::atomic<int>& count : times) CHECK(count == 1);
  CHECK_THROWS_AS(loader.next(), std::logic_error);
}

TEST_CASE("what was read before a failure is given first, then the failure as it was thrown, again and again") {
  Loader loader(
      [](int64_t index) -> Batch {
        if (index == 3) throw InputError("p3: not a picture");
        return named(index);
      },
      0, 10, 1, 10);
  for (int64_t i = 0; i < 3; ++i) CHECK(loader.next().ids[0] == std::to_string(i));
  for (int again = 0; again < 2; ++again) {
    CHECK_THROWS_AS(loader.next(), InputError);
    CHECK_THROWS_WITH(loader.next(), "p3: not a picture");
  }
}

TEST_CASE("a loader that is dropped ends its workers, with batches waiting, in work or never begun") {
  std::atomic<int> in_work{0}, begun{0};
  {
    const Loader loader(
        [&](int64_t index) {
          ++begun;
          ++in_work;
          std::this_thread::sleep_for(2ms);
          --in_work;
          return named(index);
        },
        0, 1000000, 3, 5);
    while (begun == 0) std::this_thread::sleep_for(1ms);
  }
  CHECK(in_work == 0);
  CHECK(begun <= 5);
}
