#include "core/scenes/surroundings.h"

#include <cstdlib>
#include <map>

namespace ccx::scenes {

using describe::Relation;
using describe::Setting;

int Surroundings::standing_houses() const {
  int count = 0;
  for (const Building& building : world_.buildings) {
    if (building.kind == BuildingKind::kShed || !building.present[0] || !building.present[1]) continue;
    const Vec2 c = building.centre;
    count += c.x > 0.0f && c.y > 0.0f && c.x < world_.extent && c.y < world_.extent;
  }
  return count;
}

Relation Surroundings::relation(const std::vector<Vec2>& places, const std::set<int>& roads,
                                const std::set<std::pair<int, int>>& sides, int date) const {
  if (!roads.empty()) {
    for (int r : roads) {
      const Road& road = world_.roads[r];
      if (road.bulb > 0.0f && roads.size() == 1 && inside(road.axis.back())) return Relation::kRoadEnd;
    }
    const Dates<int> junctions = junctions_seen();
    if (roads.size() >= 2 && junctions[1] > 0) return Relation::kCrossroad;
    if (roads.size() >= 2 && junctions[0] > 0) return Relation::kCorner;
    if (sides.size() >= 2 && places.size() >= 3) return Relation::kBothSides;
    return places.size() >= 3 ? Relation::kOneSide : Relation::kAlong;
  }
  // A lone house: is there a road within 45 metres of it?
  for (const Road& road : world_.roads) {
    if (road.surface[date] == Surface::kNone || road.surface[date] == Surface::kTrack) continue;
    for (Vec2 p : road.axis) {
      if (inside(p) && length(p - places.front()) < 90.0f) return Relation::kAlong;
    }
  }
  return Relation::kNone;
}

Dates<int> Surroundings::junctions_seen() const {
  std::map<std::pair<int, int>, int> starts;  // by place, in cells of 12 units
  for (size_t i = 1; i < world_.roads.size(); ++i) {
    const Vec2 start = world_.roads[i].axis.front();
    if (world_.roads[i].surface[1] == Surface::kTrack || !inside(start)) continue;
    ++starts[{static_cast<int>(start.x / 12.0f), static_cast<int>(start.y / 12.0f)}];
  }
  Dates<int> junctions{0, 0};
  for (const auto& [at, n] : starts) ++junctions[n >= 2 ? 1 : 0];
  return junctions;
}

int Surroundings::trees_near(Vec2 at, int date) const {
  int count = 0;
  for (const Tree& tree : world_.trees) {
    count += tree.present[date] && tree.kind != TreeKind::kShrub && length(tree.at - at) < 30.0f;
  }
  return count;
}

Setting Surroundings::setting_at(Vec2 at, int date) const {
  const int trees = trees_near(at, date);
  if (trees >= 9) return Setting::kForest;
  if (trees >= 4) return Setting::kTrees;
  Ground ground = world_.base[date];
  for (const Patch& patch : world_.patches) {
    if (patch.ground[date] != Ground::kNone && contains(patch.outline, at)) ground = patch.ground[date];
  }
  for (const Plot& plot : world_.plots) {
    if (plot.settled[date] || plot.empty[date] == Ground::kNone) continue;
    if (contains(plot.outline(), at)) ground = plot.empty[date];
  }
  if (is_bare(ground)) return Setting::kBareland;
  return ground == Ground::kField ? Setting::kField : Setting::kMeadow;
}

float Surroundings::trees_lost() const {
  float lost = 0.0f;
  for (const Tree& tree : world_.trees) {
    if (tree.present[0] == tree.present[1] || !inside(tree.at)) continue;
    lost += (tree.present[0] ? 1.0f : -1.0f) * kPi * tree.radius * tree.radius;
  }
  return lost / (world_.extent * world_.extent);
}

}  // namespace ccx::scenes
