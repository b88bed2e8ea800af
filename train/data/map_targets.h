// What a pair's maps teach, on the grid of the visual tokens.
#pragma once

#include <vector>

namespace ccx::train {

// Values are shares of a cell in 0..1; channels as in core/scenes/maps.h. Empty for pairs that have no maps.
struct MapTargets {
  std::vector<float> before, after;  // [kCovers, N]: buildings, roads, trees, bare ground
  std::vector<float> change;         // [kChangeCovers, N]: building came, building went, other came, other went
  bool empty() const { return change.empty(); }
};

}  // namespace ccx::train
