#include "core/model/config.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/no_change.h"
#include "core/model/config_keys.h"
#include "core/model/conv_config.h"
#include "core/model/json_reader.h"
#include "core/model/quantised_tensors.h"
#include "core/model/text_config.h"
#include "core/model/vision_config.h"

namespace ccx::model {
namespace {

using Json = nlohmann::json;
using Reader = JsonReader;

// A LLaVA-OneVision model has no resampler, said by a null or left unsaid.
bool has_difference_module(const Reader& root) {
  if (root.has("mm_resampler_type")) return true;
  if (root.is_null("mm_resampler_type")) return false;
  std::string type;
  root.text("model_type", type);
  return root.has("cc_expert_args") || type.empty() || type.find("_cc") != std::string::npos;
}

void read_difference(const Reader& root, const VisionConfig& vision, DifferenceConfig& difference) {
  difference.present = has_difference_module(root);
  if (!difference.present) {
    difference.embedding_dim = vision.hidden_size;
    difference.mlp_dim = 4 * vision.hidden_size;
    return;
  }
  std::string type = "cc_expert";
  root.text("mm_resampler_type", type);
  if (type != "cc_expert") {
    throw root.error("mm_resampler_type", "is \"" + type + "\"; ccx runs CCExpert models (\"cc_expert\")");
  }
  if (root.has("cc_expert_args")) {
    const Reader in = root.child("cc_expert_args");
    int ratio = 1;
    in.integer("downsample_ratio", ratio, 1, 1);
    int rate = 1;
    in.integer("attention_upsample_rate", rate, 1, 1);
    in.integer("embedding_dim", difference.embedding_dim, 1, kMaxWidth);
    in.integer("mlp_dim", difference.mlp_dim, 1, kMaxWidth);
    in.integer("per_expert_depth", difference.depth, 1, kMaxLayers);
    if (in.has("activation")) throw in.error("activation", "is set; ccx computes the module's GELU only");
  }
  if (difference.embedding_dim != vision.hidden_size) {
    throw root.error("cc_expert_args.embedding_dim", "is " + std::to_string(difference.embedding_dim) +
                                                         ", but the tower is " + std::to_string(vision.hidden_size) +
                                                         " wide");
  }
  if (difference.embedding_dim % 4 != 0 || difference.heads() == 0 ||
      difference.embedding_dim % difference.heads() != 0) {
    throw root.error("cc_expert_args.embedding_dim",
                     "is " + std::to_string(difference.embedding_dim) +
                         "; the module needs a width of 128 or more that divides by 4 and by its width / 128 heads");
  }
}

// Layouts and kinds of models that ccx does not read, told by the keys that only they have.
void refuse_other_kinds(const Reader& root) {
  const bool is_read = root.has("quantization_config") && is_read_quantisation(root.raw("quantization_config").dump());
  if (!is_read && (root.has("quantization_config") || root.has("compression_config"))) {
    const char* key = root.has("quantization_config") ? "quantization_config" : "compression_config";
    std::string method = "unknown method";
    if (root.raw(key).is_object()) root.child(key).text("quant_method", method);
    throw root.error(key, "says that the weights are quantised (" + method +
                              "), which ccx does not read; take the model in float16, bfloat16 or float32 that it was "
                              "made from, and quantise that with ccx quantize");
  }
  if (root.has("text_config") || root.has("llm_config")) {
    throw root.error(root.has("text_config") ? "text_config" : "llm_config",
                     "is the layout of Hugging Face transformers' own models; ccx reads the one in which CCExpert and "
                     "lmms-lab's LLaVA-OneVision are published, with hidden_size and its like at the top");
  }
  std::string type;
  root.text("model_type", type);
  const bool is_ours = root.has("mm_vision_tower") || root.has("mm_resampler_type") || root.has("mm_vision_config") ||
                       root.has("mm_projector_type");
  const bool is_ours_by_type = type.empty() || type.rfind("llava", 0) == 0;
  if (!is_ours && !is_ours_by_type) {
    throw root.error("model_type", "is \"" + type + "\": not a CCExpert or LLaVA-OneVision model with a Qwen2 inside");
  }
}

}  // namespace

int VisionConfig::needed_layers() const {
  if (select_layers.empty()) return 0;
  return *std::max_element(select_layers.begin(), select_layers.end());
}

ModelConfig ModelConfig::from_json(std::string_view text, const std::string& source) {
  const Json json = parsed_config(text, source);
  if (!json.is_object()) {
    throw CheckpointError(source + " must hold a JSON object, and holds " +
                          (json.is_array() ? "a list" : json.type_name()) + ": it is no model's configuration");
  }
  if (json.contains("error") && !json.contains("hidden_size")) {
    throw CheckpointError(source + " is no configuration but a server's answer, \"error\": " +
                          json["error"].dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 80) +
                          "; download the file again");
  }

