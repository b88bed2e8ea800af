#include "core/lean/lean_vision.h"

#include <cmath>
#include <stdexcept>
#include <utility>

namespace ccx::lean {

std::vector<FeatureMap> LeanVision::look(std::span<const float> image) {
  const Tensor pixels = LeanOps::input({image}, model_.config().vision.image_size);
  std::vector<FeatureMap> maps;
  for (const Tensor& map : model_.features(ops_, pixels)) maps.push_back({map.shape(), LeanOps::pixels(map)});
  return maps;
}

LeanVision::Seen LeanVision::compare(std::vector<FeatureMap> before, std::vector<FeatureMap> after) {
  if (before.size() != after.size()) throw std::invalid_argument("the images have other numbers of maps");
  std::vector<Tensor> both;
  for (std::size_t i = 0; i < before.size(); ++i) {
    both.push_back(ops_.interleave_pairs(LeanOps::map(before[i].shape, std::move(before[i].pixels)),
                                         LeanOps::map(after[i].shape, std::move(after[i].pixels))));
  }
  const model::CCExpert::Vision vision = model_.see(ops_, both, model_.change_head(ops_, both));
  Seen seen;
  seen.before = LeanOps::output(vision.before);
  seen.after = LeanOps::output(vision.after);
  seen.saliency = LeanOps::output(model_.saliency(ops_, vision));
  for (float& value : seen.saliency) value = std::sqrt(value);
  seen.map = LeanOps::output(vision.head.shares);
  seen.cells = model_.config().vision.map_cells();
  seen.flag = LeanOps::output(vision.head.flag)[0];
  return seen;
}

}  // namespace ccx::lean
