// Rasterises every object whose two states differ and counts what lies in the picture.
#include "core/scenes/observation.h"

#include <map>
#include <set>

#include "core/scenes/canvas.h"
#include "core/scenes/painter.h"
#include "core/scenes/roads.h"

namespace ccx::scenes {

namespace {

using describe::Change;
using describe::ChangeKind;
using describe::kTreesWorthAWord;
using describe::Place;
using describe::Relation;
using describe::RoadShape;
using describe::Setting;

// Less than this share of the picture is not worth a word: a roof's corner at the edge.
constexpr float kSmallestHouse = 0.0022f;
constexpr float kSmallestWholeHouse = 0.0009f;
constexpr float kSmallestRoad = 0.006f;
constexpr float kSmallestClearing = 0.08f;

struct Extent {
  double sum = 0.0, sum_x = 0.0, sum_y = 0.0;
  int left = 1 << 20, right = -1, top = 1 << 20, bottom = -1;

  void add(const Extent& o) {
    sum += o.sum;
    sum_x += o.sum_x;
    sum_y += o.sum_y;
    left = std::min(left, o.left);
    right = std::max(right, o.right);
    top = std::min(top, o.top);
    bottom = std::max(bottom, o.bottom);
  }
};

Place place_of(const Extent& e, int size) {
  Place place;
  if (e.sum <= 0.0) return place;
  const float n = static_cast<float>(size);
  const float x = static_cast<float>(e.sum_x / e.sum) / n, y = static_cast<float>(e.sum_y / e.sum) / n;
  const float wide = static_cast<float>(e.right - e.left) / n, high = static_cast<float>(e.bottom - e.top) / n;
  place.everywhere = wide > 0.68f && high > 0.68f;
  if (place.everywhere) return place;
  if (wide < 0.75f) place.horizontal = x < 0.36f ? -1 : x > 0.64f ? 1 : 0;
  if (high < 0.75f) place.vertical = y < 0.36f ? -1 : y > 0.64f ? 1 : 0;
  place.central = place.horizontal == 0 && place.vertical == 0 && wide < 0.6f && high < 0.6f;
  return place;
}

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
      : world_(world),
        size_(size),
        shift_(shift),
        lean_(lean),
        filler_(size),
        zoom_(static_cast<float>(size) / world.extent) {
    result_.mask.assign(static_cast<size_t>(size) * size, 0);
    result_.gone.assign(static_cast<size_t>(size) * size, 0);
    result_.kinds.assign(static_cast<size_t>(size) * size, 0);
    result_.kinds_turned.assign(static_cast<size_t>(size) * size, 0);
  }

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
    std::stable_sort(result_.facts.changes.begin(), result_.facts.changes.end(),
                     [](const Change& a, const Change& b) { return weight(a) > weight(b); });
    result_.facts.trees_lost = trees_lost();
    if (result_.facts.changed() && std::abs(result_.facts.trees_lost) > kTreesWorthAWord) trees_with_the_rest();
    return std::move(result_);
  }

 private:
  static float weight(const Change& c) {
    const bool building =
        c.kind == ChangeKind::kHouses || c.kind == ChangeKind::kLargeBuilding || c.kind == ChangeKind::kExtension;
    return c.area * (building ? 6.0f : 1.0f);
  }

  static bool differs(const Dates<bool>& present, bool added) { return present[0] == !added && present[1] == added; }

  // What a reported difference is of. Where two lie on one pixel, the later of this list is told.
  enum class Thing : uint8_t { kNothing, kTrees, kRoad, kBuilding };

  static uint8_t mask_value(Thing thing) {
    return thing == Thing::kNothing ? 0 : thing == Thing::kBuilding ? kMaskBuilding : kMaskOther;
  }

  static uint8_t kind(Thing thing, bool came) {
    using Kind = ccx::ChangeKind;
    switch (thing) {
      case Thing::kNothing:
        break;
      case Thing::kTrees:
        return static_cast<uint8_t>(came ? Kind::kOther : Kind::kVegetationLost);
      case Thing::kRoad:
        return static_cast<uint8_t>(Kind::kRoad);
      case Thing::kBuilding:
        return static_cast<uint8_t>(came ? Kind::kBuildingBuilt : Kind::kBuildingRemoved);
    }
    return static_cast<uint8_t>(Kind::kNone);
  }

