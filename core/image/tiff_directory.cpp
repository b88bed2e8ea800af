// Reading and rewriting the numbers of a TIFF directory.
#include "core/image/tiff_directory.h"

#include <array>

namespace ccx::image {

namespace {

using Reason = DecodeError::Reason;

// A hundred is many.
constexpr uint64_t kMostTags = 4096;

// Bytes of a number of a type; 0 for types that TIFF does not define.
uint64_t size_of(uint16_t type) {
  constexpr std::array<uint8_t, 19> sizes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
  return type < sizes.size() ? sizes[type] : 0;
}

}  // namespace

TiffDirectory::TiffDirectory(std::string_view file)
    : in_(file, file.substr(0, 2) == "II" ? Endian::kLittle : Endian::kBig), big_(in_.u16(2) == 43) {
  if (big_ && (in_.u16(4) != 8 || in_.u16(6) != 0)) throw DecodeError(Reason::kCorrupt, "its BigTIFF header is wrong");
  const uint64_t start = big_ ? in_.u64(8) : in_.u32(4);
  const uint64_t count = big_ ? in_.u64(start) : in_.u16(start);
  const uint64_t entry_bytes = big_ ? 20 : 12;
  const uint64_t first = start + (big_ ? 8 : 2);
  if (count > kMostTags) throw DecodeError(Reason::kCorrupt, "its directory is impossibly long");
  in_.span(first, count * entry_bytes + (big_ ? 8 : 4));
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t at = first + i * entry_bytes;
    Field field{in_.u16(at + 2), big_ ? in_.u64(at + 4) : in_.u32(at + 4), at + (big_ ? 12 : 8)};
    const uint64_t size = size_of(field.type);
    if (size == 0) continue;
    if (field.count > in_.size()) throw DecodeError(Reason::kTruncated, "a field of its directory is not in the file");
    if (size * field.count > (big_ ? 8u : 4u)) field.at = big_ ? in_.u64(field.at) : in_.u32(field.at);
    in_.span(field.at, size * field.count);
    fields_.emplace(in_.u16(at), field);
  }
}

uint64_t TiffDirectory::count(uint16_t tag) const {
  const auto found = fields_.find(tag);
  return found == fields_.end() ? 0 : found->second.count;
}

const TiffDirectory::Field& TiffDirectory::field(uint16_t tag) const {
  const auto found = fields_.find(tag);
  if (found == fields_.end()) throw DecodeError(Reason::kCorrupt, "it lacks the tag " + std::to_string(tag));
  return found->second;
}

uint64_t TiffDirectory::number(const Field& field, uint64_t i) const {
  if (i >= field.count) throw DecodeError(Reason::kCorrupt, "a field of its directory is too short");
  const uint64_t at = field.at + i * size_of(field.type);
  switch (field.type) {
    case 1:
      return in_.u8(at);
    case 3:
      return in_.u16(at);
    case 4:
      return in_.u32(at);
    case 16:
      return in_.u64(at);
    default:
      throw DecodeError(Reason::kCorrupt, "a field of its directory has the wrong type");
  }
}

void TiffDirectory::rewrite(std::string& file, uint16_t tag, uint64_t value) const {
  if (count(tag) == 0) return;
  const Field& where = field(tag);
  const uint64_t size = size_of(where.type);
  for (uint64_t i = 0; i < size; ++i) {
    const uint64_t shift = 8 * (little_endian() ? i : size - 1 - i);
    file[static_cast<std::size_t>(where.at + i)] = static_cast<char>(value >> shift & 0xff);
  }
}

}  // namespace ccx::image
