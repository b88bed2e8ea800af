#include "core/model/parameters.h"

#include "core/graph/shape_ops.h"
#include "core/model/names.h"
#include "core/model/shape_walk.h"

namespace ccx::model {

std::map<std::string, Shape> live_parameters(const ModelConfig& config) {
  ShapeOps ops;
  walk(config, ops, {});
  return ops.parameters();
}

namespace {

// A head that stands in the difference module's place is ccx's own: no reference loads such a model.
bool has_reference_layout(const ModelConfig& config) {
  return !config.change_head || !config.change_head->stands_instead();
}

}  // namespace

std::map<std::string, Shape> dead_parameters(const ModelConfig& config) {
  std::map<std::string, Shape> dead;
  const auto linear = [&](const Scope& scope, int64_t out, int64_t in) {
    dead[scope.weight()] = {out, in};
    dead[scope.bias()] = {out};
  };
  const auto norm = [&](const Scope& scope, int64_t width) {
    dead[scope.weight()] = {width};
    dead[scope.bias()] = {width};
  };

  if (has_reference_layout(config)) {
    const int64_t d = config.difference.embedding_dim;
    const Scope resampler("model.vision_resampler");
    for (int layer = 0; layer < config.difference.depth; ++layer) norm(resampler / "layers" / layer / "norm4", d);
    const Scope reduce = resampler / "ChangeAwareTokenReduce";
    linear(reduce / "change_for_key_proj", d, d);
    const Scope cross = reduce / "cross_attn";
    dead[cross.name() + ".in_proj_weight"] = {3 * d, d};
    dead[cross.name() + ".in_proj_bias"] = {3 * d};
    linear(cross / "out_proj", d, d);

    const int64_t h = config.text.hidden_size;
    linear(Scope("model.mm_cc_projector") / 0, h, d);
    linear(Scope("model.mm_cc_projector") / 2, h, h);
  }

  const VisionConfig& vision = config.vision;
  if (vision.conv) return dead;
  const int64_t w = vision.hidden_size;
  const Scope tower("model.vision_tower.vision_tower.vision_model");
  norm(tower / "post_layernorm", w);
  for (int layer = vision.needed_layers(); layer < vision.num_hidden_layers; ++layer) {
    const Scope block = tower / "encoder.layers" / layer;
    for (const char* name : {"k_proj", "v_proj", "q_proj", "out_proj"}) linear(block / "self_attn" / name, w, w);
    norm(block / "layer_norm1", w);
    norm(block / "layer_norm2", w);
    linear(block / "mlp" / "fc1", vision.intermediate_size, w);
    linear(block / "mlp" / "fc2", w, vision.intermediate_size);
  }
  return dead;
}

bool is_ignored_tensor(const std::string& name, const ModelConfig& config) {
  const auto starts = [&](std::string_view prefix) { return name.compare(0, prefix.size(), prefix) == 0; };
  const auto ends = [&](std::string_view suffix) {
    return name.size() >= suffix.size() && name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0;
  };
  if (name == kOwnHead) return config.text.tie_word_embeddings;
  const bool of_reference = starts("model.vision_resampler.") || starts("model.mm_cc_projector.");
  if (of_reference && !has_reference_layout(config)) return true;
  return name == "model.image_newline" || ends(".rotary_emb.inv_freq") || ends(".embeddings.position_ids") ||
         starts("model.vision_tower.vision_tower.vision_model.head.");
}

}  // namespace ccx::model
