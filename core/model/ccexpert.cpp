#include "core/model/ccexpert.h"

namespace ccx::model {

CCExpert::CCExpert(const ModelConfig& config)
    : config_(config),
      tower_(config.vision, Scope("model.vision_tower.vision_tower.vision_model")),
      difference_(config.difference, config.vision.grid(), Scope("model.vision_resampler")),
      language_(config.text) {}

Tensor CCExpert::project(Ops& ops, const Tensor& features) const {
  const Scope scope("model.mm_projector");
  const Tensor hidden = ops.gelu(ops.linear(features, scope / 0, config_.text.hidden_size, Bias::kAdd), Gelu::kErf);
  return ops.linear(hidden, scope / 2, config_.text.hidden_size, Bias::kAdd);
}

CCExpert::Vision CCExpert::see(Ops& ops, const Tensor& pixels) const {
  ops.tap("pixel_values", pixels);
  const DifferenceModule::Output seen = difference(ops, tower(ops, pixels));
  const Tensor features = ops.interleave_pairs(seen.before, seen.after);  // [2B, N, D]
  ops.tap("projector.in", features);
  const Tensor tokens = project(ops, features);  // [2B, N, H]
  ops.tap("projector.out", tokens);
  const auto [before, after] = ops.split_pairs(tokens);
  return {before, after, seen.change};
}

Tensor CCExpert::saliency(Ops& ops, const Tensor& change) const {
  const Tensor distance = ops.sub(change, ops.mean(change, 1));  // [B, N, D]
  return ops.squeeze(ops.mean(ops.mul(distance, distance), 2), 2);
}

Tensor CCExpert::join(Ops& ops, const PromptEmbeddings& text, const Vision& vision) const {
  const Tensor joined = ops.concat({text.before_first, vision.before, text.between, vision.after, text.after}, 1);
  ops.tap("lm.inputs_embeds", joined);
  return joined;
}

}  // namespace ccx::model
