#include "core/model/ccexpert.h"

namespace ccx::model {

CCExpert::CCExpert(const ModelConfig& config)
    : config_(config),
      siglip_(config.vision, Scope("model.vision_tower.vision_tower.vision_model")),
      conv_(config.vision, Scope("model.vision_tower.vision_tower")),
      difference_(config.difference, config.vision.grid(), Scope("model.vision_resampler")),
      language_(config.text) {}

std::vector<Tensor> CCExpert::features(Ops& ops, const Tensor& pixels) const {
  return config_.vision.conv ? conv_.maps(ops, pixels) : siglip_.hidden_states(ops, pixels);
}

std::vector<Tensor> CCExpert::levels(Ops& ops, const std::vector<Tensor>& features) const {
  if (!config_.vision.conv) return features;
  return adapt_levels(ops, config_.vision, Scope("model.vision_tower.adapters"), features);
}

ChangeHead::Output CCExpert::change_head(Ops& ops, const std::vector<Tensor>& features) const {
  if (!config_.change_head) return {};
  const int grid = config_.vision.grid();
  std::vector<Tensor> maps = features;
  if (!config_.vision.conv) {
    for (Tensor& map : maps) map = ops.to_map(map, grid, grid);
  }
  const ChangeHead head(*config_.change_head, grid, config_.difference.embedding_dim, Scope("change_head"));
  return head(ops, maps);
}

DifferenceModule::Output CCExpert::difference(Ops& ops, const std::vector<Tensor>& levels,
                                              const ChangeHead::Output& head) const {
  DifferenceModule::Output seen = difference_(ops, levels, head.gate);
  if (head.before) {
    seen.before = ops.add(seen.before, head.before);
    seen.after = ops.add(seen.after, head.after);
  }
  return seen;
}

Tensor CCExpert::project(Ops& ops, const Tensor& features) const {
  const Scope scope("model.mm_projector");
  const Tensor hidden = ops.linear_gelu(features, scope / 0, config_.text.hidden_size, Gelu::kErf);
  return ops.linear(hidden, scope / 2, config_.text.hidden_size, Bias::kAdd);
}

CCExpert::Vision CCExpert::see(Ops& ops, const Tensor& pixels) const {
  ops.tap("pixel_values", pixels);
  const std::vector<Tensor> found = features(ops, pixels);
  return see(ops, found, change_head(ops, found));
}

CCExpert::Vision CCExpert::see(Ops& ops, const std::vector<Tensor>& found, const ChangeHead::Output& head) const {
  const DifferenceModule::Output seen = has_difference() ? difference(ops, levels(ops, found), head)
                                                         : DifferenceModule::Output{head.before, head.after, {}};
  const Tensor features = ops.interleave_pairs(seen.before, seen.after);  // [2B, N, D]
  ops.tap("projector.in", features);
  const Tensor tokens = project(ops, features);  // [2B, N, H]
  ops.tap("projector.out", tokens);
  const auto [before, after] = ops.split_pairs(tokens);
  return {before, after, seen.change, head};
}

Tensor CCExpert::saliency(Ops& ops, const Vision& vision) const {
  if (!has_difference()) {
    const Tensor changed = ChangeHead::cells_changed(ops, vision.head.shares, config_.vision.grid());
    return ops.squeeze(ops.mul(changed, changed), 2);
  }
  const Tensor distance = ops.sub(vision.change, ops.mean(vision.change, 1));  // [B, N, D]
  return ops.squeeze(ops.mean(ops.mul(distance, distance), 2), 2);
}

Tensor CCExpert::join(Ops& ops, const PromptEmbeddings& text, const Vision& vision) const {
  const Tensor joined = ops.concat({text.before_first, vision.before, text.between, vision.after, text.after}, 1);
  ops.tap("lm.inputs_embeds", joined);
  return joined;
}

}  // namespace ccx::model
