// From the tags to a layout that is safe to read by.
#include "core/image/tiff_layout.h"

#include <algorithm>

#include "core/image/container.h"

namespace ccx::image {

namespace {

using Reason = DecodeError::Reason;

constexpr uint64_t kLargestTile = 16384;  // pixels a side
constexpr uint64_t kMostSamples = 64;

// Every strip or tile is in the file, and where nothing is compressed it is as long as its pixels.
void check_data(const TiffDirectory& tags, const TiffLayout& layout) {
  const uint64_t each = layout.across() * layout.down();
  const TiffDirectory::Field& offsets = tags.field(layout.tiled ? kTileOffsets : kStripOffsets);
  const TiffDirectory::Field& lengths = tags.field(layout.tiled ? kTileByteCounts : kStripByteCounts);
  if (offsets.count < each * layout.planes() || lengths.count < each * layout.planes()) {
    throw DecodeError(Reason::kCorrupt, "it names fewer strips or tiles than its size needs");
  }
  const bool exact = layout.compression == kUncompressed && layout.photometric != kYCbCr;
  for (uint64_t i = 0; i < each * layout.planes(); ++i) {
    const uint64_t length = tags.number(lengths, i);
    tags.bytes().span(tags.number(offsets, i), length);
    const bool cut = !layout.tiled && i % each == each - 1;
    const uint64_t rows = cut ? layout.height - (each - 1) * layout.tile_height : layout.tile_height;
    if (length == 0 || (exact && length < layout.row_bytes() * rows)) {
      throw DecodeError(Reason::kTruncated, "its pixel data are cut short");
    }
  }
}

}  // namespace

TiffLayout read_tiff_layout(const TiffDirectory& tags, const DecodeLimits& limits) {
  TiffLayout out;
  out.width = tags.number(tags.field(kWidth), 0);
  out.height = tags.number(tags.field(kHeight), 0);
  check_size(out.width, out.height, limits);
  out.samples = tags.number(kSamplesPerPixel, 1);
  out.bits = tags.number(kBitsPerSample, 1);
  out.format = tags.number(kSampleFormat, kUnsigned);
  out.photometric = tags.number(tags.field(kPhotometric), 0);
  out.compression = tags.number(kCompression, kUncompressed);
  out.predictor = tags.number(kPredictor, 1);
  out.reversed_bits = tags.number(kFillOrder, 1) == 2;
  if (out.samples < 1 || out.samples > kMostSamples || out.bits < 1 || out.bits > 64) {
    throw DecodeError(Reason::kCorrupt, "its samples have an impossible number or depth");
  }
  for (uint64_t i = 1; i < tags.count(kBitsPerSample); ++i) {
    if (tags.number(tags.field(kBitsPerSample), i) != out.bits) {
      throw DecodeError(Reason::kUnsupported, "it is a TIFF whose samples differ in depth");
    }
  }
  const uint64_t planar = tags.number(kPlanarConfiguration, 1);
  if (planar != 1 && planar != 2) throw DecodeError(Reason::kCorrupt, "its planar configuration is neither 1 nor 2");
  out.separate = planar == 2 && out.samples > 1;
  out.associated_alpha = out.photometric == kRgb && out.samples > 3 && tags.number(kExtraSamples, 0) == 1;
  out.tiled = tags.count(kTileWidth) > 0;
  out.tile_width = out.tiled ? tags.number(kTileWidth, 0) : out.width;
  out.tile_height =
      out.tiled ? tags.number(kTileLength, 0) : std::min(tags.number(kRowsPerStrip, out.height), out.height);
  const bool huge = out.tiled && (out.tile_width > kLargestTile || out.tile_height > kLargestTile);
  if (out.tile_width == 0 || out.tile_height == 0 || huge) {
    throw DecodeError(Reason::kCorrupt, "its strips or tiles have an impossible size");
  }
  check_data(tags, out);
  return out;
}

}  // namespace ccx::image
