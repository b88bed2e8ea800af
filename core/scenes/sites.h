// What stories are told with: stretches of land, ground that is prepared, houses alone, halls and their lots, roads
// across.
#pragma once

#include <array>
#include <vector>

#include "core/scenes/planner.h"

namespace ccx::scenes {

// Half the picture, a corner of it or all of it: where development happens.
struct Region {
  Vec2 normal;
  float limit = 1e9f;
  bool contains(Vec2 p) const { return dot(p, normal) < limit; }
};

// `whole`: chance that it is all of the picture.
Region draw_region(Planner& p, float whole);
// The region as a polygon with a natural edge.
Polygon outline_of(Planner& p, const Region& region);

// Cover of wild land.
enum class Wild : uint8_t { kForest, kWoodland, kScrub, kMeadow };
void plant(Planner& p, Wild wild);
// Forest, woodland, scrub or meadow by these odds times those of the world's style.
Wild draw_wild(Planner& p, const std::array<float, 4>& odds);

// Fields, pastures, lakes and rivers, before anything is built. Call first.
void lay_land(Planner& p);

// What lies at `date` on land that waits for its houses: levelled ground with tracks and heaps, or else a field.
void prepare_ground(Planner& p, const Region& region, int date, bool graded);

// Where on a plot its house stands.
Vec2 house_place(const Plot& plot);
// Plots whose house would be seen, if only in part, in random order.
std::vector<int> visible_plots(Planner& p, const std::vector<int>& plots, float inset);
// That share of the plots has its house at both dates; the others lie bare or under grass.
void settle_most(Planner& p, const std::vector<int>& plots, float share);

// One house in wild land with its clearing and drive, perhaps cut by the picture's edge. Returns its plot or -1.
int lone_house(Planner& p, bool at_edge);
// A parking lot with cars. Returns its index, or -1 where there is no room.
int add_lot(Planner& p, const Frame& frame, float width, float depth, Dates<bool> present);
// A large building with, perhaps, its parking lot. False where there is no room.
bool large_site(Planner& p, Vec2 at, float angle, Dates<bool> present, bool with_lot);
// A large building that stands at both dates, with a part more at the second. False where there is no room.
bool extended_site(Planner& p, Vec2 at, float angle);
// A road, straight or bent, from one side of the picture to another. Returns its index.
int through_road(Planner& p, Dates<Surface> surface, float half_width, bool lanes);

}  // namespace ccx::scenes
