// An 8-bit RGB picture in memory: the one form in which pixels travel through ccx.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace ccx::image {

// `rgb` is row-major without padding, 3 bytes a pixel (red, green, blue); its size is 3 * width * height.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> rgb;

  uint8_t* row(int y) { return rgb.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width) * 3; }
  const uint8_t* row(int y) const {
    return rgb.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width) * 3;
  }
  uint8_t* pixel(int x, int y) { return row(y) + static_cast<std::size_t>(x) * 3; }
  const uint8_t* pixel(int x, int y) const { return row(y) + static_cast<std::size_t>(x) * 3; }

  friend bool operator==(const Image&, const Image&) = default;
};

// A picture of the given size, every byte `value`. Sizes must be positive.
inline Image filled_image(int width, int height, uint8_t value = 0) {
  if (width < 1 || height < 1) {
    throw InputError("an image of " + std::to_string(width) + "x" + std::to_string(height) + " pixels has no pixels");
  }
  return {width, height,
          std::vector<uint8_t>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, value)};
}

// Throws InputError unless the picture has at least one pixel and as many bytes as its size asks for.
inline void require_consistent(const Image& image) {
  if (image.width < 1 || image.height < 1 ||
      image.rgb.size() != static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) * 3) {
    throw InputError("an image of " + std::to_string(image.width) + "x" + std::to_string(image.height) +
                     " pixels cannot have " + std::to_string(image.rgb.size()) + " bytes");
  }
}

}  // namespace ccx::image
