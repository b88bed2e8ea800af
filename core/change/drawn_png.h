// A mark in a PNG picture by which ccx knows that it drew it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ccx::change {

// The picture with a text "Software: ccx" behind its header.
std::string marked_as_drawn(std::string_view png);

// Whether a file that begins with `start`, its first kDrawnStart bytes, is such a picture.
inline constexpr std::size_t kDrawnStart = 33 + 12 + 12;
bool starts_as_drawn(std::string_view start);

}  // namespace ccx::change
