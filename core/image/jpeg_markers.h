// Markers of JPEG that more than one reader tells apart (ITU T.81, table B.1).
#pragma once

#include <cstdint>

namespace ccx::image {

// RST0 to RST7, which stand within pixel data.
constexpr bool is_restart(uint8_t marker) {
  return marker >= 0xd0 && marker <= 0xd7;
}

// The header of a frame, SOF0 to SOF15: all but DHT, JPG and DAC.
constexpr bool is_frame(uint8_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

}  // namespace ccx::image