  // Coverage of a polygon; with a thing, written to the maps.
  Extent measure(const Polygon& outline, int date, float height, Thing thing) {
    const uint8_t value = mask_value(thing);
    Polygon pixels;
    for (Vec2 p : outline) pixels.push_back((p + lean_[date] * height) * zoom_ + shift_[date]);
    Extent extent;
    filler_.fill(pixels, [&](int y, int x0, int n, const float* cover) {
      const size_t start = static_cast<size_t>(y) * size_ + x0;
      uint8_t* row = &result_.mask[start];
      for (int i = 0; i < n; ++i) {
        if (cover[i] < 0.5f) continue;
        if (value > row[i]) {
          row[i] = value;
          result_.gone[start + i] = date == 0 ? 1 : 0;
        }
        show(start + i, thing, date);
        extent.sum += 1.0;
        extent.sum_x += x0 + i + 0.5;
        extent.sum_y += y + 0.5;
        extent.left = std::min(extent.left, x0 + i);
        extent.right = std::max(extent.right, x0 + i);
        extent.top = std::min(extent.top, y);
        extent.bottom = std::max(extent.bottom, y);
      }
    });
    return extent;
  }

  void show(size_t pixel, Thing thing, int date) {
    if (thing <= things_[pixel]) return;
    things_[pixel] = thing;
    result_.kinds[pixel] = kind(thing, date == 1);
    result_.kinds_turned[pixel] = kind(thing, date == 0);
  }

  // A change that is told by its extent alone.
  void add(Change change, const Extent& all) {
    if (change.count == 0) return;
    change.area = share(all);
    change.place = place_of(all, size_);
    result_.facts.changes.push_back(change);
  }

