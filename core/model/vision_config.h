// The tower's part of a config.json, and how pictures enter the model.
#pragma once

#include "core/model/config.h"
#include "core/model/json_reader.h"

namespace ccx::model {

// The tower and the levels that are read of it, SigLIP's where nothing is said. Throws CheckpointError for a tower that
// ccx does not compute.
void read_vision(const JsonReader& root, VisionConfig& vision);

// Of a model with a difference module. Throws CheckpointError for pictures that are padded, cut, marked or read at
// several scales.
void check_picture_keys(const JsonReader& root);

}  // namespace ccx::model
