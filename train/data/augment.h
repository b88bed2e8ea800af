// Augmentation of a pair before it is resized. Off by default, as in the reference.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/base/random.h"
#include "core/image/image.h"

namespace ccx::train {

struct Augmentation {
  bool geometric = false;    // the same flip and quarter turn for both pictures
  bool photometric = false;  // brightness, contrast, gamma and saturation of each picture by itself
  double jitter = 0;         // strength of each picture's own jitter and of the before picture's registration; 0: none
  double turned = 0;  // share of visits to drawn pairs that see the dates exchanged and the captions turned along
  // What an unchanged pair is captioned with in training, instead of one of its own captions; empty: its own.
  std::string no_change_caption{};
  bool captions_matter = true;  // false: pictures are flipped whatever their caption says, since nobody learns it
};

// "none", "geometric", "photometric", "both" (of these two), "jitter", "jitter:STRENGTH" above 0 to 3, or
// "geometric,jitter" with or without a strength. Throws UsageError.
Augmentation parse_augmentation(const std::string& text);

// True where a caption says where in the picture something is ("at the top left"), which a flip would make untrue. Such
// a sample is never flipped.
bool names_a_direction(const std::string& caption);

// Registration is jittered in the before picture alone: maps of changes lie on the after picture's grid and stay true.
// Returns the symmetry that both pictures went through, 0 where none, for what lies on their grid.
// Draws from `random` as often whatever is switched on or applies, so that one switch does not change the other's
// draws.
unsigned augment(image::Image& before, image::Image& after, const std::string& caption, const Augmentation& what,
                 Random& random);

// Where a symmetry takes the pixel (x, y).
std::pair<int, int> turned_place(int x, int y, int width, int height, unsigned symmetry);

// One of the eight symmetries of a square: bits 0 and 1 count quarter turns, bit 2 mirrors first.
image::Image transformed(const image::Image& in, unsigned symmetry);

// The same for values that lie on the pictures' grid, [height, width]; an odd number of quarter turns gives [width,
// height].
template <typename Value>
std::vector<Value> transformed(const std::vector<Value>& plane, int width, int height, unsigned symmetry) {
  const bool sideways = (symmetry & 1u) != 0;
  std::vector<Value> out(plane.size());
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto [u, v] = turned_place(x, y, width, height, symmetry);
      const int row = sideways ? height : width;
      out[static_cast<size_t>(v) * static_cast<size_t>(row) + static_cast<size_t>(u)] =
          plane[static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)];
    }
  }
  return out;
}

}  // namespace ccx::train
