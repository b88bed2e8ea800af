#include "core/scenes/sites.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/scenes/house.h"

namespace ccx::scenes {

Region draw_region(Planner& p, float whole) {
  if (p.rng.chance(whole)) return {};
  const Vec2 normal = direction(p.rng.range(-kPi, kPi));
  const Vec2 middle{0.5f * p.world.extent, 0.5f * p.world.extent};
  return {normal, dot(middle, normal) + p.rng.range(-0.33f, 0.25f) * p.world.extent};
}

// The region as a polygon with a natural edge.
Polygon outline_of(Planner& p, const Region& region) {
  const float e = p.world.extent, far = 3.0f * e;
  if (region.limit > 1e8f)
    return {{-kMargin, -kMargin}, {e + kMargin, -kMargin}, {e + kMargin, e + kMargin}, {-kMargin, e + kMargin}};
  const Vec2 middle{0.5f * e, 0.5f * e};
  const Vec2 on_edge = middle + region.normal * (region.limit - dot(middle, region.normal));
  const Frame frame{on_edge, perpendicular(region.normal), region.normal};
  Polygon polygon;
  for (float u = -1.5f * e; u <= 1.5f * e; u += 12.0f) polygon.push_back(frame.at(u, p.rng.range(-5.0f, 5.0f)));
  polygon.push_back(frame.at(1.5f * e, -far));
  polygon.push_back(frame.at(-1.5f * e, -far));
  return polygon;
}

Vec2 house_place(const Plot& plot) {
  return plot.frame.at(0.0f, 0.45f * plot.depth);
}

// Plots whose house would be seen, if only in part, in random order.
std::vector<int> visible_plots(Planner& p, const std::vector<int>& plots, float inset) {
  std::vector<int> seen;
  for (int i : plots) {
    if (p.in_picture(house_place(p.world.plots[i]), inset)) seen.push_back(i);
  }
  for (size_t i = seen.size(); i > 1; --i) std::swap(seen[i - 1], seen[p.rng.between(0, static_cast<int>(i) - 1)]);
  return seen;
}

// What lies on land that waits for its houses.
void prepare_ground(Planner& p, const Region& region, int date, bool graded) {
  Patch patch;
  patch.outline = outline_of(p, region);
  patch.ground[date] = graded ? (p.rng.chance(0.75f) ? Ground::kGraded : Ground::kBare) : Ground::kField;
  patch.angle = p.rng.range(-kPi, kPi);
  patch.opacity = p.rng.range(0.8f, 1.0f);
  p.world.patches.push_back(patch);
  if (!graded) return;
  // Machines have driven over it and left heaps.
  const int tracks = p.rng.between(1, 4), heaps = p.rng.between(1, 5);
  for (int i = 0; i < tracks; ++i) {
    Road track;
    track.half_width = p.rng.range(3.0f, 7.0f);
    track.kerb = false;
    track.surface = {Surface::kNone, Surface::kNone};
    track.surface[date] = Surface::kTrack;
    const float bend = p.rng.range(-0.012f, 0.012f);
    const float angle = patch.angle + 0.4f * p.rng.bell();
    track.axis = through_axis(p.somewhere(0.0f), angle, bend, bend, p.world.extent);
    p.world.roads.push_back(track);
  }
  for (int i = 0; i < heaps; ++i) {
    Patch heap;
    const float angle = p.rng.range(-kPi, kPi);
    const float radius_y = p.rng.range(4.0f, 12.0f), radius_x = p.rng.range(5.0f, 26.0f);
    const Vec2 centre = p.somewhere(0.0f);
    heap.outline = roughened(p.rng, blob(p.rng, centre, radius_x, radius_y, angle, 0.4f), 1.5f);
    heap.ground[date] = p.rng.chance(0.5f) ? Ground::kRubble : p.rng.chance(0.5f) ? Ground::kMeadow : Ground::kGravel;
    heap.opacity = p.rng.range(0.4f, 0.9f);
    p.world.patches.push_back(heap);
  }
}

void settle_most(Planner& p, const std::vector<int>& plots, float share) {
  for (int i : plots) {
    Plot& plot = p.world.plots[i];
    const bool settled = p.rng.chance(share);
    plot.settled = {settled, settled};
    if (!settled) {
      // A plot for sale: whether it lies bare or under grass is no change.
      for (Ground& ground : plot.empty)
        ground = p.rng.chance(0.3f) ? Ground::kBare : p.rng.chance(0.5f) ? Ground::kNone : Ground::kMeadow;
    }
  }
}

// One house in wild land with its clearing and drive, perhaps cut by the picture's edge. Returns its plot or -1.
int lone_house(Planner& p, bool at_edge) {
  const bool small = p.rng.chance(0.5f);
  PlotStyle style = small ? cottage_plots(p.rng, p.style) : estate_plots(p.rng, p.style);
  if (!small) {
    style.width = style.house_width + p.rng.range(8.0f, 40.0f);
    style.depth = style.house_depth + p.rng.range(16.0f, 44.0f);
    style.setback = p.rng.range(8.0f, style.depth - style.house_depth - 6.0f);
  }
  style.fenced = p.rng.chance(0.2f);
  style.lawn = p.rng.chance(0.5f);
  for (int tries = 0; tries < 12; ++tries) {
    Vec2 at = p.somewhere(0.15f * p.world.extent);
    if (at_edge) {
      const float along = p.rng.range(0.05f, 0.95f) * p.world.extent, inset = p.rng.range(2.0f, 24.0f);
      const float across = p.rng.chance(0.5f) ? inset : p.world.extent - inset;
      at = p.rng.chance(0.5f) ? Vec2{along, across} : Vec2{across, along};
    }
    const float drive = p.rng.chance(0.75f) ? p.rng.range(60.0f, 240.0f) : 0.0f;
    const int plot = p.lone_plot(at, p.rng.range(-kPi, kPi), style, drive);
    if (plot >= 0) return plot;
  }
  return -1;
}

int add_lot(Planner& p, const Frame& frame, float width, float depth, Dates<bool> present) {
  const Polygon ground = frame.rectangle(-0.5f * width, -0.5f * depth, 0.5f * width, 0.5f * depth);
  if (p.land.share(ground, Occupancy::kUsed) > 0.03f) return -1;
  p.land.mark(ground, Occupancy::kUsed);
  ParkingLot lot;
  lot.frame = frame;
  lot.width = width;
  lot.depth = depth;
  lot.present = present;
  lot.reported = present[0] != present[1];
  const bool dark = p.rng.chance(0.4f);
  lot.dark = {dark, p.rng.chance(0.4f) ? !dark : dark};  // paved anew, which nobody reports
  for (uint8_t date = 0; date < 2; ++date) {
    if (!present[date]) continue;
    const float filled = p.rng.range(0.0f, 0.8f);
    for (float v = -0.5f * depth; v + 11.0f <= 0.5f * depth + 0.5f; v += 32.0f) {
      for (float u = -0.5f * width + 6.8f; u < 0.5f * width - 3.0f; u += 5.6f) {
        if (!p.rng.chance(filled)) continue;
        p.world.cars.push_back({frame.at(u, v + 5.5f + p.rng.range(-0.7f, 0.7f)), frame.across,
                                static_cast<uint8_t>(p.rng.between(0, 7)), date, p.rng.range(0.9f, 1.05f)});
      }
    }
  }
  p.world.lots.push_back(lot);
  return static_cast<int>(p.world.lots.size()) - 1;
}

// A large building with, perhaps, its parking lot. False where there is no room.
bool large_site(Planner& p, Vec2 at, float angle, Dates<bool> present, bool with_lot) {
  const Frame frame = frame_at(at, angle);
  const float width = p.rng.range(44.0f, 130.0f), depth = p.rng.range(34.0f, std::min(90.0f, width + 10.0f));
  const Polygon ground =
      frame.rectangle(-0.5f * width - 4.0f, -0.5f * depth - 4.0f, 0.5f * width + 4.0f, 0.5f * depth + 4.0f);
  if (p.land.share(ground, Occupancy::kUsed) > 0.02f) return false;
  p.land.mark(ground, Occupancy::kUsed);
  Building building = make_large_building(p.rng.fork(8000 + p.world.buildings.size()), frame, width, depth, p.style);
  building.present = present;
  Patch apron;
  apron.outline = frame.rectangle(-0.5f * width - 8.0f, -0.5f * depth - 8.0f, 0.5f * width + 8.0f, 0.5f * depth + 8.0f);
  apron.opacity = p.rng.range(0.5f, 1.0f);
  const Ground around = p.rng.chance(0.5f) ? Ground::kGravel : p.rng.chance(0.5f) ? Ground::kLawn : Ground::kBare;
  for (int d = 0; d < 2; ++d) apron.ground[d] = present[d] ? around : Ground::kNone;
  p.world.patches.push_back(apron);
  p.world.buildings.push_back(std::move(building));
  if (with_lot) {
    const float lot_depth = p.rng.chance(0.5f) ? 26.0f : 58.0f;
    Frame lot = frame;
    const float side = p.rng.chance(0.5f) ? 1.0f : -1.0f;
    lot.origin = frame.at(p.rng.range(-0.1f, 0.1f) * width, side * (0.5f * depth + 6.0f + 0.5f * lot_depth));
    add_lot(p, lot, width * p.rng.range(0.7f, 1.2f), lot_depth, present);
  }
  return true;
}

// A large building that stands at both dates, with a part more at the second.
bool extended_site(Planner& p, Vec2 at, float angle) {
  if (!large_site(p, at, angle, {true, true}, false)) return false;
  const Building& building = p.world.buildings.back();
  const Frame frame = frame_at(at, angle);
  // The site's ground is the building's and 4 units around it; the wing takes its place beside a whole side.
  float half_width = 0.0f, half_depth = 0.0f;
  for (const Polygon& part : building.footprint) {
    for (const Vec2 corner : part) {
      half_width = std::max(half_width, std::fabs(dot(corner - at, frame.along)));
      half_depth = std::max(half_depth, std::fabs(dot(corner - at, frame.across)));
    }
  }
  const float more = p.rng.range(0.4f, 0.9f) * 2.0f * half_width;
  const Frame wing_frame =
      frame_at(frame.at((p.rng.chance(0.5f) ? 1.0f : -1.0f) * (half_width + 0.5f * more), 0.0f), angle);
  Building wing =
      make_large_building(p.rng.fork(8000 + p.world.buildings.size()), wing_frame, more, 2.0f * half_depth, p.style);
  wing.material = building.material;
  wing.tone = building.tone;
  wing.present = {false, true};
  wing.wing = true;
  p.land.mark(wing_frame.rectangle(-0.5f * more, -half_depth, 0.5f * more, half_depth), Occupancy::kUsed);
  p.world.buildings.push_back(std::move(wing));
  return true;
}

int through_road(Planner& p, Dates<Surface> surface, float half_width, bool lanes) {
  Road road;
  road.surface = surface;
  road.half_width = half_width;
  road.kerb = false;
  road.lane_marks = lanes;
  float bend = 0.0f;
  if (p.rng.chance(0.55f)) {
    const float side = p.rng.chance(0.5f) ? 1.0f : -1.0f;
    bend = side / p.rng.range(70.0f, 500.0f);
  }
  const float behind = p.rng.chance(0.5f) ? bend : -bend;
  const float angle = p.rng.range(-kPi, kPi);
  road.axis = through_axis(p.somewhere(0.08f * p.world.extent), angle, bend, behind, p.world.extent);
  return p.add_road(std::move(road));
}

Wild draw_wild(Planner& p, const std::array<float, 4>& odds) {
  const std::array<float, 4>& wild = p.style.wild;
  return static_cast<Wild>(p.rng.pick({odds[0] * wild[0], odds[1] * wild[1], odds[2] * wild[2], odds[3] * wild[3]}));
}

void plant(Planner& p, Wild wild) {
  Woodland& wood = p.world.woodland;
  wood.noise_x = p.rng.between(0, 255);
  wood.noise_y = p.rng.between(0, 255);
  const float steepness = p.rng.range(0.0f, 2.0f);
  wood.slope = direction(p.rng.range(-kPi, kPi)) * steepness;
  switch (wild) {
    case Wild::kForest:
      wood.threshold = p.rng.range(-2.2f, -0.7f);
      wood.spacing = p.rng.range(8.0f, 13.0f);
      wood.scatter = 0.05f;
      break;
    case Wild::kWoodland:
      wood.threshold = p.rng.range(-0.5f, 0.6f);
      wood.spacing = p.rng.range(9.0f, 15.0f);
      wood.scatter = p.rng.range(0.02f, 0.12f);
      break;
    case Wild::kScrub:
      wood.threshold = p.rng.range(0.2f, 1.0f);
      wood.spacing = p.rng.range(7.0f, 10.0f);
      wood.scatter = p.rng.range(0.08f, 0.3f);
      break;
    case Wild::kMeadow:
      wood.threshold = p.rng.range(0.9f, 2.2f);
      wood.spacing = p.rng.range(10.0f, 17.0f);
      wood.scatter = p.rng.range(0.0f, 0.05f);
      break;
  }
  const float evergreen = p.rng.uniform();
  // A quarter of all woods is all but deciduous: bare at one date, it hides nothing of what stands in it.
  const float deciduous = p.rng.chance(0.25f) ? 6.0f : p.rng.chance(0.5f) ? 0.15f : evergreen;
  wood.kinds = {1.0f, wild == Wild::kScrub ? 1.5f : p.rng.range(0.0f, 0.8f), deciduous,
                wild == Wild::kScrub ? 0.6f : 0.12f};
  for (size_t i = 0; i < wood.kinds.size(); ++i) wood.kinds[i] *= p.style.trees[i];
  // More land in a picture has more trees than can be told apart.
  if (p.world.extent > 280.0f) wood.spacing *= p.world.extent / 280.0f;
}

}  // namespace ccx::scenes
