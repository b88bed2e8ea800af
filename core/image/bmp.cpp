// BMP, read whole: OpenCV and PIL differ on 16-bit pixels, masks and run lengths, and the format is small.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <vector>

#include "core/image/byte_reader.h"
#include "core/image/container.h"

namespace ccx::image {

namespace {

using Reason = DecodeError::Reason;

constexpr uint64_t kFileHeader = 14;
constexpr uint32_t kRaw = 0;
constexpr uint32_t kRle8 = 1;
constexpr uint32_t kRle4 = 2;
constexpr uint32_t kBitFields = 3;

struct Header {
  uint64_t width = 0;
  uint64_t height = 0;
  bool top_down = false;
  uint32_t bits = 0;
  uint32_t compression = kRaw;
  std::array<uint32_t, 3> masks{};  // red, green, blue
  uint64_t pixels = 0;              // offset of the pixel data
  std::vector<std::array<uint8_t, 3>> palette;

  int image_row(std::size_t file_row) const { return static_cast<int>(top_down ? file_row : height - 1 - file_row); }
};

[[noreturn]] void unsupported(const std::string& what) {
  throw DecodeError(Reason::kUnsupported, "it is a BMP " + what);
}

void read_masks(const ByteReader& in, Header& header) {
  header.masks = {0xff0000u, 0xff00u, 0xffu};
  if (header.bits == 16) header.masks = {0x7c00u, 0x3e0u, 0x1fu};
  if (header.compression != kBitFields) return;
  // The masks follow a 40-byte header and are part of a longer one: the same place.
  for (std::size_t i = 0; i < 3; ++i) header.masks[i] = in.u32(kFileHeader + 40 + 4 * i);
  if (header.bits == 32 && header.masks == std::array<uint32_t, 3>{}) header.masks = {0xff0000u, 0xff00u, 0xffu};
  const auto is = [&](uint32_t red, uint32_t green, uint32_t blue) {
    return header.masks == std::array<uint32_t, 3>{red, green, blue};
  };
  const bool known = header.bits == 16 ? is(0xf800, 0x7e0, 0x1f) || is(0x7c00, 0x3e0, 0x1f)
                     : header.bits == 24
                         ? is(0xff0000, 0xff00, 0xff)
                         : header.bits == 32 && (is(0xff0000, 0xff00, 0xff) || is(0xff000000, 0xff0000, 0xff00) ||
                                                 is(0xff000000, 0xff00, 0xff) || is(0xff, 0xff00, 0xff0000));
  if (!known) unsupported("with an unusual layout of colour bits");
}

Header read_header(const ByteReader& in, const DecodeLimits& limits) {
  Header header;
  header.pixels = in.u32(10);
  const uint32_t size = in.u32(kFileHeader);
  uint64_t colours = 0;
  uint64_t entry = 4;
  if (size == 12) {
    header.width = in.u16(18);
    header.height = in.u16(20);
    header.bits = in.u16(24);
    entry = 3;
  } else if (size == 40 || size == 52 || size == 56 || size == 64 || size == 108 || size == 124) {
    const auto height = static_cast<int32_t>(in.u32(22));
    header.width = in.u32(18);
    header.top_down = height < 0;
    header.height = static_cast<uint64_t>(height < 0 ? -static_cast<int64_t>(height) : height);
    header.bits = in.u16(28);
    header.compression = in.u32(30);
    colours = in.u32(46);
  } else {
    throw DecodeError(Reason::kCorrupt, "its header has an unknown length");
  }
  check_size(header.width, header.height, limits);
  const uint32_t bits = header.bits;
  if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32) {
    unsupported("of " + std::to_string(bits) + " bits a pixel");
  }
  const bool runs = (header.compression == kRle8 && bits == 8) || (header.compression == kRle4 && bits == 4);
  const bool fields = header.compression == kBitFields && bits >= 16;
  if (header.compression != kRaw && !runs && !fields) {
    unsupported("with compression " + std::to_string(header.compression));
  }
  read_masks(in, header);
  if (bits <= 8) {
    if (colours == 0) colours = uint64_t{1} << bits;
    if (colours > 65536) throw DecodeError(Reason::kCorrupt, "its palette has too many colours");
    in.span(kFileHeader + size, colours * entry);
    header.palette.assign(256, {});  // an index beyond the palette is black
    for (uint64_t i = 0; i < std::min<uint64_t>(colours, 256); ++i) {
      const uint64_t at = kFileHeader + size + i * entry;
      header.palette[i] = {in.u8(at + 2), in.u8(at + 1), in.u8(at)};
    }
  }
  return header;
}

// Indices of a run-length coded picture, in file order (bottom row first). What is skipped stays 0.
std::vector<uint8_t> decode_runs(const ByteReader& in, const Header& header) {
  const std::size_t width = header.width;
  std::vector<uint8_t> out(width * header.height);
  std::size_t x = 0;
  std::size_t y = 0;
  uint64_t at = header.pixels;
  const bool nibbles = header.compression == kRle4;
  const auto put = [&](uint8_t index) {
    if (x >= width || y >= header.height) return;  // runs may stick out
    out[y * width + x] = index;
    ++x;
  };
  // The end mark is often missing; the last row's end is as good.
  while (y < header.height && (y + 1 < header.height || x < width)) {
    const uint8_t count = in.u8(at);
    const uint8_t value = in.u8(at + 1);
    at += 2;
    if (count > 0) {
      for (unsigned i = 0; i < count; ++i) {
        put(!nibbles ? value : static_cast<uint8_t>(i % 2 == 0 ? value >> 4 : value & 15));
      }
    } else if (value == 0) {
      x = 0;
      ++y;
    } else if (value == 1) {
      return out;
    } else if (value == 2) {
      x += in.u8(at);
      y += in.u8(at + 1);
      at += 2;
    } else {
      for (unsigned i = 0; i < value; ++i) {
        const uint8_t byte = in.u8(at + (nibbles ? i / 2 : i));
        put(!nibbles ? byte : static_cast<uint8_t>(i % 2 == 0 ? byte >> 4 : byte & 15));
      }
      const uint64_t bytes = nibbles ? (value + 1u) / 2 : value;
      at += bytes + bytes % 2;
    }
  }
  return out;
}

// The value of a field of `mask` in 0..255, rounded down as PIL does.
uint8_t field(uint32_t pixel, uint32_t mask) {
  if (mask == 0) return 0;
  const int shift = std::countr_zero(mask);
  const uint32_t most = mask >> shift;
  return static_cast<uint8_t>(((pixel & mask) >> shift) * 255 / most);
}

void decode_row(const Header& header, const char* from, uint8_t* to) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(from);
  const uint32_t per_byte = header.bits <= 8 ? 8 / header.bits : 1;
  for (std::size_t x = 0; x < header.width; ++x, to += 3) {
    if (header.bits <= 8) {
      const auto in_byte = static_cast<uint32_t>(x % per_byte);
      const uint32_t shift = 8 - header.bits * (in_byte + 1);
      const uint32_t index = (static_cast<uint32_t>(bytes[x / per_byte]) >> shift) & ((1u << header.bits) - 1);
      std::memcpy(to, header.palette[index].data(), 3);
    } else if (header.bits == 24) {
      to[0] = bytes[3 * x + 2];
      to[1] = bytes[3 * x + 1];
      to[2] = bytes[3 * x];
    } else {
      const std::size_t size = header.bits / 8;
      uint32_t pixel = 0;
      for (std::size_t i = 0; i < size; ++i) pixel |= static_cast<uint32_t>(bytes[size * x + i]) << (8 * i);
      for (std::size_t c = 0; c < 3; ++c) to[c] = field(pixel, header.masks[c]);
    }
  }
}

