// The outside of a PNG, JPEG or WebP file: what its header promises and whether its structure is whole. Their pixels
// are left to OpenCV (deep PNG to GDAL).
//
// Each function takes a whole file of its format, throws DecodeError (without the file's name) for one that is
// truncated, corrupt, unsupported or too large, and returns what a decoder may be given: a copy from which everything
// was left out that does not make pixels (profiles, EXIF, comments), and with it the decoders' quirks and warnings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/image/decode.h"
#include "core/image/image.h"

namespace ccx::image {

struct Container {
  int width = 0;
  int height = 0;
  std::string bytes;     // for the decoder
  bool is_deep = false;  // PNG of 16 bits a sample
  // Where the decoded picture lies in width x height, black elsewhere. Animated WebP only.
  int left = 0;
  int top = 0;
};

Container open_png(std::string_view file, const DecodeLimits& limits);
Container open_jpeg(std::string_view file, const DecodeLimits& limits);
Container open_webp(std::string_view file, const DecodeLimits& limits);

// Throws unless width and height are at least 1 and within the limits.
void check_size(uint64_t width, uint64_t height, const DecodeLimits& limits);

}  // namespace ccx::image
