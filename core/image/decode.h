// Reads picture files: PNG, JPEG, WebP, TIFF and BMP to 8-bit RGB, as PIL's `Image.open(file).convert("RGB")` does.
//
// A file is hostile until checked. Its container is walked first (container.h): size, depth and every length are read
// from the header before anything is allocated, and a file that ends early is an error, not a picture with a grey
// lower half. Only then is it handed to OpenCV.
//
// What PIL 13 does, and so this: alpha is dropped without compositing; grey is replicated; a palette is resolved and
// its transparency ignored; EXIF orientation is ignored in PNG, JPEG and WebP but a TIFF's orientation tag is applied;
// colour profiles and gamma are ignored. 16-bit colour keeps its high byte. 16-bit, 32-bit and float *grey* is clipped
// to 0..255, not scaled: such pictures should be brought to 8 bits before they come here.
//
// PNG, WebP, BMP and TIFF without JPEG compression are equal to PIL's to the byte. A JPEG is as equal as the libjpeg
// behind it: libjpeg-turbo is equal; CMYK differs by at most 1.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/graph/error.h"
#include "core/image/image.h"

namespace ccx::image {

// What is too large to be tried at all.
struct DecodeLimits {
  int64_t max_pixels = 178'956'970;  // PIL's own decompression-bomb error
  int64_t max_file_bytes = int64_t{1} << 30;
};

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
  // The error code of a caption record: "too_large" or "decode_image".
  const char* record_code() const { return reason_ == Reason::kTooLarge ? "too_large" : "decode_image"; }

 private:
  Reason reason_;
};

// The picture is beyond the limits. Found from the header, before memory is asked for.
class ImageTooLarge : public DecodeError {
 public:
  explicit ImageTooLarge(const std::string& message) : DecodeError(Reason::kTooLarge, message) {}
};

// Reads a regular file. Throws DecodeError and nothing else, whatever the file holds.
Image load_image(const std::filesystem::path& path, const DecodeLimits& limits = {});

// The same from bytes in memory; `name` stands for the file in errors.
Image decode_image(std::string_view bytes, const std::string& name, const DecodeLimits& limits = {});

}  // namespace ccx::image
