// From a map of probabilities to a mask (change_map.h).
#include "core/change/change_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>

#include "core/base/error.h"

namespace ccx::change {
namespace {

using Values = std::array<float, kChangeKindCount>;

// Where a pixel's centre lies between two cells' centres of one axis; beyond the outermost ones the border holds.
struct Tap {
  std::size_t low = 0, high = 0;
  float weight = 0;  // of `high`
};

Tap tap(int pixel, int pixels, int cells) {
  const float at = (static_cast<float>(pixel) + 0.5F) * static_cast<float>(cells) / static_cast<float>(pixels) - 0.5F;
  const float inside = std::clamp(at, 0.0F, static_cast<float>(cells - 1));
  const auto low = static_cast<std::size_t>(inside);
  return {low, std::min(low + 1, static_cast<std::size_t>(cells - 1)), inside - static_cast<float>(low)};
}

void require_whole(const ChangeMap& map, int width, int height) {
  const auto cells =
      static_cast<std::size_t>(std::max(map.height, 0)) * static_cast<std::size_t>(std::max(map.width, 0));
  if (cells == 0 || map.p.size() != cells * kChangeKindCount) {
    throw Error("a map of changes of " + std::to_string(map.height) + " x " + std::to_string(map.width) +
                " cells cannot have " + std::to_string(map.p.size()) + " values");
  }
  if (width < 1 || height < 1)
    throw Error("a mask of " + std::to_string(width) + "x" + std::to_string(height) + " pixels");
  if (!std::all_of(map.p.begin(), map.p.end(), [](float value) { return std::isfinite(value); })) {
    throw Error("the map of changes holds a value that is not a number");
  }
}

Values between(const ChangeMap& map, const Tap& row, const Tap& column) {
  const auto stride = static_cast<std::size_t>(map.width);
  const std::size_t plane = stride * static_cast<std::size_t>(map.height);
  Values out{};
  for (std::size_t kind = 0; kind < out.size(); ++kind) {
    const float* top = map.p.data() + kind * plane + row.low * stride;
    const float* bottom = map.p.data() + kind * plane + row.high * stride;
    const float upper = top[column.low] + (top[column.high] - top[column.low]) * column.weight;
    const float lower = bottom[column.low] + (bottom[column.high] - bottom[column.low]) * column.weight;
    out[kind] = upper + (lower - upper) * row.weight;
  }
  return out;
}

uint8_t decided(const Values& p) {
  if (p[0] >= 0.5F) return 0;
  return static_cast<uint8_t>(std::max_element(p.begin() + 1, p.end()) - p.begin());
}

// Cells whose four neighbours agree that nothing changed need no arithmetic a pixel, and most of a picture is such.
bool quiet(const ChangeMap& map, std::size_t row, const Tap& column) {
  const float* none = map.p.data() + row * static_cast<std::size_t>(map.width);
  return none[column.low] >= 0.5F && none[column.high] >= 0.5F;
}

}  // namespace

KindMask kind_mask(const ChangeMap& map, int width, int height) {
  require_whole(map, width, height);
  std::vector<Tap> columns;
  columns.reserve(static_cast<std::size_t>(width));
  for (int x = 0; x < width; ++x) columns.push_back(tap(x, width, map.width));
  KindMask mask{height, width,
                std::vector<uint8_t>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
  uint8_t* out = mask.kinds.data();
  for (int y = 0; y < height; ++y) {
    const Tap row = tap(y, height, map.height);
    for (const Tap& column : columns) {
      const bool nothing = quiet(map, row.low, column) && quiet(map, row.high, column);
      *out++ = nothing ? uint8_t{0} : decided(between(map, row, column));
    }
  }
  return mask;
}

float change_probability(const ChangeMap& map, int width, int height, int x, int y) {
  return 1.0F - between(map, tap(y, height, map.height), tap(x, width, map.width))[0];
}

}  // namespace ccx::change
