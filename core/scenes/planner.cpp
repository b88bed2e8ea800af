// Roads on the land, and plots along them.
#include "core/scenes/planner.h"

namespace ccx::scenes {

namespace {

float draw_shade(Rng& rng, const Style& style) {
  return (rng.chance(0.35f) ? rng.range(0.3f, 1.0f) : rng.range(0.0f, 0.2f)) * std::min(1.3f, style.garden_trees);
}

}  // namespace

PlotStyle dense_plots(Rng& rng, const Style& world) {
  // Many newer estates are rows of narrow, deep houses with little more than a path between them.
  const bool tight = rng.chance(0.45f);
  PlotStyle style;
  style.house_width = (tight ? rng.range(21.0f, 34.0f) : rng.range(27.0f, 38.0f)) * world.house;
  style.house_depth = (tight ? rng.range(32.0f, 50.0f) : rng.range(28.0f, 39.0f)) * world.house;
  style.width = style.house_width + (tight ? rng.range(3.0f, 8.0f) : rng.range(6.0f, 14.0f));
  style.setback = rng.range(10.0f, 15.0f);
  style.depth = style.house_depth + style.setback + (tight ? rng.range(6.0f, 20.0f) : rng.range(10.0f, 26.0f));
  style.fenced = rng.chance(0.85f * world.fences);
  style.lawn = rng.chance(world.lawns);
  style.shade = (tight ? 0.4f : 1.0f) * draw_shade(rng, world);
  return style;
}

PlotStyle estate_plots(Rng& rng, const Style& world) {
  PlotStyle style;
  style.house_width = rng.range(36.0f, 52.0f) * world.house;
  style.house_depth = rng.range(28.0f, 42.0f) * world.house;
  style.width = style.house_width + rng.range(22.0f, 70.0f);
  style.setback = rng.range(24.0f, 46.0f);
  style.depth = style.house_depth + style.setback + rng.range(20.0f, 50.0f);
  style.fenced = rng.chance(0.25f * world.fences);
  style.lawn = rng.chance(0.6f * world.lawns);
  style.shade = 1.5f * draw_shade(rng, world);
  return style;
}

PlotStyle cottage_plots(Rng& rng, const Style& world) {
  PlotStyle style = estate_plots(rng, world);
  style.house_width = rng.range(17.0f, 29.0f);
  style.house_depth = rng.range(14.0f, 24.0f);
  style.width = style.house_width + rng.range(6.0f, 30.0f);
  style.setback = rng.range(5.0f, 16.0f);
  style.depth = style.house_depth + style.setback + rng.range(6.0f, 26.0f);
  style.shade = rng.chance(0.5f) ? rng.range(0.5f, 1.5f) : 0.0f;
  return style;
}

Planner::Planner(Rng rng_, float extent, const Style& style_) : style(style_), land(extent), rng(rng_) {
  world.extent = extent;
}

int Planner::add_road(Road road) {
  const float verge = road.surface[1] == Surface::kPaved || road.surface[0] == Surface::kPaved ? 2.0f : 0.0f;
  land.mark(strip(road.axis, road.half_width + verge, 0.0f, rng), Occupancy::kUsed);
  if (road.bulb > 0.0f) {
    land.mark(blob(rng, road.axis.back(), road.bulb + 1.0f, road.bulb + 1.0f, 0.0f, 0.0f), Occupancy::kUsed);
  }
  world.roads.push_back(std::move(road));
  return static_cast<int>(world.roads.size()) - 1;
}

std::vector<int> Planner::line_plots(int road_index, const PlotStyle& lots, int sides) {
  const Road road = world.roads[road_index];
  std::vector<int> made;
  const float verge = road.kerb ? 2.0f : 0.0f;
  const auto place = [&](Vec2 front, Vec2 along, Vec2 across, float width, int side) {
    Plot plot;
    plot.frame = {front, along, across};
    plot.width = width;
    plot.depth = lots.depth;
    const float inset = 3.0f;
    const Polygon ground = plot.frame.rectangle(-0.5f * width + inset, inset, 0.5f * width - inset, plot.depth - inset);
    const Vec2 middle = plot.frame.at(0.0f, 0.5f * plot.depth);
    const float reach = 0.6f * plot.depth;
    if (!in_picture(middle, -reach)) return;
    const float half_house = 0.5f * lots.house_width;
    const Polygon house = plot.frame.rectangle(-half_house, lots.setback, half_house, lots.setback + lots.house_depth);
    if (land.share(ground, Occupancy::kUsed) > 0.10f || land.share(house, Occupancy::kUsed) > 0.0f) return;
    land.mark(plot.frame.rectangle(-0.5f * width, 0.0f, 0.5f * width, plot.depth), Occupancy::kUsed);
    plot.road = road_index;
    plot.side = side;
    plot.fenced = lots.fenced;
    plot.lawn = lots.lawn;
    plot.lawn_tone = rng.bell();
    made.push_back(static_cast<int>(world.plots.size()));
    world.plots.push_back(plot);
    styles_.push_back(lots);
  };
  for (int bit = 0; bit < 2; ++bit) {
    if ((sides >> bit & 1) == 0) continue;
    const float sign = bit == 0 ? 1.0f : -1.0f;
    const float total = axis_length(road.axis) - (road.bulb > 0.0f ? 0.8f * road.bulb : 0.0f);
    float d = rng.range(0.0f, 20.0f);
    while (d < total) {
      const float width = lots.width * rng.range(0.95f, 1.08f);
      const Station s = station(road.axis, d + 0.5f * width);
      const Vec2 across = perpendicular(s.along) * sign;
      place(s.at + across * (road.half_width + verge), s.along, across, width, sign > 0.0f ? 1 : -1);
      d += width;
    }
  }
  if (road.bulb > 0.0f) {
    const float ring = road.bulb + verge;
    const int count = std::max(3, static_cast<int>(2.0f * kPi * (ring + 0.4f * lots.depth) / lots.width));
    for (int i = 0; i < count; ++i) {
      const Vec2 across = direction(2.0f * kPi * static_cast<float>(i) / static_cast<float>(count));
      place(road.axis.back() + across * ring, perpendicular(across), across, lots.width, 1);
    }
  }
  return made;
}

std::vector<int> Planner::line_plots(const std::vector<int>& roads, const PlotStyle& lots) {
  std::vector<int> made;
  for (int road : roads) {
    const std::vector<int> plots = line_plots(road, lots, 3);
    made.insert(made.end(), plots.begin(), plots.end());
  }
  return made;
}

int Planner::lone_plot(Vec2 at, float angle, const PlotStyle& lots, float drive) {
  Plot plot;
  plot.frame = frame_at(at, angle);
  plot.frame.origin = plot.frame.at(0.0f, -0.5f * lots.depth);
  plot.width = lots.width;
  plot.depth = lots.depth;
  const Polygon ground = plot.outline();
  if (land.share(ground, Occupancy::kUsed) > 0.04f) return -1;
  land.mark(ground, Occupancy::kUsed);
  plot.fenced = lots.fenced;
  plot.lawn = lots.lawn;
  plot.lawn_tone = rng.bell();
  if (drive > 0.0f) {
    const float bend = rng.range(-0.02f, 0.02f);
    std::vector<Vec2> axis{plot.frame.at(0.0f, lots.setback)};
    Vec2 d = plot.frame.across * -1.0f;
    const float c = cosine(6.0f * bend), s = sine(6.0f * bend);
    for (float run = 0.0f; run < drive; run += 6.0f) {
      axis.push_back(axis.back() + d * 6.0f);
      d = {d.x * c - d.y * s, d.x * s + d.y * c};
    }
    const float half_width = rng.range(3.0f, 5.0f);
    plot.path = strip(axis, half_width, 0.8f, rng);
  }
  world.plots.push_back(plot);
  styles_.push_back(lots);
  return static_cast<int>(world.plots.size()) - 1;
}

void Planner::finish() {
  const size_t plots = world.plots.size();
  for (size_t i = 0; i < plots; ++i) furnish(i);
  mark_land();
  grow_woodland();
  grow_hedges();
}

}  // namespace ccx::scenes
