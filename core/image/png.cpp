// PNG: every critical chunk is present, in order, whole and with the right checksum up to IEND.
#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>
#include <utility>
#include <vector>

#include "core/image/byte_reader.h"
#include "core/image/container.h"

namespace ccx::image {

namespace {

using Reason = DecodeError::Reason;

constexpr std::size_t kSignature = 8;
// Deflate cannot compress better than this.
constexpr uint64_t kDeflateRatio = 1032;

uint32_t checksum(std::string_view bytes) {
  return static_cast<uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

struct Header {
  uint32_t width = 0;
  uint32_t height = 0;
  int depth = 0;
  int colour = 0;  // 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGBA

  bool interlaced = false;  // by Adam7

  int channels() const { return colour == 2 ? 3 : colour == 4 ? 2 : colour == 6 ? 4 : 1; }
};

Header read_header(std::string_view data, const DecodeLimits& limits) {
  const ByteReader in(data, Endian::kBig);
  if (in.size() != 13) throw DecodeError(Reason::kCorrupt, "its header chunk has the wrong length");
  Header header{in.u32(0), in.u32(4), in.u8(8), in.u8(9), in.u8(12) == 1};
  const int depth = header.depth;
  const bool packed = depth == 1 || depth == 2 || depth == 4;
  const bool known = (header.colour == 0 && (packed || depth == 8 || depth == 16)) ||
                     (header.colour == 3 && (packed || depth == 8)) ||
                     ((header.colour == 2 || header.colour == 4 || header.colour == 6) && (depth == 8 || depth == 16));
  if (!known || in.u8(10) != 0 || in.u8(11) != 0 || in.u8(12) > 1) {
    throw DecodeError(Reason::kCorrupt, "its header names a colour type, depth or method that PNG does not have");
  }
  check_size(header.width, header.height, limits);
  return header;
}

// The rows that the inflated data must hold: one run for a plain picture, one for each pass of an interlaced one.
struct Rows {
  uint64_t bytes = 0;  // of a row, without the filter byte before it
  uint64_t count = 0;
};

std::vector<Rows> row_runs(const Header& header) {
  const auto run = [&](uint64_t width, uint64_t height) {
    return Rows{(width * static_cast<uint64_t>(header.channels() * header.depth) + 7) / 8, width > 0 ? height : 0};
  };
  if (!header.interlaced) return {run(header.width, header.height)};
  struct Pass {
    uint32_t x, y, dx, dy;
  };
  constexpr std::array<Pass, 7> adam7 = {
      {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}};
  std::vector<Rows> out;
  for (const Pass& pass : adam7) {
    const uint64_t width = header.width > pass.x ? (header.width - pass.x + pass.dx - 1) / pass.dx : 0;
    const uint64_t height = header.height > pass.y ? (header.height - pass.y + pass.dy - 1) / pass.dy : 0;
    out.push_back(run(width, height));
  }
  return out;
}

// Steps through inflated data and looks at the filter byte before each row.
class RowCheck {
 public:
  explicit RowCheck(std::vector<Rows> runs) : runs_(std::move(runs)) { skip_empty(); }

  bool complete() const { return run_ == runs_.size(); }
  void look(std::string_view inflated) {
    for (std::size_t at = 0; at < inflated.size() && !complete();) {
      if (left_ == 0) {
        if (static_cast<uint8_t>(inflated[at]) > 4) throw DecodeError(Reason::kCorrupt, "a row has an unknown filter");
        left_ = runs_[run_].bytes;
        ++at;
      }
      const uint64_t step = std::min<uint64_t>(left_, inflated.size() - at);
      at += static_cast<std::size_t>(step);
      left_ -= step;
      if (left_ == 0 && step > 0 && --runs_[run_].count == 0) {
        ++run_;
        skip_empty();
      }
    }
  }

 private:
  void skip_empty() {
    while (run_ < runs_.size() && runs_[run_].count == 0) ++run_;
  }

  std::vector<Rows> runs_;
  std::size_t run_ = 0;
  uint64_t left_ = 0;  // bytes of the current row still to come
};

// Inflates all pixel data once, into nowhere: libpng would name damage on stderr and OpenCV not at all.
void check_pixel_data(const std::vector<std::string_view>& parts, const Header& header) {
  struct Stream : z_stream {
    Stream() : z_stream{} {
      if (inflateInit(this) != Z_OK) throw std::bad_alloc();
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    ~Stream() { inflateEnd(this); }
  };
  Stream stream;
  RowCheck rows(row_runs(header));
  std::vector<char> scratch(1 << 16);
  int state = Z_OK;
  for (const std::string_view part : parts) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
    stream.avail_in = static_cast<uInt>(part.size());
    while (state == Z_OK && (stream.avail_in > 0 || stream.avail_out == 0)) {
      stream.next_out = reinterpret_cast<Bytef*>(scratch.data());
      stream.avail_out = static_cast<uInt>(scratch.size());
      state = inflate(&stream, Z_NO_FLUSH);
      if (state == Z_BUF_ERROR) state = Z_OK;  // no more to be made of this part
      if (state != Z_OK && state != Z_STREAM_END) {
        throw DecodeError(Reason::kCorrupt, "its compressed pixel data are damaged");
      }
      rows.look({scratch.data(), scratch.size() - stream.avail_out});
    }
  }
  if (state != Z_STREAM_END || !rows.complete()) throw DecodeError(Reason::kTruncated, "its pixel data are cut short");
}

}  // namespace

Container open_png(std::string_view file, const DecodeLimits& limits) {
  const ByteReader in(file, Endian::kBig);
  Container out;
  out.bytes.reserve(file.size());
  out.bytes.append(in.span(0, kSignature));
  Header header;
  bool palette = false;
  bool data_ended = false;
  std::vector<std::string_view> data;
  uint64_t data_bytes = 0;
  for (uint64_t at = kSignature;;) {
    const uint32_t length = in.u32(at);
    const std::string_view type = in.span(at + 4, 4);
    const bool first = at == kSignature;
    // Transparency (tRNS) is left out with the rest: alpha is dropped, and OpenCV versions differ in what they make of
    // it.
    if (first && type != "IHDR") throw DecodeError(Reason::kCorrupt, "it does not begin with a header chunk");
    if (first) header = read_header(in.span(at + 8, length), limits);
    const bool critical = type == "IHDR" || type == "PLTE" || type == "IDAT" || type == "IEND";
    const std::string_view chunk = in.span(at, uint64_t{length} + 12);
    if (critical) {
      if (checksum(in.span(at + 4, uint64_t{length} + 4)) != in.u32(at + 8 + length)) {
        throw DecodeError(Reason::kCorrupt, "the checksum of its " + std::string(type) + " chunk is wrong");
      }
      if (type == "IHDR" && !first) throw DecodeError(Reason::kCorrupt, "it has two header chunks");
      if (type == "PLTE") {
        if (palette || data_bytes > 0 || length == 0 || length % 3 != 0 || length > 768) {
          throw DecodeError(Reason::kCorrupt, "its palette chunk is misplaced or has the wrong length");
        }
        palette = true;
      }
      if (type == "IDAT") {
        if (data_ended) throw DecodeError(Reason::kCorrupt, "its pixel data are interrupted by another chunk");
        data_bytes += length;
        data.push_back(in.span(at + 8, length));
      }
      const bool useless = type == "PLTE" && header.colour != 3;  // a suggestion, or an error in a grey picture
      if (!useless) out.bytes.append(chunk);
    } else if ((static_cast<unsigned char>(type[0]) & 0x20) == 0) {
      throw DecodeError(Reason::kUnsupported, "it has a critical chunk that PNG does not define");
    }
    if (type != "IDAT" && data_bytes > 0) data_ended = true;
    if (type == "IEND") break;
    at += uint64_t{length} + 12;
  }
  if (header.colour == 3 && !palette) throw DecodeError(Reason::kCorrupt, "it has no palette");
  const uint64_t row_bytes = (uint64_t{header.width} * static_cast<uint64_t>(header.channels() * header.depth) + 7) / 8;
  if (data_bytes == 0 || row_bytes * header.height / kDeflateRatio > data_bytes) {
    throw DecodeError(Reason::kTruncated, "it has too few bytes for its size");
  }
  check_pixel_data(data, header);
  out.is_deep = header.depth == 16;
  out.width = static_cast<int>(header.width);
  out.height = static_cast<int>(header.height);
  return out;
}

}  // namespace ccx::image
