// The training loop: from a base checkpoint and data to a run folder.
#pragma once

#include <atomic>

#include "train/run/options.h"

namespace ccx::train {

enum class Outcome {
  kFinished,
  kInterrupted,  // asked to stop; the state is saved and --resume auto goes on from there
};

// Trains as the options say. `stop` is looked at after every step. Called by every rank of a run. Progress goes to
// stderr. Throws UsageError and InputError before work has begun, Error afterwards: loss that is not finite (naming the
// batch), too many bad samples, a rank that was lost, a checkpoint that could not be written.
Outcome train(const TrainOptions& options, const std::atomic<bool>& stop);

}  // namespace ccx::train
