// What a PNG file is made of, for those that write their own: signature, header and chunks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ccx::image {

inline constexpr std::string_view kPngSignature("\x89PNG\r\n\x1a\n", 8);
// Signature and IHDR, with its length, type and checksum.
inline constexpr std::size_t kPngStart = 33;

// Values of IHDR.
enum class PngColour { kGrey = 0, kRgb = 2, kPalette = 3 };

std::string big_endian(uint32_t value);

// type: four letters.
std::string png_chunk(std::string_view type, std::string_view data);

// The first kPngStart bytes of a picture of 8 bits a sample, not interlaced.
std::string png_start(int width, int height, PngColour colour);

}  // namespace ccx::image
