// A picture's file before it is decoded: what kind it is, and its bytes where it is read whole.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/image/decode.h"

namespace ccx::image {

// What GDAL does not tell of a TIFF, or tells otherwise than PIL.
struct TiffTags {
  int orientation = 1;                          // EXIF's 1..8
  std::vector<std::array<uint8_t, 3>> palette;  // the high bytes of the colour map; empty for none
  bool associated_alpha = false;                // colours that were multiplied by the alpha that follows them
  uint64_t directory = 0;                       // where that of the page lies that is the picture; 0: the first
  int pages = 1;                                // ReadInfo's
  std::string page_note;                        // likewise
};

struct Source {
  enum class Format { kPng, kJpeg, kWebp, kRaster, kUnknown };
  Format format = Format::kUnknown;
  const char* driver = nullptr;  // GDAL's, of a raster
  std::filesystem::path path;    // empty for bytes in memory
  std::string held;              // the file's bytes, for formats that are read whole
  std::string_view memory;       // the caller's bytes instead
  TiffTags tags;                 // of a TIFF

  std::string_view bytes() const { return held.empty() ? memory : std::string_view(held); }
};

// Looks into a regular file, and reads it unless it is a raster. GDAL's readers show where most rasters are damaged;
// what they pass over is checked here (the end of a JPEG 2000 code stream). Throws DecodeError without the file's name.
Source open_source(const std::filesystem::path& path, const ReadOptions& options);
// The same of bytes, which must outlive the source.
Source source_of(std::string_view bytes, const ReadOptions& options);

}  // namespace ccx::image
