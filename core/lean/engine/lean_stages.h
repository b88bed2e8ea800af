// What `ccx bench` times of the lean engine.
#pragma once

#include "core/prepare/loaded_checkpoint.h"
#include "core/prepare/stages.h"

namespace ccx::lean {

// On drawn pictures, one thread. Throws as LeanEngine.
prepare::Stages stages_of(const prepare::LoadedCheckpoint& checkpoint);

}  // namespace ccx::lean
