// Normalisation by a table of the 256 possible values.
#include "core/image/normalise.h"

#include <array>
#include <cstdint>

#include "core/image/resize.h"

namespace ccx::image {

namespace {

std::array<float, 256> make_table() {
  std::array<float, 256> table{};
  for (int byte = 0; byte < 256; ++byte) {
    // Two roundings as in the reference: the product is rounded to float32 before the shift.
    const float unit = static_cast<float>(static_cast<double>(byte) * (1.0 / 255.0));
    table[static_cast<std::size_t>(byte)] = (unit - 0.5f) / 0.5f;
  }
  return table;
}

}  // namespace

void normalise(const Image& in, float* chw) {
  require_consistent(in);
  static const std::array<float, 256> table = make_table();
  const std::size_t plane = in.rgb.size() / 3;
  const uint8_t* rgb = in.rgb.data();
  for (std::size_t i = 0; i < plane; ++i) {
    chw[i] = table[rgb[3 * i]];
    chw[plane + i] = table[rgb[3 * i + 1]];
    chw[2 * plane + i] = table[rgb[3 * i + 2]];
  }
}

std::vector<float> preprocess(const Image& in, int size) {
  const Image resized = resize_bicubic(in, size, size);
  std::vector<float> chw(resized.rgb.size());
  normalise(resized, chw.data());
  return chw;
}

}  // namespace ccx::image
