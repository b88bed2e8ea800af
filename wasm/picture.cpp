#include "wasm/picture.h"

#include <stdexcept>

#include "core/image/normalise.h"

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
  if (filled_ != image_.rgb.size()) throw InputError("the picture is not complete");
  return image::preprocess(image_, size);
}

}  // namespace ccx::wasm
