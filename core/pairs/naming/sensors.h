// Names of satellites, of who sells their pictures, and of drones in names of pictures. No file system.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ccx::pairs {

// Where a name tells of a satellite: WV02, GE01, Pleiades, Sentinel-2, L8, S2A.
struct SensorSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
  // A letter and a number, S2 or L8, which may be of a place too; 0 for names that are nothing else.
  char letter = 0;
};

// Of a name or a key (markers.h), in order.
std::vector<SensorSpan> sensors_in(std::string_view name);

}  // namespace ccx::pairs
