// EXIF's eight orientations: how a picture, and whatever lies on its pixels, is turned and mirrored. Plain C++.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "core/image/image.h"

namespace ccx::image {

// 1 as it lies, 2 mirrored, 3 half round, 4 upside down, 5 to 8 on its side: these exchange width and height.
inline bool is_on_its_side(int orientation) {
  return orientation >= 5;
}

// What undoes an orientation: quarter turns undo each other, the others themselves.
inline int undone(int orientation) {
  return orientation == 6 ? 8 : orientation == 8 ? 6 : orientation;
}

// Values of a plane [height, width, channels], turned; of none there is nothing to turn.
template <typename Value>
std::vector<Value> oriented(const std::vector<Value>& in, int width, int height, int orientation,
                            std::size_t channels = 1) {
  if (in.empty()) return {};
  const bool swapped = is_on_its_side(orientation);
  const int out_width = swapped ? height : width, out_height = swapped ? width : height;
  const bool flip_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool flip_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  std::vector<Value> out(in.size());
  auto to = out.begin();
  for (int y = 0; y < out_height; ++y) {
    for (int x = 0; x < out_width; ++x) {
      const int across = swapped ? y : x;
      const int down = swapped ? x : y;
      const auto column = static_cast<std::size_t>(flip_x ? width - 1 - across : across);
      const auto row = static_cast<std::size_t>(flip_y ? height - 1 - down : down);
      const auto from =
          in.begin() + static_cast<std::ptrdiff_t>((row * static_cast<std::size_t>(width) + column) * channels);
      for (std::size_t c = 0; c < channels; ++c) *to++ = from[static_cast<std::ptrdiff_t>(c)];
    }
  }
  return out;
}

inline Image oriented(Image in, int orientation) {
  if (orientation == 1) return in;
  in.rgb = oriented(in.rgb, in.width, in.height, orientation, 3);
  if (is_on_its_side(orientation)) std::swap(in.width, in.height);
  return in;
}

}  // namespace ccx::image