Image decode_runs_to_rgb(const ByteReader& in, const Header& header) {
  const std::vector<uint8_t> indices = decode_runs(in, header);
  Image out = filled_image(static_cast<int>(header.width), static_cast<int>(header.height));
  for (std::size_t y = 0; y < header.height; ++y) {
    uint8_t* to = out.row(header.image_row(y));
    for (std::size_t x = 0; x < header.width; ++x) {
      std::memcpy(to + 3 * x, header.palette[indices[y * header.width + x]].data(), 3);
    }
  }
  return out;
}

Image decode_raw(const ByteReader& in, const Header& header) {
  const uint64_t row_bytes = (header.width * header.bits + 31) / 32 * 4;
  const uint64_t last_row = (header.width * header.bits + 7) / 8;  // its padding may be missing
  const std::string_view pixels = in.span(header.pixels, row_bytes * (header.height - 1) + last_row);
  Image out = filled_image(static_cast<int>(header.width), static_cast<int>(header.height));
  for (std::size_t y = 0; y < header.height; ++y) {
    decode_row(header, pixels.data() + y * row_bytes, out.row(header.image_row(y)));
  }
  return out;
}

}  // namespace

Container open_bmp(std::string_view file, const DecodeLimits& limits) {
  const ByteReader in(file, Endian::kLittle);
  const Header header = read_header(in, limits);
  const bool runs = header.compression == kRle8 || header.compression == kRle4;
  Container out;
  out.pixels = runs ? decode_runs_to_rgb(in, header) : decode_raw(in, header);
  out.width = out.pixels.width;
  out.height = out.pixels.height;
  return out;
}

}  // namespace ccx::image
