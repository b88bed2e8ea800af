#include "cli/engines.h"

#include "core/torch/make_engines.h"

namespace ccx::cli {

std::vector<std::unique_ptr<engine::Engine>> make_engines(const engine::EngineOptions& options) {
  return torch_backend::make_engines(options);
}

}  // namespace ccx::cli
