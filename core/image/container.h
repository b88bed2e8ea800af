// The outside of a picture file: what its header promises and whether its structure is whole. PNG, JPEG and WebP pixels
// are left to OpenCV; those of BMP and of most TIFF are read here, exactly as PIL reads them.
//
// Each function takes a whole file of its format, throws DecodeError (without the file's name) for one that is
// truncated, corrupt, unsupported or too large, and returns what OpenCV may be given: a copy from which everything was
// left out that does not make pixels (profiles, EXIF, comments), and with it the decoders' quirks and warnings.
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
  std::string bytes;  // for cv::imdecode; empty where `pixels` are there already (BMP, most TIFF)
  Image pixels;
  // Where the decoded picture lies in width x height, black elsewhere. Animated WebP only.
  int left = 0;
  int top = 0;
  // TIFF only, as in PIL: EXIF's 1..8, to be applied after decoding, and whether the colours were multiplied by alpha
  // and must be divided again.
  int orientation = 1;
  bool associated_alpha = false;
};

Container open_png(std::string_view file, const DecodeLimits& limits);
Container open_jpeg(std::string_view file, const DecodeLimits& limits);
Container open_webp(std::string_view file, const DecodeLimits& limits);
Container open_tiff(std::string_view file, const DecodeLimits& limits);
Container open_bmp(std::string_view file, const DecodeLimits& limits);

// Throws unless width and height are at least 1 and within the limits.
void check_size(uint64_t width, uint64_t height, const DecodeLimits& limits);

}  // namespace ccx::image
