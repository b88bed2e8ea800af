#include "core/image/png_chunks.h"

#include <zlib.h>

namespace ccx::image {

std::string big_endian(uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((value >> shift) & 0xFF);
  return out;
}

std::string png_chunk(std::string_view type, std::string_view data) {
  const std::string body = std::string(type) + std::string(data);
  const uLong checksum = ::crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big_endian(static_cast<uint32_t>(data.size())) + body + big_endian(static_cast<uint32_t>(checksum));
}

std::string png_start(int width, int height, PngColour colour) {
  std::string header = big_endian(static_cast<uint32_t>(width)) + big_endian(static_cast<uint32_t>(height));
  header += '\x08';
  header += static_cast<char>(colour);
  header.append(3, '\0');  // deflate, the usual filters, not interlaced
  return std::string(kPngSignature) + png_chunk("IHDR", header);
}

}  // namespace ccx::image
