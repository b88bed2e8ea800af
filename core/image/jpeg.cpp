// JPEG: the markers lead from SOI through a frame header and at least one scan to EOI.
#include "core/image/byte_reader.h"
#include "core/image/container.h"
#include "core/image/jpeg_markers.h"

namespace ccx::image {

namespace {

using Reason = DecodeError::Reason;

constexpr uint8_t kStartOfImage = 0xd8;
constexpr uint8_t kEndOfImage = 0xd9;
constexpr uint8_t kStartOfScan = 0xda;
constexpr uint8_t kJfif = 0xe0;   // APP0
constexpr uint8_t kAdobe = 0xee;  // APP14: says whether the colours are YCbCr, YCCK or as they are
// A progressive picture has some ten scans; thousands are an attack on time.
constexpr int kMostScans = 1000;

// The first byte after `at` that belongs to a marker: entropy-coded data hold 0xff only before 0 or a restart.
uint64_t end_of_scan(std::string_view file, uint64_t at) {
  for (;;) {
    const std::size_t found = file.find('\xff', static_cast<std::size_t>(at));
    if (found == std::string_view::npos || found + 1 >= file.size()) {
      throw DecodeError(Reason::kTruncated, "its pixel data are cut short");
    }
    const auto next = static_cast<uint8_t>(file[found + 1]);
    if (next != 0 && next != 0xff && !is_restart(next)) return found;
    at = found + (next == 0xff ? 1 : 2);
  }
}

void read_frame(uint8_t marker, std::string_view segment, const DecodeLimits& limits, Container& out) {
  const ByteReader in(segment, Endian::kBig);
  const bool huffman = marker >= 0xc0 && marker <= 0xc2;
  const bool arithmetic = marker == 0xc9 || marker == 0xca;
  if ((!huffman && !arithmetic) || in.u8(2) != 8) {
    throw DecodeError(Reason::kUnsupported, "it is a lossless, hierarchical or 12-bit JPEG");
  }
  const int components = in.u8(7);
  if (components != 1 && components != 3 && components != 4) {
    throw DecodeError(Reason::kUnsupported, "it is a JPEG of " + std::to_string(components) + " colour components");
  }
  check_size(in.u16(5), in.u16(3), limits);
  out.width = in.u16(5);
  out.height = in.u16(3);
}

}  // namespace

Container open_jpeg(std::string_view file, const DecodeLimits& limits) {
  const ByteReader in(file, Endian::kBig);
  Container out;
  out.bytes.reserve(file.size());
  out.bytes.append(in.span(0, 2));
  int scans = 0;
  for (uint64_t at = 2;;) {
    if (in.u8(at) != 0xff) throw DecodeError(Reason::kCorrupt, "it has a byte where a marker should be");
    while (in.u8(at + 1) == 0xff) ++at;  // fill bytes
    const uint8_t marker = in.u8(at + 1);
    if (marker == kEndOfImage) break;
    if (marker <= 0x01 || marker == kStartOfImage || is_restart(marker)) {
      throw DecodeError(Reason::kCorrupt, "it has a marker out of place");
    }
    const uint16_t length = in.u16(at + 2);
    if (length < 2) throw DecodeError(Reason::kCorrupt, "it has a segment of impossible length");
    const std::string_view segment = in.span(at + 2, length);
    uint64_t end = at + 2 + length;
    if (is_frame(marker)) {
      if (out.width != 0) throw DecodeError(Reason::kCorrupt, "it has two frame headers");
      read_frame(marker, segment, limits, out);
    }
    if (marker == kStartOfScan) {
      if (out.width == 0) throw DecodeError(Reason::kCorrupt, "it has pixel data before its frame header");
      if (++scans > kMostScans) throw DecodeError(Reason::kUnsupported, "it has more than 1000 scans");
      end = end_of_scan(file, end);
    }
    const bool application = marker >= 0xe0 && marker <= 0xef;
    const bool comment = marker == 0xfe;
    if (!(application || comment) || marker == kJfif || marker == kAdobe) {
      out.bytes.append(in.span(at, end - at));
    }
    at = end;
  }
  if (scans == 0) throw DecodeError(Reason::kCorrupt, "it has no pixel data");
  out.bytes.append("\xff\xd9");
  return out;
}

}  // namespace ccx::image
