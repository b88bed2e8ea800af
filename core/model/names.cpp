#include "core/model/names.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "core/model/parts.h"

namespace ccx::model {
namespace {

bool contains(std::string_view name, std::initializer_list<std::string_view> any) {
  return std::any_of(any.begin(), any.end(), [&](std::string_view one) { return name.find(one) != name.npos; });
}

}  // namespace

bool is_bias(const std::string& name) {
  return name.ends_with("bias");
}

bool is_layer_norm(const std::string& name) {
  const bool of_tower = contains(name, {".layer_norm1.", ".layer_norm2.", ".post_layernorm."});
  return of_tower || (contains(name, {"vision_resampler"}) && contains(name, {".norm"}));
}

bool is_table(const std::string& name) {
  return contains(name, {"embed_tokens", "flag_embed", "position_embedding"});
}

bool is_place_table(const std::string& name) {
  return name.ends_with("position_embedding.weight");
}

bool is_patch_filter(const std::string& name) {
  return name.ends_with("patch_embedding.weight");
}

bool is_joined_projection(const std::string& name) {
  return name.ends_with("in_proj_weight");
}

bool is_unused_projector(const std::string& name) {
  return contains(name, {"mm_cc_projector"});
}

bool is_language_attention(const std::string& name) {
  return part_of(name) == Part::kLanguage && contains(name, {".self_attn."});
}

bool is_gate(const std::string& name) {
  return contains(name, {".linear_mapping", ".feature_map_level_gate."});
}

bool is_told_context(const std::string& name) {
  return contains(name, {"change_head.context", "change_head.summary", "change_head.cover"});
}

bool is_added_context(const std::string& name) {
  return name == "change_head.context.weight" || name == "change_head.summary.weight" ||
         name == "change_head.cover_context.weight";
}

bool is_kinds_bias(const std::string& name) {
  return name == "change_head.kinds.bias";
}

}  // namespace ccx::model
