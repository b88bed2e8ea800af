// Writes and reads mask pictures (mask_png.h).
#include "core/change/mask_png.h"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <opencv2/imgcodecs.hpp>
#include <vector>

#include "core/base/error.h"
#include "core/image/container.h"
#include "core/image/no_picture.h"
#include "core/image/png_chunks.h"

namespace ccx::change {
namespace {

using image::kPngSignature;
using image::kPngStart;
using image::png_chunk;

std::string palette() {
  std::string out;
  for (const auto& colour : kKindColours) {
    for (const uint8_t part : colour) out += static_cast<char>(part);
  }
  return out;
}

std::string deflated(const std::string& raw) {
  uLongf size = ::compressBound(static_cast<uLong>(raw.size()));
  std::string out(size, '\0');
  const int status = ::compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                                 reinterpret_cast<const Bytef*>(raw.data()), static_cast<uLong>(raw.size()), 6);
  if (status != Z_OK) throw Error("a mask picture could not be compressed (zlib says " + std::to_string(status) + ")");
  out.resize(size);
  return out;
}

// A palette picture turned into a grey one of the same values: colours say nothing that the indexes do not.
std::string without_palette(const std::string& png, int depth) {
  const auto byte = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(png[at])); };
  const auto number = [&](std::size_t at) {
    return byte(at) << 24 | byte(at + 1) << 16 | byte(at + 2) << 8 | byte(at + 3);
  };
  std::string data = png.substr(16, 13);
  data[8] = static_cast<char>(depth);
  data[9] = 0;  // grey
  std::string out = std::string(kPngSignature) + png_chunk("IHDR", data);
  for (std::size_t at = kPngStart; at + 12 <= png.size(); at += number(at) + 12) {
    const std::string_view type = std::string_view(png).substr(at + 4, 4);
    if (type != "PLTE" && type != "tRNS") out += png.substr(at, number(at) + 12);
  }
  return out;
}

KindMask from_grey(const cv::Mat& grey, int depth) {
  KindMask mask{grey.rows, grey.cols, {}};
  mask.kinds.reserve(static_cast<std::size_t>(grey.rows) * static_cast<std::size_t>(grey.cols));
  for (int y = 0; y < grey.rows; ++y) mask.kinds.insert(mask.kinds.end(), grey.ptr(y), grey.ptr(y) + grey.cols);
  // Decoders spread the values of 1, 2 and 4 bits over 0..255.
  const int step = depth < 8 ? 255 / ((1 << depth) - 1) : 1;
  if (step > 1) {
    for (uint8_t& value : mask.kinds) value = static_cast<uint8_t>(value / step);
  }
  return mask;
}

}  // namespace

std::string mask_png(const KindMask& mask) {
  const auto width = static_cast<std::size_t>(std::max(mask.width, 0));
  if (width == 0 || mask.height < 1 || mask.kinds.size() != width * static_cast<std::size_t>(mask.height)) {
    throw Error("a mask of " + std::to_string(mask.width) + "x" + std::to_string(mask.height) + " pixels cannot have " +
                std::to_string(mask.kinds.size()));
  }
  std::string rows;
  rows.reserve(mask.kinds.size() + static_cast<std::size_t>(mask.height));
  for (std::size_t at = 0; at < mask.kinds.size(); at += width) {
    rows += '\0';  // unfiltered: masks are runs of equal bytes
    rows.append(reinterpret_cast<const char*>(mask.kinds.data()) + at, width);
  }
  return image::png_start(mask.width, mask.height, image::PngColour::kPalette) + png_chunk("PLTE", palette()) +
         png_chunk("IDAT", deflated(rows)) + png_chunk("IEND", "");
}

bool starts_as_mask_png(std::string_view start) {
  return start.size() >= kMaskPngStart && start.substr(0, kPngSignature.size()) == kPngSignature &&
         start.substr(kPngStart, kMaskPngStart - kPngStart) == png_chunk("PLTE", palette());
}

KindMask read_mask(std::string_view bytes, const std::string& name) {
  if (bytes.substr(0, kPngSignature.size()) != kPngSignature) {
    const std::string found = image::found_instead_of_picture(bytes, name);
    throw InputError(found.empty() ? name + " is no PNG file; mask and label pictures are PNG" : name + ": " + found);
  }
  std::string png;
  try {
    png = image::open_png(bytes, {}).bytes;
  } catch (const image::DecodeError& error) {
    throw InputError(name + ": " + error.what());
  }
  const int depth = static_cast<unsigned char>(png[24]);
  const int colour = static_cast<unsigned char>(png[25]);
  if ((colour != 0 && colour != 3) || depth > 8) {
    throw InputError(name + " has colours" + (depth > 8 ? " of 16 bits" : "") +
                     "; a mask is a grey picture or one with a palette, of 8 bits or fewer, whose values are classes");
  }
  if (colour == 3) png = without_palette(png, depth);
  const cv::Mat grey =
      cv::imdecode(cv::Mat(1, static_cast<int>(png.size()), CV_8UC1, png.data()), cv::IMREAD_GRAYSCALE);
  if (grey.empty()) throw InputError(name + " could not be decoded");
  // Indexes stand for themselves. Grey of few bits is what other readers show: 0 and 255, say.
  return from_grey(grey, colour == 3 ? depth : 8);
}

}  // namespace ccx::change
