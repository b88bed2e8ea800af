// What a change head says of a pair, pixel by pixel, and the mask that people get of it.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/change_kinds.h"

namespace ccx::change {

// Probabilities of the kinds of change on the head's grid, which covers the whole after picture.
struct ChangeMap {
  int height = 0, width = 0;  // cells
  std::vector<float> p;       // [kChangeKindCount, height, width], summing to 1 over the kinds
  bool empty() const { return p.empty(); }
};

// One kind a pixel, row-major: values of ChangeKind.
struct KindMask {
  int height = 0, width = 0;  // pixels
  std::vector<uint8_t> kinds;
};

// The mask on a grid of `width` x `height` pixels, the after picture's own size: probabilities are interpolated
// bilinearly between the cells' centres; a pixel has changed where `none` has less than one half, and then is of the
// likeliest other kind. Throws ccx::Error for a map whose values do not fit its size or are not finite.
KindMask kind_mask(const ChangeMap& map, int width, int height);

// The probability that a pixel of that mask changed, where somebody asks for single ones: 1 - p(none), bilinear.
float change_probability(const ChangeMap& map, int width, int height, int x, int y);

}  // namespace ccx::change
