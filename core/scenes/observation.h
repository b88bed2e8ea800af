// What changed in a drawn scene, measured on what can be seen in the picture.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/change_kinds.h"
#include "core/describe/facts.h"
#include "core/scenes/world.h"

namespace ccx::scenes {

// One byte a pixel, 0 for no reported change.
inline constexpr uint8_t kMaskBuilding = 255;  // a building that came or went, by its roof's outline (as in LEVIR-CD)
inline constexpr uint8_t kMaskOther = 128;     // a road, parking lot or wood that came or went

struct Observation {
  describe::Facts facts;
  std::vector<uint8_t> mask;  // size x size
  std::vector<uint8_t> gone;  // the same; 1 where what the mask shows stood before and went, 0 elsewhere
  // The same, values of ccx::ChangeKind: as the pair is told, and as it is told with its dates exchanged. Beyond the
  // mask they show the trees that went (or came) with something else, where the captions may say so.
  std::vector<uint8_t> kinds, kinds_turned;
};

// `shift` is each date's misregistration in pixels, `lean` the displacement of roofs per unit of height.
Observation observe(const World& world, int size, const Dates<Vec2>& shift, const Dates<Vec2>& lean);

}  // namespace ccx::scenes
