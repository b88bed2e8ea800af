// A picture as the browser decodes it, RGBA row after row, on its way to the model's input.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/image/image.h"

namespace ccx::wasm {

// Takes rows in bands, so that a large picture never lies in memory as RGBA and RGB at once. Alpha is dropped without
// compositing, as the command does.
class Picture {
 public:
  // Throws InputError for a size below 1x1, std::bad_alloc for one that does not fit.
  Picture(int width, int height) : image_(image::filled_image(width, height)) {}

  // Whole rows, 4 bytes a pixel. Throws std::invalid_argument for part of a row or more rows than the picture has.
  void add_rows(std::span<const unsigned char> rgba);

  // [3, size, size], resized and normalised. Throws InputError until all rows are there.
  std::vector<float> preprocess(int size) const;

  // RGBA of the picture made width x height, to be looked at: what the model sees, but for its size.
  std::vector<unsigned char> shown(int width, int height) const;

  // Throws InputError until all rows are there.
  const image::Image& image() const;

 private:
  image::Image image_;
  std::size_t filled_ = 0;  // bytes of image_.rgb
};

}  // namespace ccx::wasm
