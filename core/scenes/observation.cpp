// Every object whose two states differ, and how much of it lies in the picture, told as changes.
#include "core/scenes/observation.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/scenes/observed_pixels.h"
#include "core/scenes/roads.h"
#include "core/scenes/surroundings.h"

namespace ccx::scenes {

namespace {

using describe::Change;
using describe::ChangeKind;
using describe::kTreesWorthAWord;
using describe::RoadShape;
using describe::Setting;

// Less than this share of the picture is not worth a word: a roof's corner at the edge.
constexpr float kSmallestHouse = 0.0022f;
constexpr float kSmallestWholeHouse = 0.0009f;
constexpr float kSmallestRoad = 0.006f;
constexpr float kSmallestClearing = 0.08f;

float footprint_area(const Building& building) {  // parts hardly overlap
  float area = 0.0f;
  for (const Polygon& part : building.footprint) {
    float twice = 0.0f;
    for (size_t i = 0, j = part.size() - 1; i < part.size(); j = i++)
      twice += part[j].x * part[i].y - part[i].x * part[j].y;
    area += 0.5f * std::fabs(twice);
  }
  return area;
}

class Observer {
 public:
  Observer(const World& world, int size, const Dates<Vec2>& shift, const Dates<Vec2>& lean)
      : world_(world), around_(world), pixels_(size, world.extent, shift, lean) {}

  Observation run() {
    for (int direction = 0; direction < 2; ++direction) {
      const bool added = direction == 0;
      clearings(added);
      roads(added);
      lots(added);
      buildings(added, BuildingKind::kHouse, ChangeKind::kHouses);
      buildings(added, BuildingKind::kLarge, ChangeKind::kLargeBuilding);
      buildings(added, BuildingKind::kLarge, ChangeKind::kExtension);
      widened(added);
    }
    std::stable_sort(facts_.changes.begin(), facts_.changes.end(),
                     [](const Change& a, const Change& b) { return weight(a) > weight(b); });
    facts_.trees_lost = around_.trees_lost();
    if (facts_.changed() && std::abs(facts_.trees_lost) > kTreesWorthAWord) trees_with_the_rest();
    Observation observation;
    observation.facts = std::move(facts_);
    pixels_.give(observation);
    return observation;
  }

 private:
  static float weight(const Change& c) {
    const bool building =
        c.kind == ChangeKind::kHouses || c.kind == ChangeKind::kLargeBuilding || c.kind == ChangeKind::kExtension;
    return c.area * (building ? 6.0f : 1.0f);
  }

  static bool differs(const Dates<bool>& present, bool added) { return present[0] == !added && present[1] == added; }

  // A change that is told by its extent alone.
  void add(Change change, const Extent& all) {
    if (change.count == 0) return;
    change.area = pixels_.share(all);
    change.place = place_of(all, pixels_.size());
    facts_.changes.push_back(change);
  }

  void buildings(bool added, BuildingKind kind, ChangeKind change_kind) {
    Change change;
    change.kind = change_kind;
    change.added = added;
    change.count = 0;
    Extent all;
    std::set<std::pair<int, int>> sides;
    std::set<int> roads;
    std::map<std::pair<int, int>, int> row_lengths;
    int settings[5] = {}, with_trees = 0;
    const int stands = added ? 1 : 0;
    std::vector<Vec2> places;
    for (const Building& building : world_.buildings) {
      const bool wing = change_kind == ChangeKind::kExtension;
      if (building.kind != kind || building.wing != wing || !differs(building.present, added)) continue;
      Extent seen;
      for (const Polygon& part : building.footprint)
        seen.add(pixels_.measure(part, stands, building.eave, Thing::kNothing));
      // A small house that is seen whole is told, a roof's corner of that size is not.
      const float whole = footprint_area(building) / (world_.extent * world_.extent);
      if (pixels_.share(seen) < (pixels_.share(seen) > 0.7f * whole ? kSmallestWholeHouse : kSmallestHouse)) continue;
      for (const Polygon& part : building.footprint) pixels_.measure(part, stands, building.eave, Thing::kBuilding);
      all.add(seen);
      places.push_back(building.centre);
      ++change.count;
      if (building.road >= 0) {
        sides.insert({building.road, building.side});
        roads.insert(building.road);
        ++row_lengths[{building.road, building.side}];
      }
      ++settings[static_cast<int>(around_.setting_at(building.centre, 1 - stands))];
      with_trees += around_.trees_near(building.centre, stands) >= 4 ? 1 : 0;
    }
    if (change.count == 0) return;
    change.area = pixels_.share(all);
    change.place = place_of(all, pixels_.size());
    change.setting = static_cast<Setting>(std::max_element(settings, settings + 5) - settings);
    change.surrounding_trees = 2 * with_trees >= change.count;
    change.road_count = static_cast<int>(roads.size());
    for (const auto& [key, n] : row_lengths) change.rows += n >= 3 ? 1 : 0;
    change.among_houses = around_.standing_houses() >= 2;
    change.relation = around_.relation(places, roads, sides, stands);
    for (const Pool& pool : world_.pools) {
      if (!differs(pool.present, added)) continue;
      const Extent e = pixels_.measure(pool.outline, stands, 0.0f, Thing::kNothing);
      if (e.sum > 25.0) change.with_pool = true;
    }
    facts_.changes.push_back(change);
  }

