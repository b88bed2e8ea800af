// TIFF and BigTIFF: uncompressed files are read here, compressed ones by libtiff through OpenCV, where the layout is
// one that it is known to read as PIL does.
#include <algorithm>
#include <array>

#include "core/image/container.h"
#include "core/image/tiff_codecs.h"
#include "core/image/tiff_layout.h"

namespace ccx::image {

namespace {

using Reason = DecodeError::Reason;

// The rest that libtiff is known to read as PIL does (8 bits), and those codecs of which it says when they fail.
bool is_read_by_opencv(const TiffLayout& in) {
  const bool jpeg = in.compression == 7;
  const bool fax = in.compression == 2 || in.compression == 3 || in.compression == 4;
  const bool zstandard = in.compression == 50000;
  const bool lossless = is_tiff_codec(in.compression);
  if (in.format != kUnsigned || !(jpeg || fax || zstandard || lossless)) return false;
  switch (in.photometric) {
    case kWhiteIsZero:
    case kBlackIsZero:
      return in.samples == 1 && (in.bits == 8 || in.bits == 1);
    case kRgb:
      return in.bits == 8 && (in.samples == 3 || in.samples == 4);
    case kCmyk:
      return in.bits == 8 && in.samples == 4;
    case kYCbCr:
      return in.bits == 8 && in.samples == 3;
    default:
      return false;
  }
}

}  // namespace

Container open_tiff(std::string_view file, const DecodeLimits& limits) {
  const TiffDirectory tags(file);
  const TiffLayout layout = read_tiff_layout(tags, limits);
  Container out;
  out.width = static_cast<int>(layout.width);
  out.height = static_cast<int>(layout.height);
  const uint64_t orientation = tags.number(kOrientation, 1);
  if (orientation >= 1 && orientation <= 8) out.orientation = static_cast<int>(orientation);
  if (is_simple_tiff(layout)) {
    out.pixels = decode_tiff_pixels(tags, layout);
    return out;
  }
  if (!is_read_by_opencv(layout)) {
    throw DecodeError(Reason::kUnsupported, "it is a TIFF of " + std::to_string(layout.samples) + " samples a pixel, " +
                                                std::to_string(layout.bits) + " bits each, sample format " +
                                                std::to_string(layout.format) + ", colour model " +
                                                std::to_string(layout.photometric) + ", compression " +
                                                std::to_string(layout.compression) + "; convert it to 8-bit RGB");
  }
  out.bytes = std::string(file);
  tags.rewrite(out.bytes, kOrientation, 1);
  if (layout.photometric == kRgb && layout.samples == 4) {
    // libtiff multiplies unassociated alpha (2) into the colours on its way to 8 bits and leaves associated alpha (1)
    // alone; neither is wanted.
    out.associated_alpha = layout.associated_alpha;
    tags.rewrite(out.bytes, kExtraSamples, 1);
  }
  return out;
}

}  // namespace ccx::image
