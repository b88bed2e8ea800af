#include "core/records/found_changes.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/image/orientation.h"

namespace ccx::records {
namespace {

// `part` of `parts` equal steps along an axis of `pixels` pixels that begins at `first`.
int scaled(int part, int parts, int first, int pixels) {
  const double at = static_cast<double>(part) * pixels / parts;
  return first + static_cast<int>(std::lround(at));
}

// The map as the grid lies. One of another size than it says is nobody's, and left to be refused.
change::ChangeMap laid(const change::ChangeMap& map, int turned) {
  const std::size_t plane = static_cast<std::size_t>(map.width) * static_cast<std::size_t>(map.height);
  if (turned == 1 || map.p.size() != kChangeKindCount * plane) return map;
  change::ChangeMap out{map.height, map.width, {}};
  if (image::is_on_its_side(turned)) std::swap(out.width, out.height);
  for (auto from = map.p.begin(); from != map.p.end(); from += static_cast<std::ptrdiff_t>(plane)) {
    const std::vector<float> kind(from, from + static_cast<std::ptrdiff_t>(plane));
    const std::vector<float> back = image::oriented(kind, map.width, map.height, image::undone(turned));
    out.p.insert(out.p.end(), back.begin(), back.end());
  }
  return out;
}

}  // namespace

MaskGrid mask_grid(const Reading& reading) {
  const image::ReadInfo& info = reading.after.warped ? reading.before : reading.after;
  return {info.width, info.height, info.window.value_or(image::Window{0, 0, info.width, info.height}), info.turned};
}

std::vector<change::Place> found_places(const engine::Caption& caption, const MaskGrid& grid) {
  if (!caption.changed) return {};
  const image::Window& seen = grid.seen;
  const change::ChangeMap map = laid(caption.change_map, grid.turned);
  const int longest = std::max(seen.width, seen.height);
  const double scale = std::min(1.0, static_cast<double>(kPlacesSide) / longest);
  const int width = std::max(1, static_cast<int>(std::lround(seen.width * scale)));
  const int height = std::max(1, static_cast<int>(std::lround(seen.height * scale)));
  std::vector<change::Place> places = change::places(change::kind_mask(map, width, height), map);
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
  change::KindMask part = change::kind_mask(laid(caption.change_map, grid.turned), seen.width, seen.height);
  if (seen.width == grid.width && seen.height == grid.height) return part;
  for (int y = 0; y < seen.height; ++y) {
    const auto from = part.kinds.begin() + static_cast<std::ptrdiff_t>(y) * seen.width;
    std::copy(from, from + seen.width,
              mask.kinds.begin() + static_cast<std::ptrdiff_t>(seen.top + y) * grid.width + seen.left);
  }
  return mask;
}

}  // namespace ccx::records
