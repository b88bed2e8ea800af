#include "core/model/vision_config.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/model/conv_config.h"

namespace ccx::model {
namespace {

using Json = nlohmann::json;
using Reader = JsonReader;

constexpr const char* kSiglipActivation = "gelu_pytorch_tanh";

void read_tower(const Reader& root, VisionConfig& vision) {
  if (!root.has("mm_vision_config")) return;
  const Reader in = root.child("mm_vision_config");
  if (is_conv_tower(in)) {
    vision = read_conv_tower(in);
    return;
  }
  in.integer("hidden_size", vision.hidden_size, 1, kMaxWidth);
  in.integer("intermediate_size", vision.intermediate_size, 1, kMaxWidth);
  in.integer("num_hidden_layers", vision.num_hidden_layers, 1, kMaxLayers);
  in.integer("num_attention_heads", vision.num_attention_heads, 1, kMaxLayers);
  in.integer("image_size", vision.image_size, 1, 16384);
  in.integer("patch_size", vision.patch_size, 1, 16384);
  in.number("layer_norm_eps", vision.layer_norm_eps);
  if (vision.hidden_size % vision.num_attention_heads != 0) {
    throw in.error("num_attention_heads", "does not divide hidden_size");
  }
  if (vision.patch_size > vision.image_size) throw in.error("patch_size", "is larger than image_size");
  std::string activation = kSiglipActivation;
  in.text("hidden_act", activation);
  if (activation != kSiglipActivation) {
    throw in.error("hidden_act", "is \"" + activation + "\"; ccx computes SigLIP's \"" + kSiglipActivation + "\"");
  }
  int channels = 3;
  in.integer("num_channels", channels, 3, 3);
}

// A tower that is named and is none of the two that ccx computes. The name may be a folder's on somebody's disk.
void check_tower_name(const Reader& root) {
  const char* key = "mm_vision_tower";
  if (!root.has(key) || !root.raw(key).is_string()) return;
  std::string name = ascii::lower(root.raw(key).get<std::string>());
  while (name.ends_with('/')) name.pop_back();
  name = name.substr(name.rfind('/') + 1);
  const auto holds = [&](const char* word) { return name.find(word) != std::string::npos; };
  if (holds("siglip")) return;
  for (const char* other : {"clip", "dino", "eva02", "internvit", "imagebind", "convnext", "sam_", "open_clip"}) {
    if (!holds(other)) continue;
    throw root.error(key, "is " + root.raw(key).dump() +
                              "; ccx computes SigLIP's tower, or a convolutional one "
                              "(\"inverted_residuals\")");
  }
}

// The reference keeps the level list as a string that holds JSON, "[-11,-8,-5,-2]"; a real list is accepted too.
void read_select_layers(const Reader& root, VisionConfig& vision) {
  if (vision.conv) return;  // its levels stand with its sizes
  const char* key = "mm_vision_select_layer";
  std::vector<int> wanted = {-11, -8, -5, -2};
  if (root.has(key)) {
    Json list = root.raw(key);
    if (list.is_string()) {
      try {
        list = parsed_config(list.get<std::string>(), root.where(key));
      } catch (const CheckpointError&) {
        list = nullptr;  // no list, which is said below
      }
    }
    if (list.is_number_integer()) list = Json::array({list});
    if (!list.is_array() || list.empty() || list.size() > 64)
      throw root.error(key, "must hold a list such as \"[-11,-8,-5,-2]\"");
    wanted.clear();
    for (const Json& entry : list) {
      if (!entry.is_number_integer()) throw root.error(key, "must hold a list of whole numbers");
      wanted.push_back(static_cast<int>(std::clamp<int64_t>(entry.get<int64_t>(), -100000, 100000)));
    }
  }
  vision.select_layers.clear();
  const int states = vision.num_hidden_layers + 1;
  for (int index : wanted) {
    const int resolved = index < 0 ? states + index : index;
    if (resolved < 0 || resolved >= states) {
      throw root.error(key,
                       "names hidden state " + std::to_string(index) + ", but the tower has " + std::to_string(states));
    }
    vision.select_layers.push_back(resolved);
  }
}

}  // namespace

void read_vision(const JsonReader& root, VisionConfig& vision) {
  check_tower_name(root);
  read_tower(root, vision);
  read_select_layers(root, vision);
}

// What says how pictures enter the model, of a CCExpert: stage 1 gives a LLaVA-OneVision model these anew. The
// reference stretches both pictures to one square; a model that was trained on padded or cut pictures would be shown
// others than it knows.
void check_picture_keys(const JsonReader& root) {
  const auto refuse = [&](const char* key, const std::string& why) {
    throw root.error(key, "is " + root.raw(key).dump() + "; " + why);
  };
  if (root.has("image_aspect_ratio") && root.raw("image_aspect_ratio") != "square") {
    refuse("image_aspect_ratio",
           "ccx shows a model whole pictures stretched to a square (\"square\"), as CCExpert's are");
  }
  bool marks = false;
  root.boolean("mm_use_im_start_end", marks);
  if (marks) refuse("mm_use_im_start_end", "ccx puts no marks around pictures, as CCExpert does not");
  bool scales = false;
  root.boolean("s2", scales);
  if (scales) refuse("s2", "ccx reads pictures at one scale");
  for (const char* key : {"vision_feature_layer", "vision_feature_select_strategy"}) {
    if (root.has(key)) {
      refuse(key,
             "that is a key of Hugging Face transformers' own models; in this layout \"mm_vision_select_layer\" "
             "says it");
    }
  }
}

}  // namespace ccx::model
