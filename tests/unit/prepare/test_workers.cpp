// How engines and threads divide a CPU.
#include "core/prepare/workers.h"

#include "tests/support/catch.h"

using namespace ccx;
using namespace ccx::prepare;

namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;
constexpr std::size_t kPlenty = 64 * 1024 * kMiB;

void plans(const WorkerWishes& wishes, const WorkerCase& c, int workers, int threads) {
  CAPTURE(wishes.workers, wishes.threads, c.cores, c.bytes_of_a_worker, c.memory, c.large, c.pairs);
  const WorkerPlan plan = plan_workers(wishes, c);
  CHECK(plan.workers == workers);
  CHECK(plan.threads == threads);
}

WorkerCase small(int cores, std::size_t memory = kPlenty, std::size_t each = 50 * kMiB) {
  return {.cores = cores, .memory = memory, .bytes_of_a_worker = each};
}

WorkerCase large(int cores) {
  return {.cores = cores, .memory = kPlenty, .large = true, .bytes_of_a_worker = 600 * kMiB};
}

}  // namespace

TEST_CASE("every core gets a worker of one thread, where memory allows") {
  plans({}, small(1), 1, 1);
  plans({}, small(2), 2, 1);
  plans({}, small(64), 64, 1);
  plans({}, small(8, 4096 * kMiB, 500 * kMiB), 4, 1);  // half of 4 GiB holds four
  plans({}, small(8, 100 * kMiB, 500 * kMiB), 1, 1);   // one runs in any case
}

TEST_CASE("a large model's workers have several threads") {
  plans({}, large(1), 1, 1);
  plans({}, large(2), 1, 2);
  plans({}, large(6), 1, 6);
  plans({}, large(16), 4, 4);
}

TEST_CASE("there are no more workers than pairs, and only a large model's divide the cores") {
  WorkerCase c = small(8);
  c.pairs = 1;
  plans({}, c, 1, 1);
  c.pairs = 3;
  plans({}, c, 3, 1);
  c.pairs = 1000;
  plans({}, c, 8, 1);
  WorkerCase few = large(16);
  few.pairs = 2;
  plans({}, few, 2, 8);
}

TEST_CASE("a wish for workers or threads overrules") {
  plans({3, 0}, small(8), 3, 1);
  plans({3, 0}, large(8), 3, 2);
  plans({0, 4}, small(8), 2, 4);
  plans({0, 16}, small(8), 1, 16);
  plans({4, 4}, small(2), 4, 4);
  plans({1, 0}, large(8), 1, 8);
  plans({5, 0}, small(2, kMiB, 5000 * kMiB), 5, 1);
  plans({0, 1}, large(4), 4, 1);
}

TEST_CASE("a worker's buffers are bounded from the shape of the model") {
  const model::ModelConfig published = model::ModelConfig::preset("0.5b");
  const std::size_t bytes = bytes_of_a_worker(published, 4);
  CHECK(bytes > 200 * kMiB);
  CHECK(bytes < 2000 * kMiB);
  CHECK(bytes_of_a_worker(published, 16) > bytes);
}
