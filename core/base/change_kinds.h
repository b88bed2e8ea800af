// The kinds of change that a map of changes tells apart, one byte a pixel on the after picture's grid. The numbers are
// part of file formats (`ccx scenes` writes them, change heads are trained on them): never renumber.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ccx {

enum class ChangeKind : uint8_t {
  kNone,             // nothing that a caption would report
  kBuildingBuilt,    // by its roof's outline
  kBuildingRemoved,  // the same, where it stood before
  kRoad,             // a road or parking lot that came or went, or the strip by which a road is wider or narrower
  kVegetationLost,   // crowns of a wood that was cleared
  kWater,            // a lake, river or basin that came or went
  kOther,            // anything else that is reported: a wood that has grown, a sports ground
};
inline constexpr int kChangeKindCount = 7;

inline constexpr std::array<std::string_view, kChangeKindCount> kChangeKindNames = {
    "none", "building_built", "building_removed", "road", "vegetation_lost", "water", "other"};

inline std::string change_kind_name(ChangeKind kind) {
  return std::string(kChangeKindNames[static_cast<std::size_t>(kind)]);
}

}  // namespace ccx
