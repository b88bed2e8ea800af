// The kinds of place and the stories told about them between the two dates.
#pragma once

#include "core/scenes/planner.h"

namespace ccx::scenes {

enum class PlaceKind : uint8_t { kSuburb, kWild, kCommercial, kBareland };

// A world in which something happens (changed) or nothing that people would report. Whether the story is told forwards
// or backwards in time is the caller's choice (`reverse`).
World draw_world(Rng rng, PlaceKind place, bool changed, float extent, const Style& style);

// Differences that nobody reports, drawn into pairs with and without a change alike: tracks, bare spots, ponds, pads,
// sheds, pools, roofs of another tone, paved dirt roads, cars.
void add_unreported_differences(Planner& planner);

}  // namespace ccx::scenes
