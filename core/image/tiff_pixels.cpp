// The pixels of a TIFF with a lossless codec, in every layout that PIL reads. OpenCV's reader stumbles over small tiles
// and planes of 16 bits, libtiff's conversions to 8 bits are not PIL's, and damage passes it unseen.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string>
#include <vector>

#include "core/image/tiff_codecs.h"
#include "core/image/tiff_layout.h"

namespace ccx::image {

namespace {

using Rgb = std::array<uint8_t, 3>;

// The i-th sample of a tile's row, as its bits.
uint32_t sample(const uint8_t* row, std::size_t i, uint64_t bits, bool little) {
  switch (bits) {
    case 8:
      return row[i];
    case 16:
      row += 2 * i;
      return static_cast<uint32_t>(little ? row[0] | row[1] << 8 : row[1] | row[0] << 8);
    case 32: {
      row += 4 * i;
      uint32_t value = 0;
      for (std::size_t b = 0; b < 4; ++b) value = value << 8 | row[little ? 3 - b : b];
      return value;
    }
    default: {  // 1, 2 or 4, the first pixel in the highest bits
      const auto each = static_cast<std::size_t>(8 / bits);
      const uint64_t shift = 8 - bits * (i % each + 1);
      return row[i / each] >> shift & ((1u << bits) - 1);
    }
  }
}

uint8_t clipped(double value) {
  return value >= 255.0 ? 255 : value > 0.0 ? static_cast<uint8_t>(value) : 0;
}

uint8_t grey(const TiffLayout& layout, uint32_t value) {
  if (layout.bits <= 8) {
    const auto byte = static_cast<uint8_t>(value * (255 / ((1u << layout.bits) - 1)));
    return layout.photometric == kWhiteIsZero ? static_cast<uint8_t>(255 - byte) : byte;
  }
  // Deeper grey is clipped, and not inverted where white is zero.
  if (layout.format == kFloat) return clipped(static_cast<double>(std::bit_cast<float>(value)));
  if (layout.bits == 16 && layout.format == kSigned) return clipped(static_cast<int16_t>(value));
  if (layout.bits == 16) return clipped(value);
  return clipped(static_cast<int32_t>(value));
}

// `values` are red, green, blue and alpha, or cyan, magenta, yellow and black, in bytes.
Rgb colour(const TiffLayout& layout, const std::array<uint8_t, 4>& values) {
  Rgb out{values[0], values[1], values[2]};
  const int last = values[3];
  for (uint8_t& byte : out) {
    if (layout.photometric == kCmyk) {
      const int light = 255 - last;
      const int product = byte * light + 128;  // byte * light / 255, rounded, without a division
      byte = static_cast<uint8_t>(std::clamp(light - ((product >> 8) + product) / 256, 0, 255));
    } else if (layout.associated_alpha && last == 0) {
      byte = 0;
    } else if (layout.associated_alpha) {
      byte = static_cast<uint8_t>(std::min(byte * 255 / last, 255));
    }
  }
  return out;
}

std::array<Rgb, 256> read_palette(const TiffDirectory& tags, const TiffLayout& layout) {
  std::array<Rgb, 256> out{};
  const uint64_t colours = uint64_t{1} << layout.bits;
  const TiffDirectory::Field& map = tags.field(kColorMap);  // all reds, all greens, all blues, of 16 bits
  for (uint64_t i = 0; i < colours; ++i) {
    for (uint64_t c = 0; c < 3; ++c) out[i][c] = static_cast<uint8_t>(tags.number(map, c * colours + i) >> 8);
  }
  return out;
}

// Strips or tiles side by side, decompressed: what the rows of one height are made of.
class Band {
 public:
  Band(const TiffDirectory& tags, const TiffLayout& layout) : tags_(tags), layout_(layout) {}

  // The row of the picture, of the tile that begins at `left`, in plane `plane`.
  const uint8_t* row(uint64_t y, uint64_t left, uint64_t plane) {
    if (chunks_.empty() || y / layout_.tile_height != band_) read(y / layout_.tile_height);
    const std::string& chunk = chunks_[plane * layout_.across() + left / layout_.tile_width];
    return reinterpret_cast<const uint8_t*>(chunk.data()) + y % layout_.tile_height * layout_.row_bytes();
  }