  float share(const Extent& e) const { return static_cast<float>(e.sum / (static_cast<double>(size_) * size_)); }

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
      for (const Polygon& part : building.footprint) seen.add(measure(part, stands, building.eave, Thing::kNothing));
      // A small house that is seen whole is told, a roof's corner of that size is not.
      const float whole = footprint_area(building) / (world_.extent * world_.extent);
      if (share(seen) < (share(seen) > 0.7f * whole ? kSmallestWholeHouse : kSmallestHouse)) continue;
      for (const Polygon& part : building.footprint) measure(part, stands, building.eave, Thing::kBuilding);
      all.add(seen);
      places.push_back(building.centre);
      ++change.count;
      if (building.road >= 0) {
        sides.insert({building.road, building.side});
        roads.insert(building.road);
        ++row_lengths[{building.road, building.side}];
      }
      ++settings[static_cast<int>(setting_at(building.centre, 1 - stands))];
      with_trees += trees_near(building.centre, stands) >= 4 ? 1 : 0;
    }
    if (change.count == 0) return;
    change.area = share(all);
    change.place = place_of(all, size_);
    change.setting = static_cast<Setting>(std::max_element(settings, settings + 5) - settings);
    change.surrounding_trees = 2 * with_trees >= change.count;
    change.road_count = static_cast<int>(roads.size());
    for (const auto& [key, n] : row_lengths) change.rows += n >= 3 ? 1 : 0;
    change.among_houses = standing_houses() >= 2;
    change.relation = relation(places, roads, sides, stands);
    for (const Pool& pool : world_.pools) {
      if (!differs(pool.present, added)) continue;
      const Extent e = measure(pool.outline, stands, 0.0f, Thing::kNothing);
      if (e.sum > 25.0) change.with_pool = true;
    }
    result_.facts.changes.push_back(change);
  }

  int standing_houses() {
    int count = 0;
    for (const Building& building : world_.buildings) {
      if (building.kind == BuildingKind::kShed || !building.present[0] || !building.present[1]) continue;
      const Vec2 c = building.centre;
      count += c.x > 0.0f && c.y > 0.0f && c.x < world_.extent && c.y < world_.extent;
    }
    return count;
  }

  Relation relation(const std::vector<Vec2>& places, const std::set<int>& roads,
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

  bool inside(Vec2 p) const { return p.x > 0.0f && p.y > 0.0f && p.x < world_.extent && p.y < world_.extent; }

  // Where a road begins on another: T-shaped (first) and crossing (second).
  Dates<int> junctions_seen() const {
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

  int trees_near(Vec2 at, int date) const {
    int count = 0;
    for (const Tree& tree : world_.trees) {
      count += tree.present[date] && tree.kind != TreeKind::kShrub && length(tree.at - at) < 30.0f;
    }
    return count;
  }

  Setting setting_at(Vec2 at, int date) const {
    const int trees = trees_near(at, date);
    if (trees >= 9) return Setting::kForest;
    if (trees >= 4) return Setting::kTrees;
    Ground ground = world_.base[date];
    for (const Patch& patch : world_.patches) {
      if (patch.ground[date] != Ground::kNone && contains(patch.outline, at)) ground = patch.ground[date];
    }
    for (const Plot& plot : world_.plots) {
      if (plot.settled[date] || plot.empty[date] == Ground::kNone) continue;
      if (contains(plot.frame.rectangle(-0.5f * plot.width, 0.0f, 0.5f * plot.width, plot.depth), at))
        ground = plot.empty[date];
    }
    switch (ground) {
      case Ground::kBare:
      case Ground::kGraded:
      case Ground::kGravel:
      case Ground::kSite:
      case Ground::kRubble:
        return Setting::kBareland;
      case Ground::kField:
        return Setting::kField;
      default:
        return Setting::kMeadow;
    }
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
      const Extent seen = measure(outline, stands, 0.0f, Thing::kNothing);
      if (share(seen) < kSmallestRoad) continue;
      measure(outline, stands, 0.0f, Thing::kRoad);
      all.add(seen);
      ++change.count;
      Vec2 first, last;
      int points = 0;
      for (size_t i = 1; i < road.axis.size(); ++i) {
        if (!inside(road.axis[i])) continue;
        const Vec2 d = normalised(road.axis[i] - road.axis[i - 1]);
        if (points++ == 0) first = d;
        last = d;
        if (points % 8 == 0) ++settings[static_cast<int>(setting_at(road.axis[i], 1 - stands))];
      }
      if (points > 0) turn = std::max(turn, 1.0f - dot(first, last));
    }
    if (change.count == 0) return;
    change.area = share(all);
    change.place = place_of(all, size_);
    change.setting = static_cast<Setting>(std::max_element(settings, settings + 5) - settings);
    const Dates<int> junctions = junctions_seen();
    change.shape = change.count >= 3                       ? RoadShape::kSeveral
                   : junctions[1] > 0                      ? RoadShape::kCross
                   : change.count == 2 && junctions[0] > 0 ? RoadShape::kTShaped
                   : change.count == 2                     ? RoadShape::kSeveral
                   : turn > 0.12f                          ? RoadShape::kWinding
                                                           : RoadShape::kStraight;
    result_.facts.changes.push_back(change);
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
      for (const Polygon& outline : strips) seen.add(measure(outline, stands, 0.0f, Thing::kNothing));
      if (share(seen) < kSmallestRoad) continue;
      for (const Polygon& outline : strips) measure(outline, stands, 0.0f, Thing::kRoad);
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
      const Extent seen = measure(outline, stands, 0.0f, Thing::kNothing);
      if (share(seen) < kSmallestRoad) continue;
      measure(outline, stands, 0.0f, Thing::kRoad);
      all.add(seen);
      ++change.count;
      change.setting = setting_at(lot.frame.origin, 1 - stands);
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
        all.add(measure(crowns.back(), stands, tree.radius, Thing::kNothing));
      }
      change.area = share(all);
      if (change.area < kSmallestClearing) continue;
      for (const Polygon& crown : crowns) measure(crown, stands, 0.0f, Thing::kTrees);
      change.count = static_cast<int>(crowns.size());
      change.place = place_of(all, size_);
      result_.facts.changes.push_back(change);
    }
  }

  // Trees that went with what is told, or came with it: shown in the kinds alone.
  void trees_with_the_rest() {
    const int stands = result_.facts.trees_lost > 0.0f ? 0 : 1;
    for (const Tree& tree : world_.trees) {
      if (!tree.present[stands] || tree.present[1 - stands] || !inside(tree.at)) continue;
      const Vec2 at = tree.at * zoom_ + shift_[stands];
      filler_.fill(blob(Rng(0), at, tree.radius * zoom_, tree.radius * zoom_, 0.0f, 0.0f),
                   [&](int y, int x0, int n, const float* cover) {
                     for (int i = 0; i < n; ++i) {
                       if (cover[i] >= 0.5f) show(static_cast<size_t>(y) * size_ + x0 + i, Thing::kTrees, stands);
                     }
                   });
    }
  }

  float trees_lost() const {
    float lost = 0.0f;
    for (const Tree& tree : world_.trees) {
      if (tree.present[0] == tree.present[1] || !inside(tree.at)) continue;
      lost += (tree.present[0] ? 1.0f : -1.0f) * kPi * tree.radius * tree.radius;
    }
    return lost / (world_.extent * world_.extent);
  }

  const World& world_;
  int size_;
  Dates<Vec2> shift_;
  Dates<Vec2> lean_;
  Filler filler_;
  float zoom_;
  std::vector<Thing> things_ = std::vector<Thing>(static_cast<size_t>(size_) * size_, Thing::kNothing);
  Observation result_;
};

}  // namespace

Observation observe(const World& world, int size, const Dates<Vec2>& shift, const Dates<Vec2>& lean) {
  return Observer(world, size, shift, lean).run();
}

}  // namespace ccx::scenes
