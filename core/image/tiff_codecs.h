// The compressions of TIFF that lose nothing. libtiff, asked through OpenCV, hands out what it could make of a damaged
// strip without a word; these say so.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/image/tiff_layout.h"

namespace ccx::image {

// None, LZW, deflate (two numbers) and PackBits.
bool is_tiff_codec(uint64_t compression);

// The first `rows` rows of a strip or tile as they were before compression and prediction, in the file's byte order.
// Throws DecodeError where the data are damaged or too few.
std::string decompress_tiff(std::string_view data, const TiffLayout& layout, bool little_endian, uint64_t rows);

}  // namespace ccx::image
