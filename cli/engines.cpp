#include "cli/engines.h"

#include "core/base/error.h"
#include "core/lean/engine/lean_engine.h"
#include "core/prepare/loaded_checkpoint.h"
#ifdef CCX_HAS_TORCH
#include "core/torch/make_engines.h"
#endif

namespace ccx::cli {
namespace {

#ifdef CCX_HAS_TORCH
using torch_backend::means_cpu;

std::vector<std::unique_ptr<engine::Engine>> other_engines(const prepare::LoadedCheckpoint& checkpoint,
                                                           const engine::EngineOptions& options) {
  return torch_backend::make_engines(checkpoint, options);
}
#else
bool means_cpu(const std::string& device) {
  if (device == "auto" || device == "cpu") return true;
  throw UsageError("--device " + device + ": this ccx was built without LibTorch, and computes on the CPU alone");
}

std::vector<std::unique_ptr<engine::Engine>> other_engines(const prepare::LoadedCheckpoint& checkpoint,
                                                           const engine::EngineOptions& options) {
  throw UsageError(checkpoint.weights->directory().string() + " with --dtype " + options.dtype +
                   " needs LibTorch, without which this ccx was built: what it captions with are convolutional models "
                   "with a small language model, such as the default one, in int8");
}
#endif

}  // namespace

std::vector<std::unique_ptr<engine::Engine>> make_engines(const engine::EngineOptions& options) {
  const bool is_on_cpu = means_cpu(options.device);
  prepare::LoadedCheckpoint checkpoint = prepare::load(options);
  const int stored_bits = checkpoint.weights->stored_bits();
  if (is_on_cpu && lean::can_caption(checkpoint.weights->config(), options.dtype, stored_bits)) {
    return lean::make_engines(std::move(checkpoint), options);
  }
  return other_engines(checkpoint, options);
}

}  // namespace ccx::cli
