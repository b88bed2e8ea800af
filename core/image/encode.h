// Pictures as the bytes of PNG and JPEG files, through OpenCV.
#pragma once

#include <cstdint>
#include <string>

#include "core/image/image.h"

namespace ccx::image {

// An 8-bit RGB PNG file. The same picture gives the same bytes. Throws InputError for an inconsistent picture.
std::string encode_png(const Image& image);

// A baseline JPEG file of quality 1..100 (a UsageError otherwise), 4:2:0.
std::string encode_jpeg(const Image& image, int quality);

}  // namespace ccx::image
