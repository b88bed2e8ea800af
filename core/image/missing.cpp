// Neutral colours in the place of missing pixels (missing.h).
#include "core/image/missing.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace ccx::image {

double share_missing(const std::vector<uint8_t>& mask) {
  if (mask.empty()) return 0;
  return static_cast<double>(std::count(mask.begin(), mask.end(), 1)) / static_cast<double>(mask.size());
}

double fill_missing(Image& image, const std::vector<uint8_t>& mask) {
  const double share = share_missing(mask);
  if (share == 0) return 0;
  const std::size_t pixels = mask.size();
  uint64_t sums[3] = {};
  uint64_t valid = 0;
  for (std::size_t i = 0; i < pixels; ++i) {
    if (mask[i] != 0) continue;
    ++valid;
    for (std::size_t c = 0; c < 3; ++c) sums[c] += image.rgb[3 * i + c];
  }
  uint8_t mean[3];
  for (std::size_t c = 0; c < 3; ++c) mean[c] = static_cast<uint8_t>(valid == 0 ? 128 : (sums[c] + valid / 2) / valid);
  for (std::size_t i = 0; i < pixels; ++i) {
    if (mask[i] != 0) std::memcpy(&image.rgb[3 * i], mean, 3);
  }
  return share;
}

std::vector<uint8_t> reduced_mask(const std::vector<uint8_t>& mask, int width, int height, int size) {
  if (mask.empty()) return {};
  std::vector<uint8_t> out(static_cast<std::size_t>(size) * static_cast<std::size_t>(size));
  for (int y = 0; y < size; ++y) {
    const auto from_y = static_cast<std::size_t>((2 * int64_t{y} + 1) * height / (2 * size));
    for (int x = 0; x < size; ++x) {
      const auto from_x = static_cast<std::size_t>((2 * int64_t{x} + 1) * width / (2 * size));
      out[static_cast<std::size_t>(y) * static_cast<std::size_t>(size) + static_cast<std::size_t>(x)] =
          mask[from_y * static_cast<std::size_t>(width) + from_x];
    }
  }
  return out;
}

void hide_missing(Image& before, const std::vector<uint8_t>& before_mask, Image& after,
                  const std::vector<uint8_t>& after_mask) {
  const std::size_t pixels = before.rgb.size() / 3;
  if (before_mask.empty() && after_mask.empty()) return;
  std::vector<uint8_t> either(pixels, 0);
  for (const std::vector<uint8_t>* mask : {&before_mask, &after_mask}) {
    for (std::size_t i = 0; i < mask->size(); ++i) either[i] |= (*mask)[i];
  }
  uint64_t sums[3] = {};
  uint64_t shown = 0;
  for (std::size_t i = 0; i < pixels; ++i) {
    if (either[i] != 0) continue;
    ++shown;
    for (std::size_t c = 0; c < 3; ++c) sums[c] += before.rgb[3 * i + c] + after.rgb[3 * i + c];
  }
  uint8_t mean[3];
  for (std::size_t c = 0; c < 3; ++c)
    mean[c] = static_cast<uint8_t>(shown == 0 ? 128 : (sums[c] + shown) / (2 * shown));
  for (std::size_t i = 0; i < pixels; ++i) {
    if (either[i] == 0) continue;
    std::memcpy(&before.rgb[3 * i], mean, 3);
    std::memcpy(&after.rgb[3 * i], mean, 3);
  }
}

}  // namespace ccx::image
