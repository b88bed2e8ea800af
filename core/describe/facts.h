// What changed between two dates, in the terms that a sentence needs. Drawn scenes know it exactly
// (core/describe/facts.h); anything that can count and place changes can fill it in.
#pragma once

#include <cstdint>
#include <vector>

namespace ccx::describe {

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

}  // namespace ccx::describe
