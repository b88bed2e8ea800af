// The training loop: from a base checkpoint and data to a run folder.
#pragma once

#include <atomic>

#include "train/options.h"

namespace ccx::train {

enum class Outcome {
  kFinished,
  kInterrupted,  // asked to stop; the state is saved and --resume auto goes on from there
};

// Trains as the options say. `stop` is looked at after every step. Called by every rank of a run. Progress goes to stderr.
// Throws UsageError and InputError before work has begun, Error afterwards: loss that is not finite (naming the batch),
// too many bad samples, a rank that was lost, a checkpoint that could not be written.
Outcome train(const TrainOptions& options, const std::atomic<bool>& stop);

// One training step of a batch on random pixels, for `ccx bench --train`: forward, backward, clipping, AdamW.
struct StepBenchmark {
  double seconds = 0;         // of the fastest repetition
  double pairs_per_second = 0;
  double flops = 0;           // of products and attention, three forward passes' worth (four with checkpointing)
};
StepBenchmark benchmark_step(const std::string& model, const std::string& device, const std::string& dtype, int batch,
                             int repetitions, int threads, bool checkpointing);

}  // namespace ccx::train
