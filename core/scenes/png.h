// PNG files whose bytes depend on the picture alone. Image libraries compress differently from version to version; a
// data set drawn from a seed should be the same files everywhere.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/image/image.h"

namespace ccx::scenes {

// 8-bit RGB.
std::string encode_png_rgb(const image::Image& image);

// 8-bit grey, width * height bytes row by row.
std::string encode_png_grey(const std::vector<uint8_t>& grey, int width, int height);

}  // namespace ccx::scenes
