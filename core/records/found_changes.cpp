#include "core/records/found_changes.h"

#include <algorithm>
#include <cmath>

namespace ccx::records {
namespace {

// `part` of `parts` equal steps along an axis of `pixels` pixels that begins at `first`.
int scaled(int part, int parts, int first, int pixels) {
  const double at = static_cast<double>(part) * pixels / parts;
  return first + static_cast<int>(std::lround(at));
}

}  // namespace

MaskGrid mask_grid(const Reading& reading) {
  const image::ReadInfo& info = reading.after.warped ? reading.before : reading.after;
  return {info.width, info.height, info.window.value_or(image::Window{0, 0, info.width, info.height})};
}

std::vector<change::Place> found_places(const engine::Caption& caption, const MaskGrid& grid) {
  if (!caption.changed) return {};
  const image::Window& seen = grid.seen;
  const int longest = std::max(seen.width, seen.height);
  const double scale = std::min(1.0, static_cast<double>(kPlacesSide) / longest);
  const int width = std::max(1, static_cast<int>(std::lround(seen.width * scale)));
  const int height = std::max(1, static_cast<int>(std::lround(seen.height * scale)));
  std::vector<change::Place> places =
      change::places(change::kind_mask(caption.change_map, width, height), caption.change_map);
  const double share = static_cast<double>(seen.width) * seen.height / (static_cast<double>(grid.width) * grid.height);
  for (change::Place& place : places) {
    const auto [x, y, w, h] = place.box;
    const int left = scaled(x, width, seen.left, seen.width), top = scaled(y, height, seen.top, seen.height);
    place.box = {left, top, scaled(x + w, width, seen.left, seen.width) - left,
                 scaled(y + h, height, seen.top, seen.height) - top};
    place.area *= share;
  }
  return places;
}

change::KindMask found_mask(const engine::Caption& caption, const MaskGrid& grid) {
  change::KindMask mask{
      grid.height, grid.width,
      std::vector<uint8_t>(static_cast<std::size_t>(grid.width) * static_cast<std::size_t>(grid.height))};
  if (!caption.changed) return mask;
  const image::Window& seen = grid.seen;
  change::KindMask part = change::kind_mask(caption.change_map, seen.width, seen.height);
  if (seen.width == grid.width && seen.height == grid.height) return part;
  for (int y = 0; y < seen.height; ++y) {
    const auto from = part.kinds.begin() + static_cast<std::ptrdiff_t>(y) * seen.width;
    std::copy(from, from + seen.width,
              mask.kinds.begin() + static_cast<std::ptrdiff_t>(seen.top + y) * grid.width + seen.left);
  }
  return mask;
}

}  // namespace ccx::records
