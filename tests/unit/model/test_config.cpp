#include "core/model/config.h"

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "tests/support/catch.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

using namespace ccx;
using model::ModelConfig;

namespace {

nlohmann::json published_config() {
  // The keys of a published 0.5B config.json that matter; it does not describe the tower.
  return {{"hidden_size", 896},
          {"intermediate_size", 4864},
          {"num_hidden_layers", 24},
          {"num_attention_heads", 14},
          {"num_key_value_heads", 2},
          {"vocab_size", 151936},
          {"tie_word_embeddings", true},
          {"mm_vision_select_layer", "[-11,-8,-5,-2]"},
          {"mm_resampler_type", "cc_expert"},
          {"cc_expert_args", {{"downsample_ratio", 1}, {"per_expert_depth", 2}}}};
}

void refused(const char* key, const nlohmann::json& value, const std::string& message) {
  nlohmann::json json = published_config();
  json[key] = value;
  INFO(key << " = " << value.dump());
  CHECK_THROWS_AS(ModelConfig::from_json(json.dump(), "config.json"), CheckpointError);
  CHECK_THROWS_WITH(ModelConfig::from_json(json.dump(), "config.json"),
                    test::contains("config.json") && test::contains(key) && test::contains(message));
}

}  // namespace

TEST_CASE("a published config gets the sizes it leaves implicit") {
  const ModelConfig config = ModelConfig::from_json(published_config().dump(), "config.json");
  CHECK(config.vision.hidden_size == 1152);
  CHECK(config.vision.tokens() == 729);
  CHECK(config.vision.select_layers == std::vector<int>{17, 20, 23, 26});
  CHECK(config.vision.needed_layers() == 26);
  CHECK(config.difference.heads() == 9);
  CHECK(config.difference.mlp_dim == 4608);
  CHECK(config.text.rope_theta == 1e4f);  // of transformers' Qwen2Config
  CHECK(config.text.rms_norm_eps == 1e-6f);
  CHECK(config.text.max_position_embeddings == 32768);
  CHECK(config.no_change_sentences.size() == 5);
}

TEST_CASE("a configuration written reads back the same") {
  for (const char* name : {"0.5b", "7b"}) {
    const ModelConfig config = ModelConfig::preset(name);
    const std::string text = config.to_json();
    CHECK(ModelConfig::from_json(text, "config.json").to_json() == text);
  }
}

TEST_CASE("a wrong key is refused by name") {
  CHECK_THROWS_WITH(ModelConfig::from_json("{\"a\":", "dir/config.json"),
                    test::contains("dir/config.json: not valid JSON"));
  CHECK_THROWS_WITH(ModelConfig::from_json("[]", "dir/config.json"), test::contains("object"));
  refused("hidden_size", nullptr, "is missing");
  refused("hidden_size", "896", "whole number");
  refused("hidden_size", -1, "outside");
  refused("num_attention_heads", 13, "even heads");
  refused("num_key_value_heads", 4, "does not divide");
  refused("mm_vision_select_layer", "[-40]", "hidden state -40");
  refused("mm_vision_select_layer", "[", "must hold a list");
  refused("mm_resampler_type", "perceiver", "cc_expert");
  refused("cc_expert_args", {{"embedding_dim", 256}}, "the tower is 1152 wide");
  refused("cc_expert_args", {{"downsample_ratio", 2}}, "outside 1 to 1");
  refused("rope_scaling", {{"type", "linear"}}, "plain rotary");
  refused("mm_vision_config", {{"hidden_size", 100}, {"num_attention_heads", 3}}, "does not divide");
  refused("no_change_sentences", {1, 2}, "list of strings");
  refused("min_p_change", 1.5, "0 to 1");
  refused("min_p_change", "0.5", "number");
}

