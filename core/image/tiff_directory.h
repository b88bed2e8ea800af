// A TIFF's directories as they lie in its file: their entries, and where the next one is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/image/byte_reader.h"

namespace ccx::image {

// Up to `count` bytes from `offset`; fewer at the file's end.
using Fetch = std::function<std::string(uint64_t offset, std::size_t count)>;

struct TiffEntry {
  uint64_t tag = 0;
  uint64_t values = 0;         // how many
  std::size_t value_size = 0;  // bytes of one; 0 for a type that is not known
  std::string place;           // the values where they fit into it (4 bytes, of a BigTIFF 8), else their offset
};

struct TiffDirectory {
  std::vector<TiffEntry> entries;
  uint64_t next = 0;  // 0: it is the last
};

// TIFF and BigTIFF of either byte order.
class TiffFile {
 public:
  // Throws DecodeError where not even the header is there.
  explicit TiffFile(Fetch fetch);

  uint64_t first() const { return first_; }  // directory
  std::string fetch(uint64_t offset, std::size_t count) const { return fetch_(offset, count); }
  // Nothing where it is cut short.
  std::optional<TiffDirectory> directory(uint64_t offset) const;

  std::size_t word() const { return word_; }  // bytes of an offset
  uint64_t number(const std::string& bytes, std::size_t at, std::size_t size) const;
  // The first value of an entry; 0 for one that is no whole number.
  uint64_t value(const TiffEntry& entry) const;
  // Where the values lie that do not fit into the entry.
  uint64_t offset(const TiffEntry& entry) const { return number(entry.place, 0, word_); }

 private:
  Fetch fetch_;
  Endian endian_ = Endian::kLittle;
  std::size_t word_ = 4;
  uint64_t first_ = 0;
};

}  // namespace ccx::image
