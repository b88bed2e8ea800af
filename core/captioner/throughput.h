// How many pairs a second engines caption side by side.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "core/engine/engine.h"

namespace ccx::captioner {

// A way to use a CPU: so many of the engines at once, each with so many threads.
struct Way {
  std::size_t workers = 1;
  int threads = 1;
};

struct Throughput {
  Way way;
  double pairs_per_second = 0;  // of the fastest repetition
  double tokens = 0;            // a caption's mean
  engine::StageTimes ms;        // a pair's mean in the fastest repetition, as its record would tell
};

// Captions `pairs` in batches of `batch` by each of the ways, all of them once in every repetition, so that what else
// the machine does meets each alike; once before, uncounted, for buffers. Reading pictures is no part of it. A way may
// not want more workers than there are engines. Throws what the engines throw.
std::vector<Throughput> measure_throughput(std::span<const std::unique_ptr<engine::Engine>> engines,
                                           std::span<const Way> ways, std::span<const engine::PixelPair> pairs,
                                           std::size_t batch, int repetitions);

}  // namespace ccx::captioner
