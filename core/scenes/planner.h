// Lays out a world: roads, plots along them, houses on the plots, and woods where nothing else is. Scenarios decide
// what stands at which date; the planner knows how such places are built.
#pragma once

#include <vector>

#include "core/base/random.h"
#include "core/scenes/occupancy.h"
#include "core/scenes/roads.h"
#include "core/scenes/style.h"
#include "core/scenes/world.h"

namespace ccx::scenes {

// How a street is divided. Lengths in half metres.
struct PlotStyle {
  float width = 44.0f;
  float depth = 58.0f;
  float setback = 13.0f;
  float house_width = 34.0f;
  float house_depth = 29.0f;
  bool fenced = true;
  bool lawn = true;
  float shade = 0.0f;  // trees whose crowns hide parts of a roof: 1 for a house under trees
};

PlotStyle dense_plots(Rng& rng, const Style& style);    // a new suburb, a house every 20 metres
PlotStyle estate_plots(Rng& rng, const Style& style);   // large plots among trees
PlotStyle cottage_plots(Rng& rng, const Style& style);  // one small house

class Planner {
 public:
  Planner(Rng rng, float extent, const Style& style);

  const Style& style;
  World world;
  Occupancy land;
  Rng rng;

  // Draws a number's worth of network around the picture: a street, a junction, a grid, a cul-de-sac. Returns the
  // roads' indices; the first is the one the others branch from.
  std::vector<int> network(const Road& like, bool dense);

  int add_road(Road road);
  // Plots on the sides of a road (bit 0: left, bit 1: right) where the land is free.
  std::vector<int> line_plots(int road, const PlotStyle& lots, int sides);
  std::vector<int> line_plots(const std::vector<int>& roads, const PlotStyle& lots);
  // A plot somewhere, facing no road, with a drive of `drive` units; -1 where there is no room.
  int lone_plot(Vec2 at, float angle, const PlotStyle& lots, float drive);

  bool in_picture(Vec2 p, float inset = 0.0f) const {
    return p.x >= inset && p.y >= inset && p.x < world.extent - inset && p.y < world.extent - inset;
  }
  Vec2 somewhere(float inset) {
    return {rng.range(inset, world.extent - inset), rng.range(inset, world.extent - inset)};
  }

  // A row of trees or shrubs between parcels, where nothing else comes to stand.
  void hedge(Vec2 from, Vec2 to) { hedges_.push_back({from, to}); }

  // Builds what stands on the plots and fills the rest with trees. Call once, after all states are set.
  void finish();

 private:
  void furnish(size_t plot);
  void mark_land();
  void grow_woodland();
  void grow_hedges();
  // Trees stand where the land of a date lets them.
  void keep_to_land(Tree& tree, float survival);

  std::vector<PlotStyle> styles_;  // one a plot
  std::vector<std::array<Vec2, 2>> hedges_;
};

}  // namespace ccx::scenes
