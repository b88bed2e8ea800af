// The parameter list of a configuration: what the graph reads, and what a published checkpoint carries besides.
#pragma once

#include <map>
#include <string>

#include "core/graph/tensor.h"
#include "core/model/config.h"

namespace ccx::model {

// Every weight the graph reads, found by running it over shapes.
std::map<std::string, Shape> live_parameters(const ModelConfig& config);

// Weights that the reference saves and never uses: mm_cc_projector, norm4, change_for_key_proj, the reduce
// module's cross_attn, tower blocks after the last selected one, post_layernorm. They are kept when training, so that
// the reference can load the result. None where a change head stands instead of the difference module.
std::map<std::string, Shape> dead_parameters(const ModelConfig& config);

// True for tensors that may stand in a checkpoint although they are in neither list: leftovers of a base model or of
// the saving library (image_newline, rotary inv_freq, position_ids, the tower's pooling head, a tied lm_head), and what
// is dead in the reference's layout where a change head stands instead of the difference module.
bool is_ignored_tensor(const std::string& name, const ModelConfig& config);

}  // namespace ccx::model
