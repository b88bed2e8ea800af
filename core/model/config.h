// What a checkpoint's config.json says, with the defaults the reference leaves implicit.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/change_probability.h"

namespace ccx::model {

// A convolutional tower of inverted residuals (MobileNetV2, EfficientNet-Lite), batch normalisation folded into the
// convolutions. `mm_vision_config` describes one where its `model_type` is "inverted_residuals".
struct ConvTowerConfig {
  struct Stage {
    int expand = 6;    // width of the depthwise convolution, in input channels; 1: no expanding convolution
    int channels = 0;  // out of every block
    int repeats = 1;
    int stride = 1;  // of the first block; 1 or 2
    int kernel = 3;  // of the depthwise convolutions; odd
  };
  int stem_channels = 32;  // of the first convolution: 3 x 3, stride 2
  std::vector<Stage> stages;
  bool same_padding = false;  // TensorFlow's SAME; otherwise kernel / 2 on all sides
  bool relu6 = true;          // otherwise plain ReLU
  // What the network expects of its pixels: (x - mean) / std of x in 0..1.
  std::array<float, 3> mean = {0.485f, 0.456f, 0.406f};
  std::array<float, 3> std = {0.229f, 0.224f, 0.225f};
  // Strides of the levels read, ascending: of each the last map before the next stride.
  std::vector<int> levels = {4, 8, 16, 32};
  // Those of them that become tokens for the difference module, ascending. The change head reads all.
  std::vector<int> token_levels = {4, 8, 16, 32};

  int stride() const;                      // of the last map
  int level_channels(size_t level) const;  // of levels[level]
};

// The head that draws a map of changes (core/model/change_head.h). The key `change_head`; without it there is none.
struct ChangeHeadConfig {
  int channels = 64;
  // How the language model hears of it: not at all; as a context added to both images' features; as a gate of the
  // difference module's change tokens; as both; or instead of the images' features: the language model then reads what
  // changed where, and nothing of how it looks. Such a model has no difference module: the head compares.
  enum class Feed { kNone, kContext, kGate, kBoth, kInstead } feed = Feed::kContext;
  bool context_gradient = false;  // training: captions' gradients enter the head through its context
  // It also tells what covers the ground at each date (kGroundCovers), which its context passes on: whether houses
  // stand where a wood was or on bare land shows in no map of changes.
  bool cover = false;
  bool feeds_context() const { return feed == Feed::kContext || feed == Feed::kBoth || feed == Feed::kInstead; }
  bool stands_instead() const { return feed == Feed::kInstead; }
  bool feeds_gate() const { return feed == Feed::kGate || feed == Feed::kBoth; }
};

// SigLIP. A published config says nothing about the tower: its sizes are those of so400m/14 at 384 pixels. Other sizes
// stand in the key `mm_vision_config`.
struct VisionConfig {
  int hidden_size = 1152;
  int intermediate_size = 4304;
  int num_hidden_layers = 27;
  int num_attention_heads = 16;
  int image_size = 384;
  int patch_size = 14;
  float layer_norm_eps = 1e-6f;
  // Indices into hidden_states (0 = embeddings, k = after block k) that the difference module reads, in its order.
  // Resolved from `mm_vision_select_layer`, which counts from the end.
  std::vector<int> select_layers = {17, 20, 23, 26};
  // Set: the tower is this one, and of the sizes above only image_size counts, patch_size, which is the stride of the
  // tokens, and hidden_size, the width that the levels' adapters bring them to.
  std::optional<ConvTowerConfig> conv;

  int grid() const { return image_size / patch_size; }  // tokens along a side
  int tokens() const { return grid() * grid(); }        // N
  // Pixels a side of a cell of the change head's map, the finest level's; and its cells along a side.
  int map_stride() const { return conv ? conv->levels.front() : patch_size; }
  int map_cells() const { return image_size / map_stride(); }
  int needed_layers() const;  // blocks to compute; later ones are dead weights
};

// The difference-aware integration module ("cc_expert").
struct DifferenceConfig {
  bool present = true;       // false for a LLaVA-OneVision model; the sizes are then those that stage 1 gives it
  int embedding_dim = 1152;  // D, equal to the tower's width
  int mlp_dim = 4608;
  int depth = 2;

  int heads() const { return embedding_dim / 128; }
};

// Qwen2.
struct TextConfig {
  int hidden_size = 896;
  int intermediate_size = 4864;
  int num_hidden_layers = 24;
  int num_attention_heads = 14;
  int num_key_value_heads = 2;
  int vocab_size = 151936;
  int max_position_embeddings = 32768;
  float rope_theta = 1e6f;
  float rms_norm_eps = 1e-6f;
  bool tie_word_embeddings = true;

  int head_dim() const { return hidden_size / num_attention_heads; }
};

struct ModelConfig {
  VisionConfig vision;
  DifferenceConfig difference;
  TextConfig text;
  std::optional<ChangeHeadConfig> change_head;
  std::string torch_dtype = "float32";  // what the file says its weights are
  bool quantised = false;               // whether it says that some have 8 or 4 bits (quantised_tensors.h)
  // Captions that say "nothing changed", as the model writes them. The key `no_change_sentences`; LEVIR-CC's five where
  // it is absent.
  std::vector<std::string> no_change_sentences;
  // 0..1. A pair whose p_change (docs/architecture.md) is less is captioned with the likeliest of these sentences,
  // whatever sentence would have been generated. The key `min_p_change`; 0, never, where it is absent.
  float min_p_change = 0.0f;
  // How p_change comes from the language model and the change head. The key `p_change_fit`; without it the language
  // model alone says it. Training writes checkpoints without it, as without min_p_change.
  std::optional<model::ChangeFit> p_change_fit;

  // Throws CheckpointError naming `source` and the key that is missing, of the wrong type or out of range.
  static ModelConfig from_json(std::string_view text, const std::string& source);
  // The published sizes, "0.5b" and "7b". Throws UsageError for another name.
  static ModelConfig preset(const std::string& name);
  // A config.json that the reference reads too.
  std::string to_json() const;
};

// `mm_vision_config` of a convolutional tower as JSON text, and back. Throws CheckpointError naming `source`.
std::string conv_tower_json(const VisionConfig& vision);
VisionConfig conv_tower_from_json(std::string_view text, const std::string& source);

}  // namespace ccx::model
