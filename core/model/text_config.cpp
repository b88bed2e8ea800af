#include "core/model/text_config.h"

#include <nlohmann/json.hpp>

namespace ccx::model {
namespace {

using Json = nlohmann::json;
using Reader = JsonReader;

constexpr float kDefaultRopeTheta = 1e4f;

// Keys that ask for rotary positions scaled to longer contexts; "default" means that they are not.
void require_no_scaling(const Reader& root, const char* key) {
  if (!root.raw(key).is_object()) throw root.error(key, "must be an object");
  const Reader in = root.child(key);
  for (const char* name : {"rope_type", "type"}) {
    std::string type = "default";
    in.text(name, type);
    if (type != "default") {
      throw in.error(name, "is \"" + type + "\"; ccx computes plain rotary positions (\"default\") only");
    }
  }
  for (const auto& [name, value] : root.raw(key).items()) {
    const bool known = name == "rope_type" || name == "type" || name == "rope_theta";
    if (known || value.is_null() || (value.is_number() && value == 1)) continue;
    throw in.error(name, "is set; ccx computes plain rotary positions only");
  }
}

// rope_theta stands at the top, or since transformers 5 in rope_parameters. Where it stands nowhere it is what
// transformers' configuration class of Qwen2 takes, not what Qwen2's published models have.
void read_rotary(const Reader& root, TextConfig& text) {
  text.rope_theta = kDefaultRopeTheta;
  root.number("rope_theta", text.rope_theta);
  if (root.has("rope_scaling")) require_no_scaling(root, "rope_scaling");
  if (!root.has("rope_parameters")) return;
  require_no_scaling(root, "rope_parameters");
  const Reader in = root.child("rope_parameters");
  const float above = text.rope_theta;
  in.number("rope_theta", text.rope_theta);
  if (root.has("rope_theta") && in.has("rope_theta") && above != text.rope_theta) {
    throw in.error("rope_theta", "is not the \"rope_theta\" above it; which one holds?");
  }
}

void read_attention_window(const Reader& root, const TextConfig& text) {
  bool sliding = false;
  root.boolean("use_sliding_window", sliding);
  if (sliding) {
    int window = 4096;
    root.integer("sliding_window", window, 1, 1 << 30);
    // As wide as the context, it hides nothing. max_window_layers does not count: which layers it means changed between
    // versions of transformers.
    if (window < text.max_position_embeddings) {
      throw root.error("use_sliding_window", "is true; ccx attends to the whole context only");
    }
  }
  if (!root.has("layer_types")) return;
  if (!root.raw("layer_types").is_array()) throw root.error("layer_types", "must be a list");
  for (const Json& type : root.raw("layer_types")) {
    if (type != "full_attention") {
      throw root.error("layer_types", "holds " + type.dump() + "; ccx attends to the whole context only");
    }
  }
}

}  // namespace

void read_text(const JsonReader& root, TextConfig& text) {
  root.integer("hidden_size", text.hidden_size, 1, kMaxWidth, true);
  root.integer("intermediate_size", text.intermediate_size, 1, kMaxWidth, true);
  root.integer("num_hidden_layers", text.num_hidden_layers, 1, kMaxLayers, true);
  root.integer("num_attention_heads", text.num_attention_heads, 1, kMaxLayers, true);
  text.num_key_value_heads = text.num_attention_heads;
  root.integer("num_key_value_heads", text.num_key_value_heads, 1, kMaxLayers);
  root.integer("vocab_size", text.vocab_size, 1, 1 << 24, true);
  root.integer("max_position_embeddings", text.max_position_embeddings, 1, 1 << 24);
  read_rotary(root, text);
  root.number("rms_norm_eps", text.rms_norm_eps);
  text.tie_word_embeddings = false;  // the default of the Qwen2 configuration class
  root.boolean("tie_word_embeddings", text.tie_word_embeddings);
  if (text.hidden_size % text.num_attention_heads != 0 || text.head_dim() % 2 != 0) {
    throw root.error("num_attention_heads", "does not split hidden_size into even heads");
  }
  if (text.num_attention_heads % text.num_key_value_heads != 0) {
    throw root.error("num_key_value_heads", "does not divide num_attention_heads");
  }
  std::string activation = "silu";
  root.text("hidden_act", activation);
  if (activation != "silu" && activation != "swish") {
    throw root.error("hidden_act", "is \"" + activation + "\"; ccx computes Qwen2's \"silu\"");
  }
  int head_dim = text.head_dim();
  root.integer("head_dim", head_dim, 1, kMaxWidth);
  if (head_dim != text.head_dim()) throw root.error("head_dim", "is not hidden_size / num_attention_heads");
  read_attention_window(root, text);
  float rotated = 1;
  root.number("partial_rotary_factor", rotated);
  if (rotated != 1) throw root.error("partial_rotary_factor", "is not 1; ccx turns whole heads");
}

}  // namespace ccx::model
