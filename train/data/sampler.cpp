#include "train/data/sampler.h"

#include <algorithm>

#include "core/base/random.h"

namespace ccx::train {
namespace {

constexpr int64_t kSceneSentences = 5;

// The order of the epoch asked for last, by (count, seed): a permutation costs more than a batch's look-ups.
std::vector<int64_t> slice_of_permutation(int64_t count, uint64_t seed, int64_t begin, int64_t end) {
  thread_local struct {
    int64_t count = -1;
    uint64_t seed = 0;
    std::vector<int64_t> order;
  } kept;
  if (kept.count != count || kept.seed != seed) {
    kept.order = permutation(count, seed);
    kept.count = count;
    kept.seed = seed;
  }
  return {kept.order.begin() + begin, kept.order.begin() + end};
}

}  // namespace

Sampler::Sampler(const std::vector<PairItem>& items, const SamplerOptions& options) : options_(options) {
  for (size_t i = 0; i < items.size(); ++i) {
    const int64_t captions = items[i].scene_seed ? kSceneSentences : static_cast<int64_t>(items[i].captions.size());
    if (options_.captions == Captions::kRandomChoice) {
      samples_.push_back({static_cast<int64_t>(i), -1, captions});
    } else if (options_.captions == Captions::kFirst) {
      samples_.push_back({static_cast<int64_t>(i), 0, captions});
    } else {
      for (int64_t caption = 0; caption < captions; ++caption) {
        samples_.push_back({static_cast<int64_t>(i), caption, captions});
      }
    }
  }
}

std::vector<Visit> Sampler::micro_batch(int64_t epoch, int64_t index) const {
  const uint64_t epoch_seed = derive_seed(options_.seed, static_cast<uint64_t>(epoch));
  const int64_t begin = std::min(samples(), index * options_.batch);
  const int64_t end = std::min(samples(), begin + options_.batch);
  std::vector<int64_t> order;
  if (options_.shuffle) {
    order = slice_of_permutation(samples(), epoch_seed, begin, end);
  } else {
    for (int64_t i = begin; i < end; ++i) order.push_back(i);
  }
  std::vector<Visit> visits;
  for (const int64_t at : order) {
    const Sample& sample = samples_[static_cast<size_t>(at)];
    Random random(derive_seed(epoch_seed, static_cast<uint64_t>(at) + (uint64_t{1} << 40)));
    const auto choice = static_cast<int64_t>(random.below(static_cast<uint64_t>(sample.captions)));
    visits.push_back({sample.item, sample.caption < 0 ? choice : sample.caption, random.next()});
  }
  return visits;
}

}  // namespace ccx::train
