// Which samples make which micro-batch: a function of the seed, the epoch and the position alone.
#pragma once

#include <cstdint>
#include <vector>

#include "train/data/pair_item.h"

namespace ccx::train {

// How captions become samples.
enum class Captions {
  kFlatten,       // one sample a caption (stages 1 and 2)
  kRandomChoice,  // one sample a pair, with one of its captions at every visit (stage 3)
  kFirst,         // one sample a pair, with the first of its captions: what is usually said of a drawn scene
};

// One visit to a pair: its index among the items, the caption to learn, and a seed for augmentation.
struct Visit {
  int64_t item = 0;
  int64_t caption = 0;  // among the item's captions; for a drawn pair modulo its number of sentences
  uint64_t seed = 0;
};

struct SamplerOptions {
  Captions captions = Captions::kRandomChoice;
  int64_t batch = 1;  // pairs a micro-batch
  bool shuffle = true;
  uint64_t seed = 42;
};

// Micro-batches of an epoch are numbered; which device takes which is decided elsewhere, so that the same global batch
// gives the same loss curve on any number of devices.
class Sampler {
 public:
  Sampler(const std::vector<PairItem>& items, const SamplerOptions& options);

  int64_t samples() const { return static_cast<int64_t>(samples_.size()); }  // of an epoch
  int64_t micro_batches() const { return (samples() + options_.batch - 1) / options_.batch; }
  // Every sample is in exactly one micro-batch of an epoch; the last may be short. Thread-safe.
  std::vector<Visit> micro_batch(int64_t epoch, int64_t index) const;

 private:
  struct Sample {
    int64_t item;
    int64_t caption;  // -1: chosen at every visit
    int64_t captions;
  };
  SamplerOptions options_;
  std::vector<Sample> samples_;
};

}  // namespace ccx::train
