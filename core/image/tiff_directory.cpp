// Reading directories entry by entry (tiff_directory.h).
#include "core/image/tiff_directory.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/image/decode.h"

namespace ccx::image {

namespace {

// Bytes of a value of each TIFF type; 0 for none that is known.
std::size_t type_size(uint64_t type) {
  constexpr std::array<std::size_t, 19> sizes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
  return type < sizes.size() ? sizes[static_cast<std::size_t>(type)] : 0;
}

}  // namespace

TiffFile::TiffFile(Fetch fetch) : fetch_(std::move(fetch)) {
  const std::string head = fetch_(0, 16);
  if (head.size() < 16) throw DecodeError(DecodeError::Reason::kTruncated, "its directory is cut short");
  endian_ = head[0] == 'I' ? Endian::kLittle : Endian::kBig;
  const bool big = number(head, 2, 2) == 43;
  word_ = big ? 8 : 4;
  first_ = number(head, big ? 8 : 4, word_);
}

uint64_t TiffFile::number(const std::string& bytes, std::size_t at, std::size_t size) const {
  const ByteReader in(bytes, endian_);
  return size == 1 ? in.u8(at) : size == 2 ? in.u16(at) : size == 4 ? in.u32(at) : in.u64(at);
}

uint64_t TiffFile::value(const TiffEntry& entry) const {
  return entry.value_size == 0 || entry.value_size > entry.place.size() ? 0 : number(entry.place, 0, entry.value_size);
}

std::optional<TiffDirectory> TiffFile::directory(uint64_t offset) const {
  const std::size_t count_size = word_ == 8 ? 8 : 2;
  const std::string count = fetch_(offset, count_size);
  if (count.size() < count_size) return std::nullopt;
  const uint64_t entries = std::min<uint64_t>(number(count, 0, count_size), 4096);
  const std::size_t each = 4 + 2 * word_;  // tag, type, count, value or offset
  const std::size_t listed = static_cast<std::size_t>(entries) * each;
  const std::string all = fetch_(offset + count_size, listed + word_);  // and where the next directory is
  if (all.size() < listed + word_) return std::nullopt;
  TiffDirectory out;
  out.next = number(all, listed, word_);
  for (std::size_t at = 0; at < listed; at += each) {
    out.entries.push_back({number(all, at, 2), number(all, at + 4, word_), type_size(number(all, at + 2, 2)),
                           all.substr(at + 4 + word_, word_)});
  }
  return out;
}

}  // namespace ccx::image
