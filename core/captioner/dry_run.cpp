// What a run would meet, without a model (dry_run.h).
#include "core/captioner/dry_run.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "core/captioner/reader.h"
#include "core/records/record.h"

namespace ccx::captioner {
namespace {

constexpr std::size_t kChunk = 64;  // pairs checked before their lines come out

}  // namespace

DryRunSummary dry_run(const Selection& selection, const ReadingOptions& reading, std::size_t readers,
                      const std::function<void(const std::string&)>& line, const std::function<bool()>& should_stop) {
  DryRunSummary summary;
  const std::vector<pairs::Pair>& pairs = selection.pairs;
  for (std::size_t first = 0; first < pairs.size(); first += kChunk) {
    if (should_stop()) {
      summary.interrupted = true;
      return summary;
    }
    const std::size_t count = std::min(kChunk, pairs.size() - first);
    std::vector<LoadedPair> checked(count);
    std::atomic<std::size_t> next{0};
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < std::min(reader_count(readers), count); ++i) {
      threads.emplace_back([&] {
        for (std::size_t at = next++; at < count; at = next++) checked[at] = check_pair(pairs[first + at], reading);
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (std::size_t i = 0; i < count; ++i) {
      const pairs::Pair& pair = pairs[first + i];
      ++summary.pairs;
      summary.failing += checked[i].failure ? 1 : 0;
      summary.aligned += checked[i].reading.aligned ? 1 : 0;
      for (const image::PairWarning& warning : checked[i].reading.warnings) {
        ++summary.warnings[image::warning_name(warning.code)];
      }
      line(checked[i].failure ? records::error_record(pair, *checked[i].failure)
                              : records::pair_record(pair, &checked[i].reading));
    }
  }
  return summary;
}

}  // namespace ccx::captioner
