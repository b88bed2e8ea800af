// The places of a mask: connected pixels of one kind, as boxes.
#pragma once

#include <array>
#include <vector>

#include "core/change/change_map.h"

namespace ccx::change {

struct Place {
  ChangeKind kind = ChangeKind::kNone;
  std::array<int, 4> box{};  // x, y of the upper left pixel, width, height, in pixels of the mask
  double area = 0;           // pixels, as a share of the picture's, 0..1
  double p = 0;              // mean over the pixels of the probability that something changed, 0..1
};

// What is smaller than this share of the picture is no place: a few cells of the head's grid.
inline constexpr double kLeastPlace = 0.0005;

// Places of `mask`, the largest first (equal ones from the top down, from left to right). Pixels touch by sides or
// corners. `map` is what the mask was made of. Memory grows with the number of runs of equal pixels, not with the
// picture.
std::vector<Place> places(const KindMask& mask, const ChangeMap& map);

}  // namespace ccx::change
