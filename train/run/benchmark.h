// Times one training step on random pixels and sets it against what the machine can do. No LibTorch in this header.
#pragma once

#include <cstdint>
#include <string>

#include "core/torch/benchmark.h"

namespace ccx::train {

struct StepBenchmark {
  std::string model, device, dtype;
  int threads = 0, batch = 0;
  bool checkpointing = false;
  int64_t positions = 0;   // a pair's in the language model
  int64_t parameters = 0;  // that learn
  double seconds = 0;      // of the fastest repetition
  double pairs_per_second = 0;
  double flops = 0;        // of products and attention: three forward passes' worth, four with checkpointing
  double achieved = 0;     // FLOP/s
  double peak_flops = 0;   // FLOP/s of large matrix products, the best of bursts taken between the repetitions
  double of_peak = 0;      // achieved / peak_flops
  double peak_memory = 0;  // bytes: the process's largest resident size
};

// Forward, backward, clipping and AdamW of a batch, with all parameters learning as in stages 2 and 3. Throws
// UsageError, CheckpointError.
StepBenchmark benchmark_step(const torch_backend::BenchmarkOptions& options, bool checkpointing);

}  // namespace ccx::train
