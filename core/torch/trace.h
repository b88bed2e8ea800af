// Every named intermediate tensor of one pair, for comparison with another implementation. No LibTorch in this header.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/graph/tensor.h"
#include "core/image/image.h"

namespace ccx::torch_backend {

// A tensor on the host: float32 values, or ids.
struct TracedTensor {
  std::string name;
  Shape shape;
  std::vector<float> values;
  std::vector<int64_t> ids;  // instead of values, for token ids
};

struct TraceOptions {
  std::string device = "auto";
  std::string dtype = "fp32";
  int threads = 0;
  int max_new_tokens = 32;
};

// Runs one pair and returns, in the order they arise: pixel_values, vit.*, cc.*, projector.*, lm.inputs_embeds,
// lm.hidden.*, lm.logits and lm.logits_last, gen.* (greedy, with the repetition penalty of generation_config.json;
// scores after it) and gen_nopen.* (greedy without). The tower's dead block is traced where the checkpoint holds it.
// Throws CheckpointError, UsageError.
std::vector<TracedTensor> trace_pair(const std::filesystem::path& model, const image::Image& before,
                                     const image::Image& after, const TraceOptions& options);

}  // namespace ccx::torch_backend
