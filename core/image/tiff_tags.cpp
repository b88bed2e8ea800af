// Walking a TIFF's first directory (tiff_tags.h).
#include "core/image/tiff_tags.h"

#include <algorithm>
#include <array>

#include "core/image/byte_reader.h"

namespace ccx::image {

namespace {

using Reason = DecodeError::Reason;

// Bytes of a value of each TIFF type; 0 for none that is known.
std::size_t type_size(uint64_t type) {
  constexpr std::array<std::size_t, 19> sizes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
  return type < sizes.size() ? sizes[static_cast<std::size_t>(type)] : 0;
}

// Refuses what GDAL would hand out as if it were brightnesses of red, green and blue.
void check_photometric(uint64_t photometric) {
  const char* kind = photometric == 9 || photometric == 10          ? "ICC or ITU L*a*b*"
                     : photometric == 32803                         ? "a colour filter array, raw from the sensor"
                     : photometric == 32844 || photometric == 32845 ? "SGI's logarithmic luminance"
                                                                    : nullptr;
  if (kind != nullptr) {
    throw DecodeError(Reason::kUnsupported, std::string("its colours are ") + kind + "; convert it to RGB");
  }
}

}  // namespace

TiffTags tiff_tags(const Fetch& fetch) {
  TiffTags out;
  const auto cut = [] { return DecodeError(Reason::kTruncated, "its directory is cut short"); };
  const std::string head = fetch(0, 16);
  if (head.size() < 16) throw cut();
  const Endian endian = head[0] == 'I' ? Endian::kLittle : Endian::kBig;
  const auto number = [&](const std::string& bytes, std::size_t at, std::size_t size) -> uint64_t {
    const ByteReader in(bytes, endian);
    return size == 2 ? in.u16(at) : size == 4 ? in.u32(at) : in.u64(at);
  };
  const bool big = number(head, 2, 2) == 43;
  const std::size_t word = big ? 8 : 4;
  const uint64_t directory = number(head, big ? 8 : 4, word);
  const std::size_t count_size = big ? 8 : 2;
  const std::string count = fetch(directory, count_size);
  if (count.size() < count_size) throw cut();
  const uint64_t entries = std::min<uint64_t>(number(count, 0, count_size), 4096);
  const std::size_t each = 4 + 2 * word;  // tag, type, count, value or offset
  const std::size_t listed = static_cast<std::size_t>(entries) * each;
  const std::string all = fetch(directory + count_size, listed + word);  // and where the next directory is
  if (all.size() < listed + word) throw cut();
  for (std::size_t at = 0; at < listed; at += each) {
    const uint64_t tag = number(all, at, 2);
    const uint64_t values = number(all, at + 4, word);
    const std::size_t value_at = at + 4 + word;
    const uint64_t bytes = values < (uint64_t{1} << 40) ? values * type_size(number(all, at + 2, 2)) : 0;
    if (bytes > word && fetch(number(all, value_at, word) + bytes - 1, 1).empty()) throw cut();
    const uint64_t first = number(all, value_at, 2);
    if (tag == 262) check_photometric(first);
    if (tag == 274 && first >= 1 && first <= 8) out.orientation = static_cast<int>(first);
    if (tag == 338 && values >= 1) out.associated_alpha = first == 1;
    if (tag == 320 && values >= 3 && values <= 3 * 65536 && values % 3 == 0) {
      const std::string map = fetch(number(all, value_at, word), static_cast<std::size_t>(values) * 2);
      if (map.size() != values * 2) continue;
      const std::size_t colours = map.size() / 6;  // all reds, all greens, all blues
      out.palette.resize(colours);
      for (std::size_t i = 0; i < colours; ++i) {
        for (std::size_t c = 0; c < 3; ++c) {
          out.palette[i][c] = static_cast<uint8_t>(number(map, (c * colours + i) * 2, 2) >> 8);
        }
      }
    }
  }
  return out;
}

}  // namespace ccx::image