  ModelConfig config;
  const Reader root(json, source);
  refuse_other_kinds(root);
  read_text(root, config.text);
  read_vision(root, config.vision);
  read_difference(root, config.vision, config.difference);
  if (config.difference.present) check_picture_keys(root);
  read_change_head(root, config);
  check_token_stride(root, config);
  config.quantised = root.has("quantization_config");
  root.text("dtype", config.torch_dtype);  // its name since transformers 5
  root.text("torch_dtype", config.torch_dtype);
  std::string merge = "flat";
  root.text("mm_projector_type", merge);
  if (root.has("mm_projector_type") && merge != "mlp2x_gelu") {
    throw root.error("mm_projector_type", "is \"" + merge + "\"; CCExpert uses \"mlp2x_gelu\"");
  }

  config.no_change_sentences = levir_cc_no_change_sentences();
  const char* key = "no_change_sentences";
  if (root.has(key)) {
    config.no_change_sentences.clear();
    if (!root.raw(key).is_array()) throw root.error(key, "must be a list of strings");
    for (const Json& entry : root.raw(key)) {
      if (!entry.is_string()) throw root.error(key, "must be a list of strings");
      config.no_change_sentences.push_back(entry.get<std::string>());
    }
  }
  root.share(kMinPChangeKey, config.min_p_change);
  read_p_change_fit(root, config);
  const auto& sentences = config.no_change_sentences;
  if (config.min_p_change > 0 && std::all_of(sentences.begin(), sentences.end(), [](auto& s) { return s.empty(); })) {
    throw root.error(kMinPChangeKey, "needs a sentence in \"no_change_sentences\"");
  }
  return config;
}

ModelConfig ModelConfig::preset(const std::string& name) {
  ModelConfig config;
  config.no_change_sentences = levir_cc_no_change_sentences();
  if (name == "0.5b") return config;  // the defaults of the structs
  if (name == "7b") {
    config.text.hidden_size = 3584;
    config.text.intermediate_size = 18944;
    config.text.num_hidden_layers = 28;
    config.text.num_attention_heads = 28;
    config.text.num_key_value_heads = 4;
    config.text.vocab_size = 152064;
    config.text.tie_word_embeddings = false;
    return config;
  }
  throw UsageError("unknown model shape \"" + name + "\": choose 0.5b or 7b");
}

std::string ModelConfig::to_json() const {
  const int states = vision.num_hidden_layers + 1;
  std::string levels = "[";
  for (size_t i = 0; i < vision.select_layers.size(); ++i) {
    levels += (i == 0 ? "" : ",") + std::to_string(vision.select_layers[i] - states);
  }
  levels += "]";
  nlohmann::ordered_json json = {{"architectures", {"LlavaQwenCCForCausalLM"}},
                                 {"model_type", "llava_qwen_cc"},
                                 {"torch_dtype", torch_dtype},
                                 {"hidden_size", text.hidden_size},
                                 {"intermediate_size", text.intermediate_size},
                                 {"num_hidden_layers", text.num_hidden_layers},
                                 {"num_attention_heads", text.num_attention_heads},
                                 {"num_key_value_heads", text.num_key_value_heads},
                                 {"vocab_size", text.vocab_size},
                                 {"max_position_embeddings", text.max_position_embeddings},
                                 {"rope_theta", text.rope_theta},
                                 {"rms_norm_eps", text.rms_norm_eps},
                                 {"tie_word_embeddings", text.tie_word_embeddings},
                                 {"hidden_act", "silu"},
                                 {"use_sliding_window", false},
                                 {"mm_vision_tower", "google/siglip-so400m-patch14-384"},
                                 {"mm_vision_config",
                                  {{"hidden_size", vision.hidden_size},
                                   {"intermediate_size", vision.intermediate_size},
                                   {"num_hidden_layers", vision.num_hidden_layers},
                                   {"num_attention_heads", vision.num_attention_heads},
                                   {"image_size", vision.image_size},
                                   {"patch_size", vision.patch_size}}},
                                 {"mm_vision_select_layer", levels},
                                 {"mm_vision_select_feature", "patch"},
                                 {"mm_hidden_size", vision.hidden_size},
                                 {"mm_resampler_type", "cc_expert"},
                                 {"cc_expert_args",
                                  {{"downsample_ratio", 1},
                                   {"per_expert_depth", difference.depth},
                                   {"embedding_dim", difference.embedding_dim},
                                   {"mlp_dim", difference.mlp_dim}}},
                                 {"mm_projector_type", "mlp2x_gelu"},
                                 {"mm_patch_merge_type", "flat"},
                                 {"image_aspect_ratio", "square"},
                                 {"mm_use_im_start_end", false},
                                 {"mm_use_im_patch_token", false},
                                 {"use_mm_proj", true},
                                 {"use_cache", true},
                                 {"tokenizer_padding_side", "right"},
                                 {"tokenizer_model_max_length", text.max_position_embeddings},
                                 {"no_change_sentences", no_change_sentences}};
  if (vision.conv) {
    json["mm_vision_tower"] = "inverted_residuals";
    json["mm_vision_config"] = nlohmann::ordered_json::parse(conv_tower_json(vision));
    json.erase("mm_vision_select_layer");
  }
  if (change_head) json["change_head"] = change_head_json(*change_head);
  if (p_change_fit) json[kChangeFitKey] = p_change_fit_json(*p_change_fit);
  if (min_p_change > 0) json[kMinPChangeKey] = std::round(1e6 * static_cast<double>(min_p_change)) / 1e6;
  return json.dump(2) + "\n";
}

}  // namespace ccx::model
