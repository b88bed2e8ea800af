// What a scene is made of, before anything is drawn. Every object says what it is at each of the two dates; a change is
// an object whose two states differ. Units are half metres, x to the right and y down, the picture covers
// [0, extent) x [0, extent) and the world goes on a little beyond it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/scenes/geometry.h"

namespace ccx::scenes {

// Index 0 is the date before, 1 the date after.
template <typename T>
using Dates = std::array<T, 2>;

inline constexpr float kMargin = 56.0f;  // how far the world goes on outside of the picture

// Graded: levelled for building. Site: a house's foundations and what lies around them. Pasture: grass that is greener
// or drier than the rest.
enum class Ground : uint8_t {
  kNone,
  kMeadow,
  kBare,
  kGraded,
  kLawn,
  kField,
  kGravel,
  kWater,
  kRubble,
  kSite,
  kPasture
};
// Earth, gravel or rubble: what people call bareland.
bool is_bare(Ground ground);
enum class Surface : uint8_t { kNone, kTrack, kDirt, kPaved };

struct Road {
  std::vector<Vec2> axis;
  float half_width = 8.0f;
  Dates<Surface> surface{Surface::kPaved, Surface::kPaved};
  bool kerb = true;           // pale kerb and footpath
  bool lane_marks = false;    // a main road
  float bulb = 0.0f;          // radius of the turning circle at the end of a cul-de-sac, 0 for none
  bool island = false;        // a planted island in it
  bool reported = false;      // people call its difference a change
  float widened_from = 0.0f;  // half width of the road that was there before it, 0 where it is no widened road
};

// A piece of ground of its own kind.
struct Patch {
  Polygon outline;
  Dates<Ground> ground{Ground::kNone, Ground::kNone};
  float angle = 0.0f;  // direction of furrows and tracks
  float opacity = 1.0f;
  Dates<float> tone{0.0f, 0.0f};  // of fields and pastures: bare or dry (-1) to green (1)
  // Trees keep off at the date too at which the patch is not there, so that none goes with it.
  bool open_always = false;
};

struct RoofPoint {
  Vec2 at;
  float height = 0.0f;
};

struct RoofFace {
  std::vector<RoofPoint> outline;
  Vec2 normal;  // horizontal part, unit or zero for a flat roof
};

enum class BuildingKind : uint8_t { kHouse, kShed, kLarge };
enum class RoofMaterial : uint8_t { kShingle, kTile, kMetal, kWhite };

// In the world, faces in drawing order.
struct Building {
  BuildingKind kind = BuildingKind::kHouse;
  std::vector<Polygon> footprint;  // convex parts
  std::vector<RoofFace> faces;
  std::vector<Vec2> vents;
  Vec2 centre;
  Vec2 ridge{1.0f, 0.0f};
  float eave = 6.0f;
  RoofMaterial material = RoofMaterial::kShingle;
  Dates<float> tone{0.0f, 0.0f};  // brightness against the date's roofs, about -1..1
  Dates<bool> present{true, true};
  Dates<bool> raw{false, false};  // walls and open rafters
  int road = -1;                  // the road it faces, -1 for none
  int side = 0;                   // which side of it, -1 or 1
  bool wing = false;              // part of a building that stands at both dates, which is extended by it
  bool reported = false;
};

// A piece of land that belongs to a house. `frame`: the origin is the middle of the front, `across` leads away from
// the road.
struct Plot {
  Frame frame;
  float width = 44.0f;
  float depth = 56.0f;
  int building = -1;
  int road = -1;
  int side = 0;
  Dates<bool> settled{true, true};                    // lawn, drive, fence and garden are there
  Dates<Ground> empty{Ground::kNone, Ground::kNone};  // ground of a plot that is not settled
  bool lawn = true;
  bool fenced = true;
  float lawn_tone = 0.0f;
  Dates<bool> drive_paved{true, true};
  Polygon drive;
  Polygon path;

  Polygon outline() const { return frame.rectangle(-0.5f * width, 0.0f, 0.5f * width, depth); }
};

struct ParkingLot {
  Frame frame;
  float width = 80.0f;
  float depth = 50.0f;
  Dates<bool> present{true, true};
  Dates<bool> dark{false, false};
  bool reported = false;
};

struct Pool {
  Polygon outline;
  Dates<bool> present{true, true};
};

enum class TreeKind : uint8_t { kOak, kCedar, kDeciduous, kShrub };

struct Tree {
  Vec2 at;
  float radius = 6.0f;
  TreeKind kind = TreeKind::kOak;
  float tone = 0.0f;
  Dates<bool> present{true, true};
};

struct Fence {
  Vec2 from, to;
  bool wire = false;  // a pasture's fence, hardly seen
  Dates<bool> present{true, true};
};

struct Car {
  Vec2 at;
  Vec2 heading{1.0f, 0.0f};
  uint8_t colour = 0;
  uint8_t date = 0;
  float scale = 1.0f;
};

// Wooded land whose trees go or come together, which people call a change.
struct Clearing {
  Polygon outline;
  Dates<bool> wooded{true, false};
  Dates<Ground> ground{Ground::kNone, Ground::kBare};
};

// Where trees stand: value noise with a slope across the picture, cut at a threshold.
struct Woodland {
  int noise_x = 0, noise_y = 0;
  Vec2 slope;              // per extent
  float threshold = 0.0f;  // about -2 (closed forest) to 2 (open land)
  float spacing = 10.0f;
  float scatter = 0.01f;                               // chance of a tree in the open, per lattice point
  std::array<float, 4> kinds{1.0f, 0.0f, 0.0f, 0.0f};  // shares by TreeKind
};

struct World {
  float extent = 256.0f;
  Dates<Ground> base{Ground::kMeadow, Ground::kMeadow};
  float base_angle = 0.0f;
  Woodland woodland;
  std::vector<Patch> patches;
  std::vector<Road> roads;
  std::vector<Plot> plots;
  std::vector<Building> buildings;
  std::vector<ParkingLot> lots;
  std::vector<Pool> pools;
  std::vector<Tree> trees;
  std::vector<Fence> fences;
  std::vector<Car> cars;
  std::vector<Clearing> clearings;
};

// Exchanges the dates of everything: what was built is torn down.
void reverse(World& world);

}  // namespace ccx::scenes
