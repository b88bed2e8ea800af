// Masks as picture files: an indexed PNG whose values are the kinds and whose palette is their colours.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/change/change_map.h"
#include "core/image/png_chunks.h"

namespace ccx::change {

// sRGB of each kind, in masks, reports and on the page. Kinds differ in lightness as well as in hue, so that they can
// be told apart by people who see fewer colours.
inline constexpr std::array<std::array<uint8_t, 3>, kChangeKindCount> kKindColours = {{
    {0, 0, 0},        // none
    {230, 57, 70},    // building_built
    {255, 183, 3},    // building_removed
    {142, 202, 230},  // road
    {82, 183, 136},   // vegetation_lost
    {58, 92, 236},    // water
    {200, 182, 255},  // other
}};

// An 8-bit indexed PNG, the palette as above. The same mask gives the same bytes with the same zlib. Throws ccx::Error
// for a mask whose values do not fit its size.
std::string mask_png(const KindMask& mask);

// Whether a file that begins with `start`, its first kMaskPngStart bytes, is a picture that mask_png() wrote: an
// indexed PNG with this palette.
inline constexpr std::size_t kMaskPngStart = image::kPngStart + 12 + 3 * kChangeKindCount;
bool starts_as_mask_png(std::string_view start);

// A mask picture as stored: grey values, or the indexes of a palette, of 8 bits or fewer. Throws InputError naming
// `name` for anything else, colour pictures among it.
KindMask read_mask(std::string_view bytes, const std::string& name);

}  // namespace ccx::change
