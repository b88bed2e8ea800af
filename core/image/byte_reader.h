// Numbers out of untrusted bytes: every read is checked, and one past the end says that the file is truncated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/image/decode.h"

namespace ccx::image {

enum class Endian { kLittle, kBig };

class ByteReader {
 public:
  ByteReader(std::string_view bytes, Endian endian) : bytes_(bytes), endian_(endian) {}

  std::size_t size() const { return bytes_.size(); }
  std::string_view span(uint64_t offset, uint64_t count) const {
    if (offset > bytes_.size() || count > bytes_.size() - offset) {
      throw DecodeError(DecodeError::Reason::kTruncated, "the file is cut short");
    }
    return bytes_.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(count));
  }
  uint8_t u8(uint64_t offset) const { return static_cast<uint8_t>(span(offset, 1)[0]); }
  uint16_t u16(uint64_t offset) const { return static_cast<uint16_t>(number(offset, 2)); }
  uint32_t u24(uint64_t offset) const { return static_cast<uint32_t>(number(offset, 3)); }
  uint32_t u32(uint64_t offset) const { return static_cast<uint32_t>(number(offset, 4)); }
  uint64_t u64(uint64_t offset) const { return number(offset, 8); }

 private:
  uint64_t number(uint64_t offset, unsigned count) const {
    const std::string_view raw = span(offset, count);
    uint64_t value = 0;
    for (unsigned i = 0; i < count; ++i) {
      const unsigned at = endian_ == Endian::kBig ? i : count - 1 - i;
      value = value << 8 | static_cast<uint8_t>(raw[at]);
    }
    return value;
  }

  std::string_view bytes_;
  Endian endian_;
};

}  // namespace ccx::image
