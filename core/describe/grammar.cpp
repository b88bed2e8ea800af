// The patterns. Weights follow how often people wrote such sentences in LEVIR-CC's training captions.
//
// {q} how many, {ns}/{n} houses/house, {a} "a house"; {are}/{is} built|constructed with its auxiliary,
// {appear}/{appears}; {near} along|beside|..., {on} on the bareland|in the woods|..., {at} at the top left corner|...,
// {the_road}/{roads} what is already there, {new_road} "a winding road", {road_is} built with it in number; {trees}
// trees|plants|..., {trees_go} "some trees are removed", {trees_grow}; {gone}/{goes} are|is removed|demolished,
// disappear(s).
#include "core/describe/grammar.h"

namespace ccx::describe {

namespace {

constexpr Pattern kHousesBuilt[] = {
    // One house.
    {6, kOne, "{a} {appears} {at}"},
    {5, kOne | kPlaced, "{a} {is} {at}"},
    {4, kOne, "{a} {appears} {on}"},
    {4, kOne, "{a} {is} {on}"},
    {4, kOne | kRoad, "{a} {is} {near} {the_road} {on}"},
    {3, kOne | kRoad, "{a} {appears} {near} {the_road}"},
    {2, kOne | kRoad, "{a} {is} {near} {the_road} {at}"},
    {3, kOne | kAmong, "{a} {appears} next to the original ones"},
    {2, kOne | kAmong, "{a} {is} in the residential area"},
    {2, kOne | kAmong | kPlaced, "{a} {is} near the original houses {at}"},
    {3, kOne | kTreesLost, "{trees_go} and {a} {is} {at}"},
    {2, kOne | kTreesLost, "{a} {appears} {at} and {trees_go}"},
    {2, kOne | kTreesAround, "{a} surrounded by trees {appears} {at}"},
    {2, kOne | kTreesAround, "{a} {is} near the trees"},
    {2, kOne | kWooded, "{a} {is} in the clearing {at}"},
    {2, kOne | kPool, "{a} with a swimming pool {appears} {at}"},
    {2, kOne | kPool, "{a} with a pool {is} {near} {the_road}"},
    {1.5f, kOne | kRoad, "{a} {is} with a path connected to {the_road}"},
    {1, kOne | kTreesLost, "the {trees} {have} been replaced by {a}"},
    {2, kOne | kRoad | kPlaced, "{a} {is} {near} {the_road} {on} {at}"},
    {1.5f, kOne | kTreesLost | kRoad, "{trees_go} and {a} with a path connected to {the_road} {is} {at}"},
    {1, kOne | kAmong | kRoad, "{a} {appears} {near} {the_road} next to the original houses {at}"},
    // Several.
    {9, kMany | kRoad, "{q} {ns} {are} {near} {the_road}"},
    {5, kMany | kRoad, "{q} {ns} {appear} {near} {the_road}"},
    {4, kMany | kRoad, "{q} {ns} {are} {near} {the_road} {on}"},
    {2, kMany | kRoad | kPlaced, "{q} {ns} {are} {near} {the_road} {at}"},
    {2, kMany | kRoad, "{q} {ns} {appear} {near} {the_road} {on}"},
    {8, kMany | kBothSides, "{q} {ns} {are} on both sides of {the_road}"},
    {2, kMany | kBothSides, "{q} {ns} {appear} on both sides of {the_road} {on}"},
    {3, kMany | kPlaced, "{q} {ns} {are} {at}"},
    {4, kMany | kPlaced, "{q} {ns} {appear} {at}"},
    {4, kMany, "{q} {ns} {appear} {on}"},
    {4, kMany, "{q} {ns} {are} {on}"},
    {2, kMany | kAmong, "{q} {ns} {are} in the residential area"},
    {2, kMany | kAmong, "{q} more {ns} appear in the residential area"},
    {3, kMany | kAtCrossroad, "{q} {ns} {are} at the crossroad"},
    {2, kMany | kAtCorner, "{q} {ns} {are} at the corner of the road"},
    {2, kMany | kAtRoadEnd, "{q} {ns} {are} at the end of the road"},
    {3, kInRows | kMany, "{rows} {are_row} {near} {the_road}"},
    {2, kInRows | kMany | kPlaced, "{rows} {are_row} {at}"},
    {4, kTwoRows | kMany, "{rows} {are_row} on both sides of {the_road}"},
    {3, kMany | kTreesLost, "{trees_go} and {q} {ns} {are} {near} {the_road}"},
    {2, kMany | kTreesLost, "{trees_go} and {q} {ns} {are} {at}"},
    {2, kMany | kTreesLost | kRoad, "{q} {ns} {near} {the_road} replace the {trees}"},
    {2, kMany | kTreesLost, "the {trees} {have} been replaced by {q} {ns}"},
    {3, kMany | kTreesLost | kBothSides, "{trees_go} and {q} {ns} {are} on both sides of {the_road}"},
    {2, kMany | kTreesLost | kRoad, "the {trees} {have} been replaced by {q} {ns} {near} {the_road}"},
    {1, kMany | kPool, "{q} {ns} with swimming pools {are} {near} {the_road}"},
    {2, kMany | kRoad | kPlaced, "{q} {ns} {are} {near} {the_road} {on} {at}"},
    {1.5f, kMany | kTreesLost | kRoad, "{trees_go} and {q} {ns} with paths connected to {the_road} {are} {on}"},
    {1.5f, kMany | kBothSides, "{q} {ns} neatly arranged on both sides of {the_road} {are} {on}"},
    // With their road.
    {2, kMany | kNewRoad | kTreesLost, "{trees_go} and {new_road} {road_is} with {q} {ns} {near_it}"},
    {1.5f, kMany | kNewRoad, "{new_road} {road_is} {on} and {q} {ns} {are} on both sides of the road"},
    {8, kCrowd | kNewRoad, "{q} {ns} and {new_road} {are} {on}"},
    {5, kMany | kNewRoad, "{new_road} and {q} {ns} {appear} {on}"},
    {5, kMany | kNewRoad, "{new_road} with {q} {ns} {near} {appears_road} {at}"},
    {4, kMany | kNewRoad, "{new_road} {road_is} and {q} {ns} {are} on both sides of it"},
    {4, kCrowd | kNewRoad, "a residential area with many houses and roads appears"},
    {4, kMany | kNewRoad, "{q} {ns} {are} {near} the newly built road {on}"},
    {3, kMany | kNewRoad, "{new_road} {road_is} with {q} {ns} built {near_it}"},
    {4, kMany | kNewRoad | kTreesLost, "{trees_go} and {new_road} with {ns} built along {appears_road}"},
    {3, kMany | kNewRoad | kTreesLost, "{new_road} {road_is} and {q} {ns} {are} around it to replace the {trees}"},
    {3, kMany | kNewRoad | kTreesLost, "the {trees} {have} been replaced by {new_road} and {q} {ns}"},
    {2, kMany | kNewRoad | kTreesLost, "{q} {ns} and {new_road} replace the {trees}"},
    {2, kMany | kNewRoad | kMostTrees, "most of the {trees} {are_gone} and {q} {ns} {are} {near} {new_road}"},
    {2, kCrowd | kStreet, "{q} {ns} neatly arranged beside the roads {are}"},
    {2, kCrowd | kStreet, "neat {ns} {appear} on both sides of {the_road}"},
    {3, kOne | kNewRoad, "{a} and {new_road} {appear} {on}"},
    {2, kOne | kNewRoad, "{new_road} {road_is} and {a} {appears} {at}"},
};

constexpr Pattern kHousesRemoved[] = {
    {6, kOne, "{a} {goes} {at}"},
    {4, kOne, "{a} {goes}"},
    {3, kOne, "{a} {goes} {on_now}"},
    {4, kOne | kRoad, "{a} {near} {the_road} {goes}"},
    {2, kOne | kAmong, "{a} in the residential area {goes}"},
    {3, kOne, "the original {n} {at} {has_gone}"},
    {2, kOne | kTreesLost, "{a} {goes} and {trees_grow}"},
    {2, kOne | kTreesLost, "{a} {has} been replaced by {trees}"},
    {2, kOne | kOpen, "{a} {has} been replaced by {ground}"},
    {1, kOne | kPool, "{a} with a swimming pool {goes}"},
    {6, kMany, "{q} {ns} {go} {at}"},
    {5, kMany, "{q} {ns} {go}"},
    {5, kMany | kRoad, "{q} {ns} {near} {the_road} {go}"},
    {3, kMany | kBothSides, "{q} {ns} on both sides of {the_road} {go}"},
    {3, kMany, "{q} original {ns} {have_gone} {at}"},
    {2, kMany | kAmong, "{q} {ns} {go} in the residential area"},
    {3, kMany | kOpen, "{q} {ns} {have} been replaced by {ground}"},
    {3, kMany | kTreesLost, "{q} {ns} {go} and {trees_grow}"},
    {2, kMany | kTreesLost, "{trees} are planted to replace the original {ns}"},
    {2, kInRows | kMany, "{rows} {near} {the_road} {go_row}"},
    {6, kMany | kNewRoad, "{q} {ns} and {new_road} {go}"},
    {4, kMany | kNewRoad, "the original {ns} and {roads} {have_gone} {at}"},
    {4, kMany | kNewRoad, "{new_road} with {q} {ns} {near_it} {road_goes}"},
    {3, kCrowd | kNewRoad, "a residential area with many houses and roads disappears"},
    {3, kMany | kNewRoad | kTreesLost, "{q} {ns} and {new_road} {have} been replaced by {trees}"},
    {2, kMany | kNewRoad | kOpen, "{q} {ns} and {new_road} {go} and become {ground}"},
    {3, kOne | kNewRoad, "{a} and {new_road} {go}"},
};

constexpr Pattern kLargeBuilt[] = {
    {5, kOne, "a {large} building {is} {on}"},
    {4, kOne, "a {large} building {appears} {at}"},
    {3, kOne, "a {large} building {appears} {on}"},
    {2, kOne, "a {large} building {is} {at}"},
    {3, kOne, "a building {is} {near} {the_road}"},
    {2, kOne, "a large house {appears} {on}"},
    {5, kOne | kParking, "a {large} building with a parking lot {is} {on}"},
    {5, kOne | kParking, "a {large} building with a parking lot {appears} {at}"},
    {3, kOne | kParking, "a {large} building and a parking lot {appear} {near} {the_road}"},
    {3, kOne | kTreesLost, "{trees_go} and a {large} building {is} {at}"},
    {2, kOne | kTreesLost | kParking, "{trees_go} and a {large} building with a parking lot {appears}"},
    {5, kMany, "{q} {large} buildings {are} {on}"},
    {4, kMany, "{q} {large} buildings {appear} {at}"},
    {3, kMany | kParking, "{q} {large} buildings with parking lots {are} {on}"},
    {2, kNewRoad, "{new_road} with a {large} building {road_is} {on}"},
};

constexpr Pattern kLargeRemoved[] = {
    {5, kOne, "a {large} building {goes} {at}"},
    {4, kOne, "a {large} building {goes}"},
    {3, kOne, "a building {near} {the_road} {goes}"},
    {2, kOne, "the original {large} building {at} {has_gone}"},
    {3, kOne | kParking, "a {large} building and a parking lot {go}"},
    {3, kOne | kOpen, "a {large} building {has} been replaced by {ground}"},
    {2, kOne | kTreesLost, "a {large} building {has} been replaced by {trees}"},
    {2, kOne | kTreesLost, "a {large} building {goes} and {trees_grow}"},
    {5, kMany, "{q} {large} buildings {go} {at}"},
    {3, kMany, "{q} {large} buildings {go}"},
};

constexpr Pattern kRoadBuilt[] = {
    {6, 0, "{new_road} {road_is} {on}"},
    {5, 0, "{new_road} {appears_road} {on}"},
    {4, 0, "{new_road} {road_is}"},
    {4, kPlaced, "{new_road} {appears_road} {at}"},
    {3, kPlaced, "{new_road} {road_is} {at}"},
    {3, kOne, "a cement road is built across the area"},
    {2, kOne, "a new road is constructed {on}"},
    {2, kOne | kWooded, "a road is built across the {trees}"},
    {2, kOne | kWooded, "a road through the {trees} appears"},
    {4, kTreesLost, "{trees_go} and {new_road} {road_is}"},
    {2, kTreesLost, "{new_road} {appears_road} and {trees_go}"},
    {3, kMany, "some roads {are} {on}"},
    {2, kMany, "{new_road} {appears_road}"},
};

constexpr Pattern kRoadRemoved[] = {
    {6, 0, "{new_road} {road_goes}"},
    {5, 0, "{new_road} {road_goes} {at}"},
    {3, kOne, "the original road has disappeared"},
    {3, kOne, "a road {on_now} disappears"},
    {2, kMany, "the original roads have disappeared"},
    {3, kTreesLost, "{new_road} {road_goes} and {trees_grow}"},
    {2, kOne | kOpen, "a road has been replaced by {ground}"},
    {2, kOne | kTreesLost, "the road has been replaced by {trees}"},
};

constexpr Pattern kParkingBuilt[] = {
    {5, 0, "a {big} parking lot is built {on}"},
    {4, 0, "a {big} parking lot appears {at}"},
    {3, 0, "a parking lot is constructed {near} {the_road}"},
    {3, 0, "a {big} parking lot appears {on}"},
    {2, 0, "a parking lot has been built {at}"},
    {2, 0, "a parking lot with cars appears {at}"},
    {3, kTreesLost, "{trees_go} and a parking lot is built"},
};

constexpr Pattern kParkingRemoved[] = {
    {5, 0, "a {big} parking lot {goes} {at}"},        {4, 0, "a parking lot {goes}"},
    {3, 0, "the original parking lot {has_gone}"},    {3, kOpen, "a parking lot has been replaced by {ground}"},
    {2, 0, "a parking lot {near} {the_road} {goes}"},
};

constexpr Pattern kTreesRemoved[] = {
    {6, 0, "{trees_go}"},
    {6, 0, "{trees_go} {at}"},
    {4, 0, "some plants have been removed"},
    {3, 0, "some vegetation is removed"},
    {3, 0, "many trees in the forest are removed"},
    {3, 0, "the {trees} {have} been replaced by bareland"},
    {2, kMostTrees, "most of the {trees} {are_gone}"},
    {2, 0, "the vegetation {at} has disappeared"},
    {2, 0, "part of the forest {at} has been cleared"},
    {2, 0, "many trees are cut down {at}"},
    {1, 0, "trees are removed and an open space appears"},
};

constexpr Pattern kTreesGrown[] = {
    {6, 0, "{trees_grow}"},
    {6, 0, "{trees_grow} {at}"},
    {4, 0, "many trees are planted {at}"},
    {3, 0, "some trees appear on the bareland"},
    {3, 0, "the vegetation has been restored"},
    {2, 0, "the vegetation {at} becomes lusher"},
    {2, 0, "more vegetation appears {at}"},
    {2, 0, "some trees have grown on the original bareland"},
};

constexpr Pattern kExtended[] = {
    {5, 0, "a {large} building is extended {at}"},
    {4, 0, "the original building has been extended"},
    {3, 0, "the building {near} {the_road} is extended"},
    {3, 0, "the {large} building is expanded {at}"},
    {2, 0, "a new part is added to the {large} building {at}"},
    {2, kTreesLost, "{trees_go} and the building is extended"},
};

constexpr Pattern kReduced[] = {
    {5, 0, "part of the {large} building {goes} {at}"},
    {4, 0, "part of the original building {has_gone}"},
    {3, 0, "part of the building {near} {the_road} {goes}"},
    {2, kOpen, "part of the {large} building has been replaced by {ground}"},
};

constexpr Pattern kWidened[] = {
    {5, 0, "the road is widened"},
    {4, 0, "the original road has been widened"},
    {3, 0, "the road {at} is widened"},
    {3, 0, "the road becomes wider"},
    {2, 0, "a wider road replaces the original one"},
    {2, kTreesLost, "{trees_go} and the road is widened"},
};

constexpr Pattern kNarrowed[] = {
    {5, 0, "the road is narrowed"},
    {3, 0, "the road becomes narrower"},
    {3, 0, "the original road has been narrowed"},
    {2, 0, "a narrower road replaces the original one"},
};

}  // namespace

std::span<const Pattern> patterns(ChangeKind kind, bool added) {
  switch (kind) {
    case ChangeKind::kHouses:
      return added ? std::span<const Pattern>(kHousesBuilt) : kHousesRemoved;
    case ChangeKind::kLargeBuilding:
      return added ? std::span<const Pattern>(kLargeBuilt) : kLargeRemoved;
    case ChangeKind::kRoad:
      return added ? std::span<const Pattern>(kRoadBuilt) : kRoadRemoved;
    case ChangeKind::kParking:
      return added ? std::span<const Pattern>(kParkingBuilt) : kParkingRemoved;
    case ChangeKind::kExtension:
      return added ? std::span<const Pattern>(kExtended) : kReduced;
    case ChangeKind::kWidening:
      return added ? std::span<const Pattern>(kWidened) : kNarrowed;
    case ChangeKind::kTrees:
      break;
  }
  return added ? std::span<const Pattern>(kTreesGrown) : kTreesRemoved;
}

}  // namespace ccx::describe
