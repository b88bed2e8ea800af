// PackBits, LZW and the two predictors; deflate is zlib's.
#include "core/image/tiff_codecs.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <vector>

namespace ccx::image {

namespace {

using Reason = DecodeError::Reason;

constexpr uint64_t kLzw = 5;
constexpr uint64_t kDeflate = 8;
constexpr uint64_t kPackBits = 32773;
constexpr uint64_t kOldDeflate = 32946;
// No codec here makes more of a byte than this.
constexpr uint64_t kBestRatio = 4096;

[[noreturn]] void damaged() {
  throw DecodeError(Reason::kCorrupt, "its compressed pixel data are damaged");
}

std::string inflate(std::string_view data, std::size_t size) {
  std::string out(size, '\0');
  auto length = static_cast<uLongf>(size);
  auto used = static_cast<uLong>(data.size());
  const int result =
      uncompress2(reinterpret_cast<Bytef*>(out.data()), &length, reinterpret_cast<const Bytef*>(data.data()), &used);
  // Z_BUF_ERROR with a full buffer: a last strip may hold rows beyond the picture's end.
  if ((result != Z_OK && result != Z_BUF_ERROR) || length != size) damaged();
  return out;
}

std::string unpack_bits(std::string_view data, std::size_t size) {
  std::string out;
  out.reserve(size);
  std::size_t at = 0;
  while (out.size() < size) {
    if (at >= data.size()) damaged();
    const auto head = static_cast<int8_t>(data[at++]);
    if (head == -128) continue;
    if (head < 0) {
      if (at >= data.size()) damaged();
      out.append(static_cast<std::size_t>(1 - head), data[at++]);
    } else {
      const std::size_t count = static_cast<std::size_t>(head) + 1;
      if (count > data.size() - at) damaged();
      out.append(data.substr(at, count));
      at += count;
    }
  }
  out.resize(size);
  return out;
}

// TIFF 6.0, section 13: codes of 9 to 12 bits, highest bit first, each a string seen before plus one byte; the width
// grows one code early.
std::string unpack_lzw(std::string_view data, std::size_t size) {
  constexpr uint32_t clear = 256;
  constexpr uint32_t end = 257;
  constexpr uint32_t most = 4096;
  // The string of a code is `length` bytes of the output at `start`: every string was written out when it was made.
  std::array<std::size_t, most> start{};
  std::array<std::size_t, most> length{};
  std::string out;
  out.reserve(size);
  uint32_t next = end + 1;
  uint32_t width = 9;
  std::size_t bit = 0;
  std::size_t last_start = 0;
  std::size_t last_length = 0;  // 0 after a clear
  while (out.size() < size) {
    if (bit + width > data.size() * 8) damaged();
    uint32_t code = 0;
    for (uint32_t taken = 0; taken < width;) {
      const uint32_t in_byte = static_cast<uint32_t>(bit % 8);
      const uint32_t count = std::min(8 - in_byte, width - taken);
      const uint32_t byte = static_cast<uint8_t>(data[bit / 8]);
      code = code << count | ((byte >> (8 - in_byte - count)) & ((1u << count) - 1));
      bit += count;
      taken += count;
    }
    if (code == end) damaged();
    if (code == clear) {
      next = end + 1;
      width = 9;
      last_length = 0;
      continue;
    }
    const std::size_t here = out.size();
    if (code < clear) {
      out += static_cast<char>(code);
    } else if (last_length > 0 && code < next) {
      // By index: the string may be the one being written.
      for (std::size_t i = 0; i < length[code]; ++i) out += out[start[code] + i];
    } else if (last_length > 0 && code == next) {
      for (std::size_t i = 0; i < last_length; ++i) out += out[last_start + i];
      out += out[last_start];
    } else {
      damaged();
    }
    if (last_length > 0 && next < most) {
      start[next] = last_start;  // the last string and the byte that followed it
      length[next] = last_length + 1;
      ++next;
      if (next + 1 >= (1u << width) && width < 12) ++width;
    }
    last_start = here;
    last_length = out.size() - here;
  }
  out.resize(size);
  return out;
}

// Undoes horizontal differencing (predictor 2): each sample is stored as the difference to the pixel before.
void sum_row(uint8_t* row, std::size_t samples, std::size_t stride, uint64_t bits, bool little) {
  if (bits == 8) {
    for (std::size_t i = stride; i < samples; ++i) row[i] = static_cast<uint8_t>(row[i] + row[i - stride]);
    return;
  }
  const std::size_t size = static_cast<std::size_t>(bits) / 8;
  for (std::size_t i = stride; i < samples; ++i) {
    uint32_t carry = 0;
    for (std::size_t b = 0; b < size; ++b) {  // lowest byte first
      const std::size_t place = little ? b : size - 1 - b;
      carry += static_cast<uint32_t>(row[i * size + place]) + row[(i - stride) * size + place];
      row[i * size + place] = static_cast<uint8_t>(carry);
      carry >>= 8;
    }
  }
}

// Undoes floating-point differencing (predictor 3): all highest bytes first, then the next, each a difference.
void gather_row(uint8_t* row, std::size_t samples, std::size_t stride, uint64_t bits, bool little) {
  const std::size_t size = static_cast<std::size_t>(bits) / 8;
  for (std::size_t i = stride; i < samples * size; ++i) row[i] = static_cast<uint8_t>(row[i] + row[i - stride]);
  const std::vector<uint8_t> planes(row, row + samples * size);
  for (std::size_t i = 0; i < samples; ++i) {
    for (std::size_t b = 0; b < size; ++b) row[i * size + (little ? size - 1 - b : b)] = planes[b * samples + i];
  }
}

}  // namespace

bool is_tiff_codec(uint64_t compression) {
  return compression == kUncompressed || compression == kLzw || compression == kDeflate || compression == kPackBits ||
         compression == kOldDeflate;
}

std::string decompress_tiff(std::string_view data, const TiffLayout& layout, bool little_endian, uint64_t rows) {
  const auto row_bytes = static_cast<std::size_t>(layout.row_bytes());
  const std::size_t size = row_bytes * static_cast<std::size_t>(rows);
  if (layout.compression == kUncompressed) return std::string(data.substr(0, size));
  if (size / kBestRatio > data.size()) damaged();
  std::string out = layout.compression == kLzw        ? unpack_lzw(data, size)
                    : layout.compression == kPackBits ? unpack_bits(data, size)
                                                      : inflate(data, size);
  const std::size_t stride = layout.separate ? 1 : static_cast<std::size_t>(layout.samples);
  const std::size_t samples = static_cast<std::size_t>(layout.tile_width) * stride;
  for (std::size_t y = 0; y < rows; ++y) {
    auto* row = reinterpret_cast<uint8_t*>(out.data()) + y * row_bytes;
    if (layout.predictor == 2) sum_row(row, samples, stride, layout.bits, little_endian);
    if (layout.predictor == 3) gather_row(row, samples, stride, layout.bits, little_endian);
  }
  return out;
}

}  // namespace ccx::image
