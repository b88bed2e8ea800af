#include "wasm/picture.h"

#include <stdexcept>

#include "core/image/normalise.h"
#include "core/image/resize.h"

namespace ccx::wasm {

void Picture::add_rows(std::span<const unsigned char> rgba) {
  const std::size_t pixels = rgba.size() / 4;
  if (rgba.size() % 4 != 0 || pixels % static_cast<std::size_t>(image_.width) != 0 ||
      pixels * 3 > image_.rgb.size() - filled_) {
    throw std::invalid_argument("these are not whole rows of the picture");
  }
  unsigned char* to = image_.rgb.data() + filled_;
  for (std::size_t i = 0; i < pixels; ++i) {
    to[3 * i] = rgba[4 * i];
    to[3 * i + 1] = rgba[4 * i + 1];
    to[3 * i + 2] = rgba[4 * i + 2];
  }
  filled_ += pixels * 3;
}

std::vector<float> Picture::preprocess(int size) const {
  return image::preprocess(image(), size);
}

std::vector<unsigned char> Picture::shown(int width, int height) const {
  const image::Image small = image::resize_bicubic(image(), width, height);
  std::vector<unsigned char> rgba(small.rgb.size() / 3 * 4, 255);
  for (std::size_t i = 0; i < small.rgb.size() / 3; ++i) {
    for (std::size_t c = 0; c < 3; ++c) rgba[4 * i + c] = small.rgb[3 * i + c];
  }
  return rgba;
}

const image::Image& Picture::image() const {
  if (filled_ != image_.rgb.size()) throw InputError("the picture is not complete");
  return image_;
}

}  // namespace ccx::wasm
