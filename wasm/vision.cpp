#include "wasm/vision.h"

#include <cmath>
#include <stdexcept>
#include <utility>

namespace ccx::wasm {

Vision::Vision(std::string_view config, std::string_view graph, const EmbeddingTable::Read& read)
    : model_(model::ModelConfig::from_json(config, "config.json")),
      tensors_(graph, as_texts(read)),
      can_see_(lean::LeanOps::can_see(model_.config(), tensors_)),
      ops_(tensors_) {}

std::vector<FeatureMap> Vision::look(std::span<const float> image) {
  const Tensor pixels = lean::LeanOps::input({image}, model_.config().vision.image_size);
  std::vector<FeatureMap> maps;
  for (const Tensor& map : model_.features(ops_, pixels)) maps.push_back({map.shape(), lean::LeanOps::pixels(map)});
  return maps;
}

Vision::Seen Vision::compare(std::vector<FeatureMap> before, std::vector<FeatureMap> after) {
  if (before.size() != after.size()) throw std::invalid_argument("the images have other numbers of maps");
  std::vector<Tensor> both;
  for (std::size_t i = 0; i < before.size(); ++i) {
    both.push_back(ops_.interleave_pairs(lean::LeanOps::map(before[i].shape, std::move(before[i].pixels)),
                                         lean::LeanOps::map(after[i].shape, std::move(after[i].pixels))));
  }
  const model::CCExpert::Vision vision = model_.see(ops_, both, model_.change_head(ops_, both));
  Seen seen;
  seen.before = lean::LeanOps::output(vision.before);
  seen.after = lean::LeanOps::output(vision.after);
  seen.saliency = lean::LeanOps::output(model_.saliency(ops_, vision));
  for (float& value : seen.saliency) value = std::sqrt(value);
  seen.map = lean::LeanOps::output(vision.head.shares);
  seen.cells = model_.config().vision.map_cells();
  seen.flag = lean::LeanOps::output(vision.head.flag)[0];
  return seen;
}

}  // namespace ccx::wasm
