// The mean of several checkpoints of one model, which is steadier than any of them: what the last steps of a run move
// to and fro cancels out (Izmailov et al. 2018, arXiv 1803.05407).
#pragma once

#include <filesystem>
#include <vector>

#include "train/checkpoint/checkpoint_writer.h"

namespace ccx::train {

// Writes to `out`, a folder that does not exist yet, a checkpoint whose weights are the means of those in
// `directories`: summed in float64 in the order given, rounded to float32 and then to `dtype`. Configuration and
// tokenizer are those of the first, without what was chosen for its weights (model::kChosenForWeights), in which the
// others may differ. Throws UsageError for no directory or an `out` that an AtomicDirectory refuses, CheckpointError
// naming directory and file where one is not of the first one's model or is damaged.
void average_checkpoints(const std::vector<std::filesystem::path>& directories, const std::filesystem::path& out,
                         SaveDType dtype, bool overwrite);

}  // namespace ccx::train
