#include "core/change/drawn_png.h"

#include <zlib.h>

#include "core/base/error.h"

namespace ccx::change {
namespace {

constexpr std::size_t kHeaderBytes = 33;  // signature and IHDR with its length, type and checksum

// The length, type, text and checksum of a tEXt chunk.
std::string mark() {
  const std::string body("tEXtSoftware\0ccx", 16);
  const uLong checksum = ::crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  std::string out("\0\0\0\x0c", 4);
  out += body;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((checksum >> shift) & 0xFF);
  return out;
}

}  // namespace

std::string marked_as_drawn(std::string_view png) {
  if (png.size() < kHeaderBytes) throw Error("a picture of " + std::to_string(png.size()) + " bytes is no PNG");
  return std::string(png.substr(0, kHeaderBytes)) + mark() + std::string(png.substr(kHeaderBytes));
}

bool starts_as_drawn(std::string_view start) {
  const std::string own = mark();
  return start.starts_with("\x89PNG\r\n\x1a\n") && start.size() >= kHeaderBytes &&
         start.substr(kHeaderBytes, own.size()) == own;
}

}  // namespace ccx::change
