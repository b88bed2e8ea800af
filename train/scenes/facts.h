// What changed in a scene, measured on what can be seen in the picture, in the words a caption needs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/image/change_kinds.h"
#include "train/scenes/world.h"

namespace ccx::scenes {

// kExtension: a building that stays grows (or shrinks) by a part. kWidening: a road that stays grows wider (narrower).
enum class ChangeKind : uint8_t { kHouses, kLargeBuilding, kRoad, kParking, kTrees, kExtension, kWidening };
inline constexpr int kChangeKinds = 7;

// Where in the picture, on a grid of three by three.
struct Place {
  int horizontal = 0;  // -1 left, 0 middle or all along, 1 right
  int vertical = 0;    // -1 top, 0, 1 bottom
  bool everywhere = false;
  bool central = false;
};

// What the ground is where the object is not.
enum class Setting : uint8_t { kBareland, kMeadow, kForest, kTrees, kField };

enum class RoadShape : uint8_t { kStraight, kWinding, kTShaped, kCross, kSeveral };

// How houses lie to the roads around them.
enum class Relation : uint8_t { kNone, kAlong, kBothSides, kOneSide, kRoadEnd, kCorner, kCrossroad };

struct Change {
  ChangeKind kind = ChangeKind::kHouses;
  bool added = true;  // false: removed
  int count = 1;      // objects seen
  float area = 0.0f;  // share of the picture
  Place place;
  Setting setting = Setting::kMeadow;
  Relation relation = Relation::kNone;
  int rows = 0;               // rows of houses, where they are in rows
  int road_count = 0;         // roads the houses stand at
  bool among_houses = false;  // other houses were there and stayed
  bool with_pool = false;
  bool surrounding_trees = false;
  RoadShape shape = RoadShape::kStraight;
};

struct Facts {
  std::vector<Change> changes;  // the most telling first; empty: nothing happened
  // Trees that went (positive) or came (negative) together with something else, as a share of the picture.
  float trees_lost = 0.0f;
  bool changed() const { return !changes.empty(); }
};

// More than this share of the picture in Facts::trees_lost, and sentences speak of the trees.
inline constexpr float kTreesWorthAWord = 0.04f;

// The same story told backwards.
Facts turned(Facts facts);

// One byte a pixel, 0 for no reported change.
inline constexpr uint8_t kMaskBuilding = 255;  // a building that came or went, by its roof's outline (as in LEVIR-CD)
inline constexpr uint8_t kMaskOther = 128;     // a road, parking lot or wood that came or went

struct Observation {
  Facts facts;
  std::vector<uint8_t> mask;  // size x size
  std::vector<uint8_t> gone;  // the same; 1 where what the mask shows stood before and went, 0 elsewhere
  // The same, values of image::ChangeKind: as the pair is told, and as it is told with its dates exchanged. Beyond the
  // mask they show the trees that went (or came) with something else, where the captions may say so.
  std::vector<uint8_t> kinds, kinds_turned;
};

// `shift` is each date's misregistration in pixels, `lean` the displacement of roofs per unit of height.
Observation observe(const World& world, int size, const Dates<Vec2>& shift, const Dates<Vec2>& lean);

}  // namespace ccx::scenes
