// The first directory of a TIFF or BigTIFF file: its tags and their numbers, every one checked against the file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/image/byte_reader.h"

namespace ccx::image {

enum TiffTag : uint16_t {
  kWidth = 256,
  kHeight = 257,
  kBitsPerSample = 258,
  kCompression = 259,
  kPhotometric = 262,
  kFillOrder = 266,
  kStripOffsets = 273,
  kOrientation = 274,
  kSamplesPerPixel = 277,
  kRowsPerStrip = 278,
  kStripByteCounts = 279,
  kPlanarConfiguration = 284,
  kPredictor = 317,
  kColorMap = 320,
  kTileWidth = 322,
  kTileLength = 323,
  kTileOffsets = 324,
  kTileByteCounts = 325,
  kExtraSamples = 338,
  kSampleFormat = 339,
};

class TiffDirectory {
 public:
  // A tag's numbers, left where they lie.
  struct Field {
    uint16_t type = 0;
    uint64_t count = 0;
    uint64_t at = 0;  // offset of the first number
  };

  // Reads the header and the first directory. `file` must outlive the object.
  explicit TiffDirectory(std::string_view file);

  const ByteReader& bytes() const { return in_; }
  bool little_endian() const { return in_.span(0, 2) == "II"; }

  // How many numbers a tag has; 0 where it is absent.
  uint64_t count(uint16_t tag) const;
  // Throws where the tag is absent.
  const Field& field(uint16_t tag) const;
  uint64_t number(const Field& field, uint64_t i) const;
  // The tag's first number, or `otherwise` where it is absent.
  uint64_t number(uint16_t tag, uint64_t otherwise) const { return count(tag) > 0 ? number(field(tag), 0) : otherwise; }

  // Overwrites a tag's first number in a copy of the file; nothing where it is absent.
  void rewrite(std::string& file, uint16_t tag, uint64_t value) const;

 private:
  ByteReader in_;
  bool big_;
  std::map<uint16_t, Field> fields_;
};

}  // namespace ccx::image
