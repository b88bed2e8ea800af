// Qwen2's part of a config.json.
#pragma once

#include "core/model/config.h"
#include "core/model/json_reader.h"

namespace ccx::model {

// Takes what transformers' configuration class of Qwen2 takes where a key is absent. Throws CheckpointError for sizes
// that are missing or impossible, and for what ccx does not compute: scaled or partial rotary positions, windows of
// attention, another activation.
void read_text(const JsonReader& root, TextConfig& text);

}  // namespace ccx::model
