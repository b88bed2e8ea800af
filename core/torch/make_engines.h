// The way in to captioning with LibTorch. No LibTorch in this header.
#pragma once

#include <memory>
#include <vector>

#include "core/engine/engine.h"

namespace ccx::torch_backend {

// One engine a device (several for cuda:all, and for a CPU as many as pay), of equal dtype and image size. Throws
// UsageError for a device that is not there, CheckpointError for a model that would not load.
std::vector<std::unique_ptr<engine::Engine>> make_engines(const engine::EngineOptions& options);

}  // namespace ccx::torch_backend
