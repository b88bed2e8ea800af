// Measuring how many pairs a second engines caption, and the batch that a run takes.
#include "core/captioner/throughput.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "core/base/error.h"
#include "core/captioner/caption_job.h"
#include "tests/support/catch.h"

using namespace ccx;
using namespace ccx::captioner;

namespace {

std::atomic<int> captioned = 0;  // pairs
std::atomic<int> inside = 0;     // engines that caption now
std::atomic<int> most_inside = 0;

// Captions a pair in five milliseconds, or fails.
class SleepingEngine : public engine::Engine {
 public:
  explicit SleepingEngine(bool fails = false) : fails_(fails) {}
  int image_size() const override { return 1; }
  std::string device() const override { return "cpu"; }
  std::string dtype() const override { return "fp32"; }
  int suggested_batch() const override { return 16; }
  void set_threads(int threads) override { threads_ = threads; }
  int threads() const override { return threads_; }
  std::vector<engine::Caption> caption(std::span<const engine::PixelPair> pairs,
                                       std::span<const uint64_t> keys) override {
    if (fails_) throw Error("no more");
    if (pairs.size() != keys.size()) throw Error("a key for each pair");
    const int now = ++inside;
    if (now > most_inside) most_inside = now;
    std::this_thread::sleep_for(std::chrono::milliseconds(5) * pairs.size());
    --inside;
    captioned += static_cast<int>(pairs.size());
    engine::Caption caption;
    caption.ids = {1, 2, 3};
    caption.ms.vision = 2;
    return std::vector<engine::Caption>(pairs.size(), caption);
  }

 private:
  bool fails_;
  int threads_ = 1;
};

std::vector<std::unique_ptr<engine::Engine>> engines(int count, bool fail = false) {
  std::vector<std::unique_ptr<engine::Engine>> made;
  for (int i = 0; i < count; ++i) made.push_back(std::make_unique<SleepingEngine>(fail));
  return made;
}

}  // namespace

TEST_CASE("every way captions all pairs in every repetition, with as many engines at once as it has workers") {
  const auto two = engines(2);
  const std::vector<engine::PixelPair> pairs(20);
  captioned = 0;
  const std::vector<Way> ways = {{1, 1}, {2, 3}};
  const auto found = measure_throughput(two, ways, pairs, 2, 3);
  REQUIRE(found.size() == 2);
  // Before that once, uncounted: a batch for each worker.
  CHECK(captioned == 2 * 3 * 20 + 2 + 4);
  CHECK(found[1].way.workers == 2);
  CHECK(two[1]->threads() == 3);
  CHECK(found[0].tokens == 3);
  CHECK(found[0].ms.vision == 2);
  CHECK(found[0].pairs_per_second <= 200);  // of one engine; sleep lasts no less than asked for
  CHECK(found[1].pairs_per_second <= 400);
  CHECK(most_inside == 2);
}

TEST_CASE("a failing engine ends the measurement with its error, and more workers than engines are refused") {
  const std::vector<engine::PixelPair> pairs(4);
  const std::vector<Way> one = {{1, 1}};
  const std::vector<Way> three = {{3, 1}};
  CHECK_THROWS_WITH(measure_throughput(engines(1, true), one, pairs, 2, 1), "no more");
  CHECK_THROWS_AS(measure_throughput(engines(2), three, pairs, 2, 1), UsageError);
}

TEST_CASE("a batch is what was asked for, or what suits, cut so that every worker has two") {
  CHECK(batch_of(5, 16, 1000, 4) == 5);
  CHECK(batch_of(0, 16, 1000, 4) == 16);
  CHECK(batch_of(0, 16, 40, 4) == 5);
  CHECK(batch_of(0, 16, 3, 4) == 1);
  CHECK(batch_of(0, 16, 3, 1) == 16);
  CHECK(batch_of(0, 0, 3, 1) == 1);
}
