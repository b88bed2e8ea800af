// The vision of a convolutional model with a change head in the difference module's place, an image at a time: two
// workers of a page, or two threads of an engine, may share a pair.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/lean/lean_ops.h"
#include "core/model/ccexpert.h"

namespace ccx::lean {

// [1, C, h, w], pixel by pixel.
struct FeatureMap {
  Shape shape;
  Numbers pixels;
};

class LeanVision {
 public:
  // Of a model that LeanOps::can_see(). Weights are read when they are first needed.
  LeanVision(const model::ModelConfig& config, std::shared_ptr<LeanWeights> weights)
      : model_(config), ops_(std::move(weights)) {}

  // image: [3, S, S], normalised -> the tower's maps. Throws std::invalid_argument for another size.
  std::vector<FeatureMap> look(std::span<const float> image);

  // As the outputs of an exported graph (docs/export.md), of one pair.
  struct Seen {
    std::vector<float> before, after;  // [tokens, hidden_size]
    std::vector<float> saliency;       // [grid, grid]
    std::vector<float> map;            // [kinds, cells, cells]
    int cells = 0;
    double flag = 0;
  };
  // The maps of the two images. Throws std::invalid_argument where they do not belong together.
  Seen compare(std::vector<FeatureMap> before, std::vector<FeatureMap> after);

 private:
  model::CCExpert model_;
  LeanOps ops_;
};

}  // namespace ccx::lean
