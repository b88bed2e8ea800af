// How a TIFF file's pixels lie: depth, colour model, strips or tiles. All of it checked against the file.
#pragma once

#include <cstdint>

#include "core/image/decode.h"
#include "core/image/image.h"
#include "core/image/tiff_directory.h"

namespace ccx::image {

enum TiffPhotometric : uint64_t { kWhiteIsZero = 0, kBlackIsZero = 1, kRgb = 2, kPalette = 3, kCmyk = 5, kYCbCr = 6 };
enum TiffSampleFormat : uint64_t { kUnsigned = 1, kSigned = 2, kFloat = 3 };
constexpr uint64_t kUncompressed = 1;

struct TiffLayout {
  uint64_t width = 0;
  uint64_t height = 0;
  uint64_t bits = 1;     // of a sample
  uint64_t samples = 1;  // of a pixel
  uint64_t format = kUnsigned;
  uint64_t photometric = kBlackIsZero;
  uint64_t compression = kUncompressed;
  uint64_t predictor = 1;
  bool separate = false;          // a plane for each sample
  bool associated_alpha = false;  // RGB multiplied by the alpha that follows it
  bool reversed_bits = false;     // in each byte
  // Strips are tiles as wide as the picture, the last one cut.
  bool tiled = false;
  uint64_t tile_width = 0;
  uint64_t tile_height = 0;

  uint64_t across() const { return (width + tile_width - 1) / tile_width; }
  uint64_t down() const { return (height + tile_height - 1) / tile_height; }
  uint64_t planes() const { return separate ? samples : 1; }
  uint64_t row_bytes() const { return (tile_width * bits * (separate ? 1 : samples) + 7) / 8; }  // of a tile
};

// Throws DecodeError where the numbers are impossible, too large, or a strip or tile is not in the file.
TiffLayout read_tiff_layout(const TiffDirectory& tags, const DecodeLimits& limits);

// Whether decode_tiff_pixels reads this layout: the colour models and depths of PIL, with a lossless codec.
bool is_simple_tiff(const TiffLayout& layout);

// The pixels of a file whose layout is_simple_tiff, as PIL converts them to RGB. Orientation is not applied.
Image decode_tiff_pixels(const TiffDirectory& tags, const TiffLayout& layout);

}  // namespace ccx::image