TEST_CASE("keys that change results are honoured or refused, and keys that do not are passed over") {
  struct Row {
    std::string keys;     // over those of the published config
    std::string refusal;  // nothing: it is read
  };
  const std::vector<Row> rows = {
      {R"({"rope_scaling": {"rope_type": "yarn", "factor": 4.0}})", "plain rotary"},
      {R"({"rope_scaling": {"type": "dynamic", "factor": 2.0}})", "plain rotary"},
      {R"({"rope_scaling": {"type": "mrope", "mrope_section": [16, 24, 24]}})", "plain rotary"},
      {R"({"rope_scaling": {"rope_type": "default"}})", ""},
      {R"({"rope_parameters": {"rope_type": "llama3", "rope_theta": 1e6}})", "plain rotary"},
      {R"({"rope_parameters": {"full_attention": {"rope_theta": 1e6}}})", "full_attention"},
      {R"({"rope_parameters": {"rope_type": "default", "partial_rotary_factor": 0.5}})", "partial_rotary_factor"},
      {R"({"partial_rotary_factor": 0.5})", "whole heads"},
      {R"({"partial_rotary_factor": 1.0})", ""},
      {R"({"use_sliding_window": true})", "whole context"},
      {R"({"use_sliding_window": true, "sliding_window": 4096})", "whole context"},
      {R"({"use_sliding_window": true, "sliding_window": 32768})", ""},  // hides nothing
      {R"({"use_sliding_window": false, "sliding_window": 128})", ""},
      {R"({"layer_types": ["full_attention", "sliding_attention"]})", "sliding_attention"},
      {R"({"hidden_act": "gelu"})", "silu"},
      {R"({"hidden_act": "swish"})", ""},  // another name of it
      {R"({"head_dim": 128})", "head_dim"},
      {R"({"attention_bias": false})", ""},  // Qwen2's layers do not ask
      {R"({"attention_dropout": 0.1})", ""},
      {R"({"image_aspect_ratio": "square"})", ""},
      {R"({"image_aspect_ratio": null})", ""},
      {R"({"image_aspect_ratio": "pad"})", "stretched"},
      {R"({"image_aspect_ratio": "anyres_max_9"})", "stretched"},
      {R"({"mm_patch_merge_type": "spatial_unpad"})", ""},  // CCExpert's forward pass does not look at it
      {R"({"mm_use_im_start_end": true})", "marks"},
      {R"({"mm_use_im_patch_token": true})", ""},
      {R"({"mm_vision_select_feature": "patch"})", ""},
      {R"({"vision_feature_layer": -2})", "mm_vision_select_layer"},
      {R"({"vision_feature_select_strategy": "full"})", "mm_vision_select_layer"},
      {R"({"s2": true})", "one scale"},
      {R"({"mm_projector_type": "linear"})", "mlp2x_gelu"},
      {R"({"mm_projector_type": "mlp3x_gelu"})", "mlp2x_gelu"},
      {R"({"mm_vision_tower": "openai/clip-vit-large-patch14-336"})", "SigLIP"},
      {R"({"mm_vision_tower": "/data/clip/siglip-so400m-patch14-384/"})", ""},
      {R"({"mm_vision_tower": "/data/clip/tower"})", ""},
      {R"({"mm_vision_config": {"hidden_act": "gelu"}})", "gelu_pytorch_tanh"},
      {R"({"mm_vision_config": {"num_channels": 4}})", "outside 3 to 3"},
      {R"({"cc_expert_args": {"activation": "relu"}})", "GELU"},
      {R"({"model_type": "llava_qwen_cc", "torch_dtype": "bfloat16", "use_cache": false})", ""},
  };
  for (const Row& row : rows) {
    nlohmann::json json = published_config();
    json.update(nlohmann::json::parse(row.keys));
    INFO(row.keys);
    if (row.refusal.empty()) {
      CHECK_NOTHROW(ModelConfig::from_json(json.dump(), "config.json"));
    } else {
      CHECK_THROWS_WITH(ModelConfig::from_json(json.dump(), "config.json"),
                        test::contains("config.json") && test::contains(row.refusal));
    }
  }
}

TEST_CASE("a base of stage 1 may show its pictures otherwise, since stage 1 gives it the reference's way") {
  nlohmann::json json = published_config();
  for (const char* key : {"mm_resampler_type", "cc_expert_args"}) json.erase(key);
  json["model_type"] = "llava_qwen";
  json["image_aspect_ratio"] = "anyres_max_9";
  json["mm_vision_select_layer"] = -2;
  CHECK_FALSE(ModelConfig::from_json(json.dump(), "config.json").difference.present);
}

TEST_CASE("a threshold of p_change is read, is written where there is one, and needs a sentence to fall back on") {
  nlohmann::json json = published_config();
  CHECK(ModelConfig::from_json(json.dump(), "config.json").min_p_change == 0.0f);
  CHECK_THAT(ModelConfig::from_json(json.dump(), "config.json").to_json(), !test::contains("min_p_change"));
  json["min_p_change"] = 0.85;
  const ModelConfig config = ModelConfig::from_json(json.dump(), "config.json");
  CHECK(config.min_p_change == 0.85f);
  CHECK_THAT(config.to_json(), test::contains("\"min_p_change\": 0.85"));
  json["no_change_sentences"] = nlohmann::json::array();
  CHECK_THROWS_WITH(ModelConfig::from_json(json.dump(), "config.json"),
                    test::contains("\"min_p_change\" needs a sentence"));
}
