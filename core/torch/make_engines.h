// The way in to captioning with LibTorch. No LibTorch in this header.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "core/prepare/loaded_checkpoint.h"

namespace ccx::torch_backend {

// One engine a device (several for cuda:all, and for a CPU as many as pay), of equal dtype and image size. Throws
// UsageError for a device that is not there, CheckpointError for a model that would not load.
std::vector<std::unique_ptr<engine::Engine>> make_engines(const engine::EngineOptions& options);
// Of a checkpoint that is open already.
std::vector<std::unique_ptr<engine::Engine>> make_engines(const prepare::LoadedCheckpoint& checkpoint,
                                                          const engine::EngineOptions& options);

// Whether --device NAME comes to the CPU here. Throws UsageError as make_engines().
bool means_cpu(const std::string& device);

}  // namespace ccx::torch_backend
