// Reads picture files to 8-bit RGB: PNG and WebP through OpenCV, JPEG through libjpeg, rasters (TIFF, GeoTIFF and COG,
// JPEG 2000, VRT, ENVI, Erdas Imagine, BMP) through GDAL.
//
// A file is hostile until checked. Size, depth and every length are read from the header before anything is allocated,
// and a file that ends early is an error, not a picture with a grey lower half.
//
// Pictures of 8 bits come out as PIL 13's `Image.open(file).convert("RGB")` gives them: alpha is dropped without
// compositing; grey is replicated; a palette is resolved and its transparency ignored; EXIF orientation is ignored in
// PNG, JPEG and WebP but a TIFF's orientation tag is applied; colour profiles and gamma are ignored. Deeper samples are
// stretched (stretch.h); with `none` they too are as PIL has them. Pixels of a raster that hold no data (nodata values,
// alpha 0, masks, NaN) count in no statistics and become the mean of the others.
//
// PNG, WebP, BMP and TIFF without JPEG compression are equal to PIL's to the byte (BMP of 16 bits a pixel within 1). A
// JPEG is as equal as the libjpeg behind it: libjpeg-turbo is equal; CMYK differs by at most 1.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/image/image.h"
#include "core/image/read_options.h"

namespace ccx::image {

// A file is not a picture that can be used. `what()` names the file and the reason.
class DecodeError : public InputError {
 public:
  enum class Reason {
    kUnreadable,   // no such file, no permission, a directory, a pipe
    kEmpty,        // zero bytes
    kNotAnImage,   // none of the formats
    kTruncated,    // ends before its own structure does
    kCorrupt,      // contradicts itself or its checksum
    kUnsupported,  // a variant of the format that is not read
    kTooLarge,     // beyond DecodeLimits, or the machine's memory
  };
  DecodeError(Reason reason, const std::string& message) : InputError(message), reason_(reason) {}
  Reason reason() const { return reason_; }

 private:
  Reason reason_;
};

// The picture is beyond the limits. Found from the header, before memory is asked for.
class ImageTooLarge : public DecodeError {
 public:
  explicit ImageTooLarge(const std::string& message) : DecodeError(Reason::kTooLarge, message) {}
};

// A picture and what was done to it.
struct Picture {
  Image image;
  ReadInfo info;
  // Where the file holds no data: [height * width], 1 for missing. Empty where there is data everywhere.
  std::vector<uint8_t> missing;
};

// Reads a regular file. Throws DecodeError and nothing else, whatever the file holds.
Picture read_picture(const std::filesystem::path& path, const ReadOptions& options = {});
Image load_image(const std::filesystem::path& path, const ReadOptions& options = {});

// The same from bytes in memory; `name` stands for the file in errors.
Picture decode_picture(std::string_view bytes, const std::string& name, const ReadOptions& options = {});
Image decode_image(std::string_view bytes, const std::string& name, const ReadOptions& options = {});

}  // namespace ccx::image
