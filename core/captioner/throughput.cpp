#include "core/captioner/throughput.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <numeric>
#include <thread>

#include "core/base/error.h"

namespace ccx::captioner {
namespace {

struct Totals {
  std::size_t pairs = 0;
  std::size_t tokens = 0;
  engine::StageTimes ms;

  void add(const std::vector<engine::Caption>& captions) {
    for (const engine::Caption& caption : captions) {
      ++pairs;
      tokens += caption.ids.size();
      ms.vision += caption.ms.vision;
      ms.prefill += caption.ms.prefill;
      ms.decode += caption.ms.decode;
    }
  }
};

// One repetition of one way.
Throughput run(std::span<const std::unique_ptr<engine::Engine>> engines, const Way& way,
               std::span<const engine::PixelPair> pairs, std::size_t batch) {
  std::vector<uint64_t> keys(pairs.size());
  std::iota(keys.begin(), keys.end(), 0);
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;  // of the two below
  Totals totals;
  std::exception_ptr failure;
  const auto work = [&](engine::Engine& engine) {
    try {
      for (std::size_t first = next.fetch_add(batch); first < pairs.size(); first = next.fetch_add(batch)) {
        const std::size_t count = std::min(batch, pairs.size() - first);
        const std::vector<engine::Caption> captions =
            engine.caption(pairs.subspan(first, count), std::span(keys).subspan(first, count));
        const std::lock_guard lock(mutex);
        totals.add(captions);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  const auto started = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < way.workers; ++i) {
    engines[i]->set_threads(way.threads);
    threads.emplace_back([&, i] { work(*engines[i]); });
  }
  for (std::thread& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  const auto count = static_cast<double>(std::max<std::size_t>(totals.pairs, 1));
  return {way,
          static_cast<double>(totals.pairs) / seconds,
          static_cast<double>(totals.tokens) / count,
          {totals.ms.vision / count, totals.ms.prefill / count, totals.ms.decode / count}};
}

}  // namespace

std::vector<Throughput> measure_throughput(std::span<const std::unique_ptr<engine::Engine>> engines,
                                           std::span<const Way> ways, std::span<const engine::PixelPair> pairs,
                                           std::size_t batch, int repetitions) {
  batch = std::max<std::size_t>(batch, 1);
  for (const Way& way : ways) {
    if (way.workers < 1 || way.workers > engines.size()) throw UsageError("a way of more workers than engines");
  }
  std::vector<Throughput> best(ways.size());
  for (int repetition = 0; repetition <= repetitions; ++repetition) {
    for (std::size_t i = 0; i < ways.size(); ++i) {
      const std::span<const engine::PixelPair> some =
          repetition > 0 ? pairs : pairs.first(std::min(pairs.size(), batch * ways[i].workers));
      const Throughput found = run(engines, ways[i], some, batch);
      if (repetition > 0 && found.pairs_per_second > best[i].pairs_per_second) best[i] = found;
    }
  }
  return best;
}

}  // namespace ccx::captioner
