// COCO's run lengths (rle.h).
#include "core/change/rle.h"

#include <cstddef>
#include <cstdint>

namespace ccx::change {

std::vector<unsigned> run_lengths(const KindMask& mask, ChangeKind kind) {
  std::vector<unsigned> lengths;
  const auto wanted = static_cast<uint8_t>(kind);
  bool inside = false;
  unsigned length = 0;
  for (int x = 0; x < mask.width; ++x) {
    const uint8_t* pixel = mask.kinds.data() + x;
    for (int y = 0; y < mask.height; ++y, pixel += mask.width) {
      if ((*pixel == wanted) != inside) {
        lengths.push_back(length);
        length = 0;
        inside = !inside;
      }
      ++length;
    }
  }
  lengths.push_back(length);
  return lengths;
}

std::string coco_counts(const std::vector<unsigned>& lengths) {
  std::string out;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    int64_t value = lengths[i];
    if (i > 2) value -= lengths[i - 2];
    for (bool more = true; more;) {
      auto digit = static_cast<int>(value & 0x1F);
      value >>= 5;
      // Done when what is left is only the sign that the highest bit written already says.
      more = (digit & 0x10) != 0 ? value != -1 : value != 0;
      if (more) digit |= 0x20;
      out += static_cast<char>(digit + 48);
    }
  }
  return out;
}

}  // namespace ccx::change
