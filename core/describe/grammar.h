// Sentence patterns: what may be said of which kind of change, and when. Slots in braces are filled by captions.cpp.
#pragma once

#include <cstdint>
#include <span>

#include "core/describe/facts.h"

namespace ccx::describe {

// What must hold for a pattern to be true.
enum Condition : uint32_t {
  kOne = 1u << 0,      // a single object
  kMany = 1u << 1,     // two or more
  kCrowd = 1u << 2,    // seven or more
  kNewRoad = 1u << 3,  // a road came (or went) with it
  kRoad = 1u << 4,     // a road is near
  kBothSides = 1u << 5,
  kAtCrossroad = 1u << 6,
  kAtCorner = 1u << 7,
  kAtRoadEnd = 1u << 8,
  kInRows = 1u << 9,  // at least one row
  kTwoRows = 1u << 10,
  kPlaced = 1u << 11,     // has a place in the picture
  kTreesLost = 1u << 12,  // trees went with it (or grew, when the story runs backwards)
  kMostTrees = 1u << 13,
  kAmong = 1u << 14,  // between houses that stay
  kPool = 1u << 15,
  kTreesAround = 1u << 16,
  kParking = 1u << 17,  // with a parking lot
  kOpen = 1u << 18,     // on bare land, meadow or field
  kWooded = 1u << 19,   // in a wood
  kStreet = 1u << 20,   // houses along streets: a neighbourhood
  kWinding = 1u << 21,
  kManyTrees = 1u << 22,  // of the trees that went with it: an eighth of the picture or more
};

struct Pattern {
  float weight;
  uint32_t needs;
  const char* text;
};

std::span<const Pattern> patterns(ChangeKind kind, bool added);

}  // namespace ccx::describe
