// What the land of either date bears, and the trees that grow where it lets them.
#include <algorithm>

#include "core/scenes/noise.h"
#include "core/scenes/planner.h"

namespace ccx::scenes {

void Planner::mark_land() {
  const auto bare = [](Ground g) { return g == Ground::kGraded || g == Ground::kBare || g == Ground::kSite; };
  for (int d = 0; d < 2; ++d) {
    const uint8_t hard = static_cast<uint8_t>(Occupancy::kHard << d),
                  cleared = static_cast<uint8_t>(Occupancy::kCleared << d);
    for (const Patch& patch : world.patches) {
      const bool other = patch.open_always && patch.ground[d] == Ground::kNone;
      switch (patch.ground[other ? 1 - d : d]) {
        case Ground::kGraded:
        case Ground::kWater:
        case Ground::kField:
          land.mark(patch.outline, hard);
          break;
        case Ground::kPasture:
        case Ground::kBare:
        case Ground::kLawn:
        case Ground::kGravel:
          land.mark(patch.outline, cleared);
          break;
        default:
          break;
      }
    }
    for (const Clearing& clearing : world.clearings) {
      if (!clearing.wooded[d]) land.mark(clearing.outline, cleared);
    }
    for (const Plot& plot : world.plots) {
      if (plot.settled[d]) {
        const float grown = plot.lawn ? 0.0f : 0.15f;
        land.mark(plot.frame.rectangle((-0.5f + grown) * plot.width, 0.0f, (0.5f - grown) * plot.width, plot.depth),
                  cleared);
        land.mark(plot.drive, hard);
        if (!plot.path.empty()) land.mark(plot.path, hard);
      } else if (bare(plot.empty[d]) || (!plot.settled[1 - d] && bare(plot.empty[1 - d]))) {
        // A plot that waits at both dates is overgrown at neither, or its trees would go without a word.
        land.mark(plot.outline(), hard);
      }
    }
    for (const Road& road : world.roads) {
      if (road.surface[d] == Surface::kNone) continue;
      const float verge = road.surface[d] == Surface::kTrack ? 0.0f : 2.5f;
      land.mark(strip(road.axis, road.half_width + verge, 0.0f, rng), hard);
      if (road.bulb > 0.0f)
        land.mark(blob(rng, road.axis.back(), road.bulb + 2.0f, road.bulb + 2.0f, 0.0f, 0.0f), hard);
    }
    for (const ParkingLot& lot : world.lots) {
      if (lot.present[d])
        land.mark(lot.frame.rectangle(-0.5f * lot.width, -0.5f * lot.depth, 0.5f * lot.width, 0.5f * lot.depth), hard);
    }
    for (const Building& building : world.buildings) {
      if (!building.present[d]) continue;
      for (const Polygon& part : building.footprint) land.mark(part, hard);
    }
    for (const Pool& pool : world.pools) {
      if (pool.present[d]) land.mark(pool.outline, hard);
    }
  }
}

void Planner::keep_to_land(Tree& tree, float survival) {
  const uint8_t cell = land.at(tree.at);
  for (int d = 0; d < 2; ++d) {
    if (cell & (Occupancy::kHard << d)) tree.present[d] = false;
    if ((cell & (Occupancy::kCleared << d)) && survival > 0.05f) tree.present[d] = false;
    // Crowns lean over roads and lots only a little.
    for (const Vec2 side : {Vec2{0.6f, 0.0f}, Vec2{-0.6f, 0.0f}, Vec2{0.0f, 0.6f}, Vec2{0.0f, -0.6f}}) {
      if (land.at(tree.at + side * tree.radius) & (Occupancy::kHard << d)) tree.present[d] = false;
    }
  }
}

void Planner::grow_hedges() {
  for (const auto& [from, to] : hedges_) {
    const float total = length(to - from);
    const TreeKind kind = rng.chance(0.5f) ? TreeKind::kShrub : TreeKind::kDeciduous;
    const float size = kind == TreeKind::kShrub ? rng.range(1.8f, 3.2f) : rng.range(3.0f, 6.0f);
    for (float d = 0.0f; d < total; d += size * rng.range(0.9f, 1.8f)) {
      if (rng.chance(0.12f)) d += rng.range(5.0f, 30.0f);
      Tree tree{from + (to - from) * (d / total), size * rng.range(0.7f, 1.3f), kind, rng.bell(), {true, true}};
      if (!in_picture(tree.at, -20.0f)) continue;
      tree.at = tree.at + Vec2{rng.range(-1.5f, 1.5f), rng.range(-1.5f, 1.5f)};
      // Hedges stand between fields, which are free of trees elsewhere.
      const uint8_t used = land.at(tree.at);
      for (int d2 = 0; d2 < 2; ++d2) tree.present[d2] = (used & Occupancy::kUsed) == 0;
      if (tree.present[0]) world.trees.push_back(tree);
    }
  }
}

void Planner::grow_woodland() {
  const Woodland& wood = world.woodland;
  const float low = -20.0f, high = world.extent + 20.0f;
  const float step_y = wood.spacing * 0.87f;
  bool odd = false;
  for (float y = low; y < high; y += step_y, odd = !odd) {
    for (float x = low + (odd ? 0.5f * wood.spacing : 0.0f); x < high; x += wood.spacing) {
      const Vec2 at{x + rng.range(-0.42f, 0.42f) * wood.spacing, y + rng.range(-0.42f, 0.42f) * wood.spacing};
      const int nx = static_cast<int>(at.x) + wood.noise_x, ny = static_cast<int>(at.y) + wood.noise_y;
      const Vec2 centred = (at - Vec2{0.5f * world.extent, 0.5f * world.extent}) * (1.0f / world.extent);
      const float value = noise().broad.at(nx & 255, ny & 255) + 0.35f * noise().patch.at(nx & 255, ny & 255) +
                          dot(wood.slope, centred);
      const bool wooded = value > wood.threshold || rng.chance(wood.scatter);
      const float usual_size = rng.range(0.55f, 0.95f);
      const float size = usual_size * (rng.chance(0.15f) ? 1.35f : 1.0f);
      const size_t kind = rng.pick({wood.kinds[0], wood.kinds[1], wood.kinds[2], wood.kinds[3]});
      const float tone = rng.bell(), survival = rng.uniform(), fate = rng.uniform();
      const bool coin = rng.chance(0.5f);
      if (!wooded) continue;
      static constexpr float kScale[4] = {1.0f, 0.62f, 0.95f, 0.4f};
      Tree tree{
          at, std::max(1.6f, wood.spacing * size * kScale[kind]), static_cast<TreeKind>(kind), tone, {true, true}};
      keep_to_land(tree, survival);
      // A tree here and there has fallen or grown up: part of every pair, and no change to people.
      if (fate < 0.05f) tree.present[coin ? 1 : 0] = false;
      if (tree.present[0] || tree.present[1]) world.trees.push_back(tree);
    }
  }
}

}  // namespace ccx::scenes
