// What a place of a world lies among: trees, ground, houses, roads and their junctions.
#pragma once

#include <set>
#include <utility>
#include <vector>

#include "core/describe/facts.h"
#include "core/scenes/world.h"

namespace ccx::scenes {

class Surroundings {
 public:
  explicit Surroundings(const World& world) : world_(world) {}

  bool inside(Vec2 p) const { return p.x > 0.0f && p.y > 0.0f && p.x < world_.extent && p.y < world_.extent; }
  int trees_near(Vec2 at, int date) const;  // within 15 metres
  describe::Setting setting_at(Vec2 at, int date) const;
  int standing_houses() const;  // at both dates, in the picture
  // Where a road begins on another: T-shaped (first) and crossing (second).
  Dates<int> junctions_seen() const;
  // How houses at `places` stand to their roads, by index, and the sides of these, or to one that is near at `date`.
  describe::Relation relation(const std::vector<Vec2>& places, const std::set<int>& roads,
                              const std::set<std::pair<int, int>>& sides, int date) const;
  // Share of the land whose trees went; less than 0 where more came.
  float trees_lost() const;

 private:
  const World& world_;
};

}  // namespace ccx::scenes
