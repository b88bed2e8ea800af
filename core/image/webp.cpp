// WebP: the RIFF chunks are whole; an animation gives its first frame, as in PIL.
#include "core/image/byte_reader.h"
#include "core/image/container.h"

namespace ccx::image {

namespace {

using Reason = DecodeError::Reason;

constexpr uint64_t kRiffHeader = 12;   // "RIFF", length, "WEBP"
constexpr uint64_t kFrameHeader = 16;  // of an ANMF chunk: place, size, duration, flags

struct Size {
  uint64_t width = 0;
  uint64_t height = 0;
  friend bool operator==(const Size&, const Size&) = default;
};

// The picture size that a bitstream itself states.
Size bitstream_size(std::string_view type, std::string_view data) {
  const ByteReader in(data, Endian::kLittle);
  if (type == "VP8L") {
    if (in.u8(0) != 0x2f) throw DecodeError(Reason::kCorrupt, "its lossless data do not begin as such");
    const uint32_t packed = in.u32(1);
    return {(packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1};
  }
  if ((in.u8(0) & 1) != 0 || in.u24(3) != 0x2a019d) throw DecodeError(Reason::kCorrupt, "it has no key frame");
  in.span(10, in.u24(0) >> 5);  // the first partition: a mode for every block
  return {in.u16(6) & 0x3fffu, in.u16(8) & 0x3fffu};
}

std::string little_endian(uint64_t value) {
  std::string out;
  for (int i = 0; i < 4; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
  return out;
}

// A file of one bitstream and nothing else. A separate alpha plane (ALPH) is left out, as alpha is dropped anyway.
std::string still_file(std::string_view type, std::string_view data) {
  std::string chunk = std::string(type) + little_endian(data.size()) + std::string(data);
  if (data.size() % 2 != 0) chunk += '\0';
  return "RIFF" + little_endian(chunk.size() + 4) + "WEBP" + chunk;
}

}  // namespace

Container open_webp(std::string_view file, const DecodeLimits& limits) {
  const uint64_t riff_bytes = uint64_t{ByteReader(file, Endian::kLittle).u32(4)} + 8;
  const ByteReader in(ByteReader(file, Endian::kLittle).span(0, riff_bytes), Endian::kLittle);
  Container out;
  Size canvas;
  Size frame;
  for (uint64_t at = kRiffHeader; out.bytes.empty();) {
    if (at >= riff_bytes) throw DecodeError(Reason::kCorrupt, "it holds no picture");
    const std::string_view type = in.span(at, 4);
    const uint32_t length = in.u32(at + 4);
    const std::string_view data = in.span(at + 8, length);
    if (type == "VP8X") {
      canvas = {uint64_t{in.u24(at + 12)} + 1, uint64_t{in.u24(at + 15)} + 1};
      check_size(canvas.width, canvas.height, limits);
    }
    if (type == "ANMF") {
      const ByteReader header(data, Endian::kLittle);
      out.left = static_cast<int>(header.u24(0) * 2);
      out.top = static_cast<int>(header.u24(3) * 2);
      frame = {uint64_t{header.u24(6)} + 1, uint64_t{header.u24(9)} + 1};
      at += 8 + kFrameHeader;  // its chunks are walked like the file's own
      continue;
    }
    if (type == "VP8 " || type == "VP8L") {
      const Size size = bitstream_size(type, data);
      check_size(size.width, size.height, limits);
      if (canvas == Size{}) canvas = size;
      if (frame == Size{}) frame = canvas;
      if (!(frame == size)) throw DecodeError(Reason::kCorrupt, "its header and its data give different sizes");
      out.bytes = still_file(type, data);
    }
    at += 8 + uint64_t{length} + (length & 1);
  }
  const auto left = static_cast<uint64_t>(out.left);
  const auto top = static_cast<uint64_t>(out.top);
  if (left + frame.width > canvas.width || top + frame.height > canvas.height) {
    throw DecodeError(Reason::kCorrupt, "its first frame lies outside the picture");
  }
  out.width = static_cast<int>(canvas.width);
  out.height = static_cast<int>(canvas.height);
  return out;
}

}  // namespace ccx::image
