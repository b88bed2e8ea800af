// A checkpoint's weights in 8 or 4 bits, as another checkpoint.
#pragma once

#include <cstdint>
#include <filesystem>

namespace ccx::train {

struct QuantisedSizes {
  int64_t before = 0, after = 0;  // bytes of weight files
};

// Writes `model` to `out` with the weights of products in 8 bits or 4 (model/quantisation.h names them; a weight that
// may not have 4 has 8, and tables have 8) and the rest as it is stored. Without what the graph never reads: such a
// checkpoint is for captioning. One tensor of the model and one shard of the result are in memory at a time. Throws
// UsageError, CheckpointError.
QuantisedSizes quantise_checkpoint(const std::filesystem::path& model, const std::filesystem::path& out, int bits,
                                   bool overwrite);

}  // namespace ccx::train