 private:
  void read(uint64_t band) {
    const TiffDirectory::Field& offsets = tags_.field(layout_.tiled ? kTileOffsets : kStripOffsets);
    const TiffDirectory::Field& lengths = tags_.field(layout_.tiled ? kTileByteCounts : kStripByteCounts);
    const uint64_t rows = std::min(layout_.tile_height, layout_.height - band * layout_.tile_height);
    chunks_.clear();
    for (uint64_t plane = 0; plane < layout_.planes(); ++plane) {
      for (uint64_t x = 0; x < layout_.across(); ++x) {
        const uint64_t i = (plane * layout_.down() + band) * layout_.across() + x;
        const std::string_view data = tags_.bytes().span(tags_.number(offsets, i), tags_.number(lengths, i));
        chunks_.push_back(decompress_tiff(data, layout_, tags_.little_endian(), rows));
      }
    }
    band_ = band;
  }

  const TiffDirectory& tags_;
  const TiffLayout& layout_;
  uint64_t band_ = 0;
  std::vector<std::string> chunks_;  // [plane, tile from the left]
};

}  // namespace

bool is_simple_tiff(const TiffLayout& in) {
  if (in.reversed_bits || !is_tiff_codec(in.compression)) return false;
  const bool whole_bytes = in.bits == 8 || in.bits == 16 || in.bits == 32;
  const bool predicted = in.predictor == 2 ? whole_bytes : in.predictor == 3 && in.bits == 32 && in.format == kFloat;
  if (in.compression != kUncompressed && in.predictor != 1 && !predicted) return false;
  const bool plain = in.format == kUnsigned;
  switch (in.photometric) {
    case kWhiteIsZero:
    case kBlackIsZero:
      if (in.samples == 2) return plain && in.bits == 8;
      if (in.samples != 1) return false;
      if (in.bits == 1 || in.bits == 2 || in.bits == 4) return plain;
      return (in.bits == 8 && in.format != kFloat) || (in.bits == 16 && in.format != kFloat) || in.bits == 32;
    case kRgb:
      return plain && (in.bits == 8 || in.bits == 16) && in.samples >= 3 && in.samples <= 6;
    case kPalette:
      return plain && in.samples == 1 && in.bits <= 8 && std::has_single_bit(in.bits);
    case kCmyk:
      return plain && (in.bits == 8 || in.bits == 16) && in.samples == 4;
    default:
      return false;
  }
}

Image decode_tiff_pixels(const TiffDirectory& tags, const TiffLayout& layout) {
  const bool little = tags.little_endian();
  const bool coloured = layout.photometric == kRgb || layout.photometric == kCmyk;
  const std::size_t used = !coloured ? 1 : layout.photometric == kCmyk || layout.associated_alpha ? 4 : 3;
  const std::array<Rgb, 256> palette =
      layout.photometric == kPalette ? read_palette(tags, layout) : std::array<Rgb, 256>{};
  Band band(tags, layout);
  Image out = filled_image(static_cast<int>(layout.width), static_cast<int>(layout.height));
  for (uint64_t y = 0; y < layout.height; ++y) {
    for (uint64_t left = 0; left < layout.width; left += layout.tile_width) {
      std::array<const uint8_t*, 4> rows{};
      for (std::size_t s = 0; s < used; ++s) rows[s] = band.row(y, left, layout.separate ? s : 0);
      const uint64_t width = std::min(layout.tile_width, layout.width - left);
      uint8_t* to = out.pixel(static_cast<int>(left), static_cast<int>(y));
      for (std::size_t x = 0; x < width; ++x, to += 3) {
        std::array<uint8_t, 4> values{};
        uint32_t first = 0;
        for (std::size_t s = 0; s < used; ++s) {
          const std::size_t i = layout.separate ? x : x * static_cast<std::size_t>(layout.samples) + s;
          const uint32_t value = sample(rows[s], i, layout.bits, little);
          if (s == 0) first = value;
          values[s] = static_cast<uint8_t>(layout.bits == 16 ? value >> 8 : value);
        }
        Rgb rgb = coloured ? colour(layout, values) : palette[first & 0xff];
        if (!coloured && layout.photometric != kPalette) rgb.fill(grey(layout, first));
        std::memcpy(to, rgb.data(), 3);
      }
    }
  }
  return out;
}

}  // namespace ccx::image
