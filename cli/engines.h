// Where `ccx caption` gets its engines from: LibTorch (engines.cpp), or what a test links in its place.
#pragma once

#include <memory>
#include <vector>

#include "core/engine/engine.h"

namespace ccx::cli {

// As torch_backend::make_engines().
std::vector<std::unique_ptr<engine::Engine>> make_engines(const engine::EngineOptions& options);

}  // namespace ccx::cli
