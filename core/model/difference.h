// The difference-aware integration module of CCExpert: multi-scale differences of two images, injected into both.
#pragma once

#include <vector>

#include "core/graph/ops.h"
#include "core/model/config.h"

namespace ccx::model {

class DifferenceModule {
 public:
  struct Output {
    Tensor before;  // [B, N, D] image features of A with the change context in them
    Tensor after;   // [B, N, D]
    // [B, N, D] The change tokens. The language model never sees them; their size over the grid is the saliency map.
    Tensor change;
  };

  // `grid`: tokens along a side of an image, g * g = N.
  DifferenceModule(const DifferenceConfig& config, int grid, Scope scope)
      : config_(config), grid_(grid), scope_(std::move(scope)) {}

  // levels: tower features from shallow to deep, each [2B, N, D] in the order A0,B0,A1,B1,...
  // `gate` [B, N, 1], where given, says which places changed: it scales what the images' difference adds to the change
  // tokens, and the change tokens that come out.
  Output operator()(Ops& ops, const std::vector<Tensor>& levels, const Tensor& gate = {}) const;

 private:
  struct State {
    Tensor before, after, change;  // [levels * B, N, D], level-major; change is empty before the first block
    Tensor gate;                   // [levels * B, N, 1] or empty
  };

  Tensor position_code(Ops& ops) const;
  Tensor extract_change(Ops& ops, const Tensor& before, const Tensor& after) const;
  State block(Ops& ops, int index, const State& in) const;
  Output gate_levels(Ops& ops, const State& state, int levels) const;

  DifferenceConfig config_;
  int grid_;
  Scope scope_;
};

// The sine position code, [grid * grid, width] row-major: width / 2 channels for y, then as many for x, each
// alternating sin and cos (offset -0.5, eps 1e-6, normalised to 2 pi, temperature 10000).
std::vector<float> sine_position_code(int grid, int width);

}  // namespace ccx::model
