// What a weight is, by its name in a checkpoint: the one place, with parts.h, that knows the layers by name. A layer's
// scope is told like its weights.
#pragma once

#include <string>

namespace ccx::model {

// The embeddings of tokens, [vocab_size, hidden_size]; of a tied model the head too.
inline constexpr const char* kTokenTable = "model.embed_tokens.weight";
// The head of a model that has one of its own.
inline constexpr const char* kOwnHead = "lm_head.weight";
// The first layer of a convolutional tower.
inline constexpr const char* kConvStem = "model.vision_tower.vision_tower.stem.weight";
// The first product of the language model.
inline constexpr const char* kFirstQuery = "model.layers.0.self_attn.q_proj.weight";
// In every checkpoint that has a difference module.
inline constexpr const char* kDifferenceProjection =
    "model.vision_resampler.expert_change_feature_extractor_model.proj.weight";

bool is_bias(const std::string& name);
// A LayerNorm of the tower or the difference module. The RMSNorms of the language model are none.
bool is_layer_norm(const std::string& name);
// A table of which rows are picked and not multiplied: of tokens, of places, of the difference module's flags.
bool is_table(const std::string& name);
bool is_place_table(const std::string& name);
// The convolution that cuts pictures into patches.
bool is_patch_filter(const std::string& name);
// Queries, keys and values in one weight.
bool is_joined_projection(const std::string& name);
// The projector that the reference saves and never uses.
bool is_unused_projector(const std::string& name);
// A product of the language model's attention.
bool is_language_attention(const std::string& name);
// A gate of the difference module.
bool is_gate(const std::string& name);
// A layer by which the change head tells the language model something, or says what covers the ground.
bool is_told_context(const std::string& name);
// Of those the weights whose output is added to the images' features.
bool is_added_context(const std::string& name);
// What the change head starts from for each kind of change.
bool is_kinds_bias(const std::string& name);

}  // namespace ccx::model
