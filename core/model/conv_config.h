// Reads and writes what config.json says about a convolutional tower and a change head.
#pragma once

#include <nlohmann/json.hpp>

#include "core/model/config.h"
#include "core/model/json_reader.h"

namespace ccx::model {

// Whether a `mm_vision_config` is of a convolutional tower. Throws CheckpointError for a `model_type` that is unknown.
bool is_conv_tower(const JsonReader& in);
VisionConfig read_conv_tower(const JsonReader& in);

// "none", "context", "gate", "both", "instead"; nothing for another name.
std::optional<ChangeHeadConfig::Feed> feed_from_name(const std::string& name);
// The key `change_head`, after vision has been read.
void read_change_head(const JsonReader& root, ModelConfig& config);
// After the head: a difference module reads every stride of the tower as tokens on one grid, by averaging or doubling,
// so they lie a power of two apart. A head alone may have any grid that divides its map.
void check_token_stride(const JsonReader& root, const ModelConfig& config);
nlohmann::ordered_json change_head_json(const ChangeHeadConfig& head);
// The key `p_change_fit`, after the head.
void read_p_change_fit(const JsonReader& root, ModelConfig& config);
nlohmann::ordered_json p_change_fit_json(const model::ChangeFit& fit);

}  // namespace ccx::model