  void roads(bool added) {
    Change change;
    change.kind = ChangeKind::kRoad;
    change.added = added;
    change.count = 0;
    Extent all;
    float turn = 0.0f;
    int settings[5] = {};
    for (const Road& road : world_.roads) {
      if (!road.reported || road.widened_from > 0.0f) continue;
      const bool came = road.surface[1] > road.surface[0];
      if (came != added || road.surface[0] == road.surface[1]) continue;
      const int stands = added ? 1 : 0;
      const Polygon outline = strip(road.axis, road.half_width, 0.0f, Rng(0));
      const Extent seen = pixels_.measure(outline, stands, 0.0f, Thing::kNothing);
      if (pixels_.share(seen) < kSmallestRoad) continue;
      pixels_.measure(outline, stands, 0.0f, Thing::kRoad);
      all.add(seen);
      ++change.count;
      Vec2 first, last;
      int points = 0;
      for (size_t i = 1; i < road.axis.size(); ++i) {
        if (!around_.inside(road.axis[i])) continue;
        const Vec2 d = normalised(road.axis[i] - road.axis[i - 1]);
        if (points++ == 0) first = d;
        last = d;
        if (points % 8 == 0) ++settings[static_cast<int>(around_.setting_at(road.axis[i], 1 - stands))];
      }
      if (points > 0) turn = std::max(turn, 1.0f - dot(first, last));
    }
    if (change.count == 0) return;
    change.area = pixels_.share(all);
    change.place = place_of(all, pixels_.size());
    change.setting = static_cast<Setting>(std::max_element(settings, settings + 5) - settings);
    const Dates<int> junctions = around_.junctions_seen();
    change.shape = change.count >= 3                       ? RoadShape::kSeveral
                   : junctions[1] > 0                      ? RoadShape::kCross
                   : change.count == 2 && junctions[0] > 0 ? RoadShape::kTShaped
                   : change.count == 2                     ? RoadShape::kSeveral
                   : turn > 0.12f                          ? RoadShape::kWinding
                                                           : RoadShape::kStraight;
    facts_.changes.push_back(change);
  }

  // The strips by which a road is wider than it was.
  void widened(bool added) {
    Change change;
    change.kind = ChangeKind::kWidening;
    change.added = added;
    change.count = 0;
    Extent all;
    const int stands = added ? 1 : 0;
    for (const Road& road : world_.roads) {
      if (road.widened_from <= 0.0f || road.surface[stands] == Surface::kNone ||
          road.surface[1 - stands] != Surface::kNone) {
        continue;
      }
      std::vector<Polygon> strips;
      for (const float side : {-0.5f, 0.5f}) {
        strips.push_back(strip(offset_axis(road.axis, side * (road.half_width + road.widened_from)),
                               0.5f * (road.half_width - road.widened_from), 0.0f, Rng(0)));
      }
      Extent seen;
      for (const Polygon& outline : strips) seen.add(pixels_.measure(outline, stands, 0.0f, Thing::kNothing));
      if (pixels_.share(seen) < kSmallestRoad) continue;
      for (const Polygon& outline : strips) pixels_.measure(outline, stands, 0.0f, Thing::kRoad);
      all.add(seen);
      ++change.count;
    }
    add(change, all);
  }

  void lots(bool added) {
    Change change;
    change.kind = ChangeKind::kParking;
    change.added = added;
    change.count = 0;
    Extent all;
    const int stands = added ? 1 : 0;
    for (const ParkingLot& lot : world_.lots) {
      if (!lot.reported || !differs(lot.present, added)) continue;
      const Polygon outline =
          lot.frame.rectangle(-0.5f * lot.width, -0.5f * lot.depth, 0.5f * lot.width, 0.5f * lot.depth);
      const Extent seen = pixels_.measure(outline, stands, 0.0f, Thing::kNothing);
      if (pixels_.share(seen) < kSmallestRoad) continue;
      pixels_.measure(outline, stands, 0.0f, Thing::kRoad);
      all.add(seen);
      ++change.count;
      change.setting = around_.setting_at(lot.frame.origin, 1 - stands);
    }
    add(change, all);
  }

  // Trees of the clearing that stand at one date only, as circles.
  void clearings(bool added) {
    for (const Clearing& clearing : world_.clearings) {
      if (!differs(clearing.wooded, added)) continue;
      Change change;
      change.kind = ChangeKind::kTrees;
      change.added = added;
      Extent all;
      std::vector<Polygon> crowns;
      const int stands = added ? 1 : 0;
      for (const Tree& tree : world_.trees) {
        if (!differs(tree.present, added) || !contains(clearing.outline, tree.at)) continue;
        crowns.push_back(blob(Rng(0), tree.at, tree.radius, tree.radius, 0.0f, 0.0f));
        all.add(pixels_.measure(crowns.back(), stands, tree.radius, Thing::kNothing));
      }
      change.area = pixels_.share(all);
      if (change.area < kSmallestClearing) continue;
      for (const Polygon& crown : crowns) pixels_.measure(crown, stands, 0.0f, Thing::kTrees);
      change.count = static_cast<int>(crowns.size());
      change.place = place_of(all, pixels_.size());
      facts_.changes.push_back(change);
    }
  }

  // Trees that went with what is told, or came with it: shown in the kinds alone.
  void trees_with_the_rest() {
    const int stands = facts_.trees_lost > 0.0f ? 0 : 1;
    for (const Tree& tree : world_.trees) {
      if (!tree.present[stands] || tree.present[1 - stands] || !around_.inside(tree.at)) continue;
      pixels_.show_tree(tree.at, tree.radius, stands);
    }
  }

  const World& world_;
  Surroundings around_;
  ObservedPixels pixels_;
  describe::Facts facts_;
};

}  // namespace

Observation observe(const World& world, int size, const Dates<Vec2>& shift, const Dates<Vec2>& lean) {
  return Observer(world, size, shift, lean).run();
}

}  // namespace ccx::scenes
