// What covers the ground at each date and what changed, as shares of the cells of a coarse grid: dense targets to learn
// from, which captions are too coarse for.
#pragma once

#include <cstdint>
#include <vector>

#include "core/scenes/world.h"

namespace ccx::scenes {

// Channels of Maps::cover: roads and parking lots; crowns without shrubs; earth, gravel and rubble that nothing of
// these covers.
enum class Cover : uint8_t { kBuilding, kRoad, kTrees, kBare };
inline constexpr int kCovers = 4;
// Channels of Maps::change: reported changes, as in the mask.
enum class ChangeCover : uint8_t { kBuildingCame, kBuildingGone, kOtherCame, kOtherGone };
inline constexpr int kChangeCovers = 4;

// Row-major [channel][cells][cells], each value the share of a cell in 0..1.
struct Maps {
  int cells = 0;
  Dates<std::vector<float>> cover;
  std::vector<float> change;
};

// `mask` and `gone` are a pair's of the same name, size x size; cells must divide size. `shift` and `lean` are the two
// dates' (Appearance).
Maps draw_maps(const World& world, const std::vector<uint8_t>& mask, const std::vector<uint8_t>& gone, int size,
               int cells, const Dates<Vec2>& shift, const Dates<Vec2>& lean);

// The same pair told backwards.
Maps turned(Maps maps);

}  // namespace ccx::scenes
