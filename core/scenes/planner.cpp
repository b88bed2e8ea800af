// Networks, plots and woodland.
#include "core/scenes/planner.h"

#include "core/scenes/house.h"
#include "core/scenes/noise.h"

namespace ccx::scenes {

namespace {

float draw_shade(Rng& rng, const Style& style) {
  return (rng.chance(0.35f) ? rng.range(0.3f, 1.0f) : rng.range(0.0f, 0.2f)) * std::min(1.3f, style.garden_trees);
}

}  // namespace

PlotStyle dense_plots(Rng& rng, const Style& world) {
  PlotStyle style;
  style.house_width = rng.range(27.0f, 38.0f) * world.house;
  style.house_depth = rng.range(28.0f, 39.0f) * world.house;
  style.width = style.house_width + rng.range(6.0f, 14.0f);
  style.setback = rng.range(10.0f, 15.0f);
  style.depth = style.house_depth + style.setback + rng.range(10.0f, 26.0f);
  style.fenced = rng.chance(0.85f * world.fences);
  style.lawn = rng.chance(world.lawns);
  style.shade = draw_shade(rng, world);
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

std::vector<int> Planner::network(const Road& like, bool dense) {
  const float e = world.extent;
  const float heading =
      (rng.chance(0.5f) ? 0.0f : 0.5f * kPi) + (rng.chance(0.35f) ? 0.12f * rng.bell() : rng.range(-0.8f, 0.8f));
  const auto bend = [&](float chance) {
    return rng.chance(chance) ? (rng.chance(0.5f) ? 1.0f : -1.0f) / rng.range(90.0f, 420.0f) : 0.0f;
  };
  const auto with = [&](std::vector<Vec2> axis) {
    Road road = like;
    road.axis = std::move(axis);
    road.lane_marks = false;
    return road;
  };
  const Vec2 middle{rng.range(0.12f, 0.88f) * e, rng.range(0.12f, 0.88f) * e};
  const float ahead = bend(0.5f), behind = rng.chance(0.5f) ? ahead : bend(0.5f);
  Road first = like;
  first.axis = through_axis(middle, heading, ahead, behind, e);
  std::vector<int> roads{add_road(first)};
  const std::vector<Vec2> main_axis = world.roads[roads[0]].axis;
  const float total = axis_length(main_axis);
  const auto branch_at = [&](float distance, float side, float length, bool bulb) {
    const Station s = station(main_axis, distance);
    const Vec2 n = perpendicular(s.along) * side;
    const float angle_jitter = rng.chance(0.6f) ? 0.0f : rng.range(-0.35f, 0.35f);
    const Vec2 d = n * cosine(angle_jitter) + s.along * sine(angle_jitter);
    // Heading of a unit vector without arctangent: step along it, then bend.
    std::vector<Vec2> axis{s.at, s.at + d * 6.0f};
    float heading_x = d.x, heading_y = d.y;
    const float curvature = bend(0.4f);
    const int steps = static_cast<int>(length / 6.0f);
    const float c = cosine(6.0f * curvature), sn = sine(6.0f * curvature);
    for (int i = 1; i < steps; ++i) {
      axis.push_back(axis.back() + Vec2{heading_x, heading_y} * 6.0f);
      const float nx = heading_x * c - heading_y * sn;
      heading_y = heading_x * sn + heading_y * c;
      heading_x = nx;
    }
    Road road = with(std::move(axis));
    if (bulb) {
      road.bulb = rng.range(18.0f, 25.0f);
      road.island = rng.chance(0.3f);
    }
    return add_road(road);
  };
  const auto visible_distance = [&] {  // a place on the main axis near the picture's middle
    for (int tries = 0; tries < 20; ++tries) {
      const float d = rng.range(0.15f, 0.85f) * total;
      if (in_picture(station(main_axis, d).at, 0.12f * e)) return d;
    }
    return 0.5f * total;
  };
  const float side = rng.chance(0.5f) ? 1.0f : -1.0f;
  const float pitch = dense ? rng.range(104.0f, 138.0f) : rng.range(150.0f, 230.0f);
  switch (rng.pick({0.2f, 0.16f, 0.08f, 0.18f, 0.26f, 0.12f})) {
    case 0:  // one street
      break;
    case 1:  // T junction
      roads.push_back(branch_at(visible_distance(), side, 2.0f * e, false));
      break;
    case 2: {  // cross
      const float d = visible_distance();
      roads.push_back(branch_at(d, 1.0f, 2.0f * e, false));
      roads.push_back(branch_at(d, -1.0f, 2.0f * e, false));
      break;
    }
    case 3: {  // cul-de-sacs
      roads.push_back(branch_at(visible_distance(), side, rng.range(60.0f, 130.0f), true));
      if (rng.chance(0.4f)) roads.push_back(branch_at(visible_distance(), -side, rng.range(60.0f, 130.0f), true));
      break;
    }
    case 4: {  // parallel streets, perhaps joined
      for (int k = -2; k <= 2; ++k) {
        if (k != 0) roads.push_back(add_road(with(offset_axis(main_axis, static_cast<float>(k) * pitch))));
      }
      if (rng.chance(0.5f))
        roads.push_back(branch_at(visible_distance(), side, rng.chance(0.5f) ? pitch : 2.0f * e, false));
      break;
    }
    default: {  // parallel streets, one of which ends
      roads.push_back(add_road(with(offset_axis(main_axis, side * pitch))));
      roads.push_back(branch_at(visible_distance(), -side, rng.range(60.0f, 120.0f), true));
      break;
    }
  }
  return roads;
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
  const Polygon ground = plot.frame.rectangle(-0.5f * plot.width, 0.0f, 0.5f * plot.width, plot.depth);
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
    plot.path = strip(axis, rng.range(3.0f, 5.0f), 0.8f, rng);
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

void Planner::furnish(size_t index) {
  Plot& plot = world.plots[index];
  if (!plot.settled[0] && !plot.settled[1]) return;
  const PlotStyle& lots = styles_[index];
  const float w = std::min(lots.house_width * rng.range(0.88f, 1.1f), plot.width - 4.0f);
  const float h = lots.house_depth * rng.range(0.88f, 1.1f);
  const float slack = std::max(0.0f, 0.5f * (plot.width - w) - 3.0f);
  const float u = rng.range(-slack, slack) * 0.7f;
  const float v = lots.setback + 0.5f * h;
  Frame house_frame = plot.frame;
  house_frame.origin = plot.frame.at(u, v);
  if (!plot.fenced && rng.chance(0.4f)) {  // estates turn their houses
    const float turn = rng.range(-0.5f, 0.5f), c = cosine(turn), s = sine(turn);
    house_frame.along = plot.frame.along * c + plot.frame.across * s;
    house_frame.across = plot.frame.across * c - plot.frame.along * s;
  }
  Building house = make_house(rng.fork(1000 + index), house_frame, w, h, style);
  house.present = plot.settled;
  house.road = plot.road;
  house.side = plot.side;
  // Half built: a new house is not finished yet, or one that stands was not finished then.
  if (plot.settled[1] && rng.chance(plot.settled[0] ? 0.03f : 0.07f)) house.raw[plot.settled[0] ? 0 : 1] = true;
  if (rng.chance(0.12f)) house.tone[1] += 0.8f * rng.bell();  // roofed anew, which nobody reports
  plot.building = static_cast<int>(world.buildings.size());
  world.buildings.push_back(std::move(house));

  const float side = rng.chance(0.5f) ? 1.0f : -1.0f;
  const float drive_at = u + side * 0.27f * w, half_drive = rng.range(4.0f, 7.5f);
  plot.drive = plot.frame.rectangle(drive_at - half_drive, -2.0f, drive_at + half_drive, lots.setback + 0.2f * h);
  if (lots.setback > 20.0f) {  // long drives bend and widen into a yard
    const float sway = rng.range(-12.0f, 12.0f);
    Polygon left, right;
    for (int k = 0; k <= 6; ++k) {
      const float t = static_cast<float>(k) / 6.0f;
      const float centre = drive_at + sway * (1.0f - t) * (1.0f - t);
      const float half = mix(3.2f, half_drive + 1.5f, clamp01(2.5f * (t - 0.6f)));
      left.push_back(plot.frame.at(centre - half, mix(-2.0f, lots.setback + 0.2f * h, t)));
      right.push_back(plot.frame.at(centre + half, mix(-2.0f, lots.setback + 0.2f * h, t)));
    }
    plot.drive = left;
    plot.drive.insert(plot.drive.end(), right.rbegin(), right.rend());
  }
  if (plot.fenced) {
    const float half = 0.5f * plot.width, front = lots.setback + rng.range(0.3f, 0.9f) * h;
    const auto fence = [&](Vec2 a, Vec2 b) { world.fences.push_back({a, b, false, plot.settled}); };
    fence(plot.frame.at(-half, front), plot.frame.at(-half, plot.depth));
    fence(plot.frame.at(half, front), plot.frame.at(half, plot.depth));
    fence(plot.frame.at(-half, plot.depth), plot.frame.at(half, plot.depth));
  }
  if (plot.settled[0] && plot.settled[1] && rng.chance(0.15f)) plot.drive_paved[rng.between(0, 1)] = false;
  const float garden = plot.depth - v - 0.5f * h;  // between house and back fence
  if (garden > 12.0f && rng.chance((plot.fenced ? 0.10f : 0.22f) * style.pools)) {
    const Vec2 at = plot.frame.at(rng.range(-0.25f, 0.25f) * plot.width, v + 0.5f * h + 0.45f * garden);
    Pool pool{blob(rng, at, rng.range(4.5f, 8.0f), rng.range(3.0f, 4.5f), rng.range(-kPi, kPi), 0.25f), plot.settled};
    if (plot.settled[0] && plot.settled[1] && rng.chance(0.35f)) pool.present[rng.between(0, 1)] = false;
    world.pools.push_back(std::move(pool));
  }
  if (garden > 10.0f && rng.chance(0.15f)) {
    Frame shed = plot.frame;
    shed.origin = plot.frame.at((rng.chance(0.5f) ? 0.38f : -0.38f) * plot.width, plot.depth - 6.0f);
    Building building = make_shed(rng.fork(5000 + index), shed, rng.range(5.0f, 8.0f), rng.range(4.0f, 7.0f));
    building.present = plot.settled;
    world.buildings.push_back(std::move(building));
  }
  shade_house(plot, house_frame.origin, w, lots.shade);
  const int trees = static_cast<int>(static_cast<float>(rng.between(0, plot.fenced ? 3 : 5)) * style.garden_trees);
  for (int i = 0; i < trees; ++i) {
    const bool back = rng.chance(0.6f);
    const Vec2 at = plot.frame.at(rng.range(-0.48f, 0.48f) * plot.width,
                                  back ? mix(v + 0.55f * h, plot.depth, rng.uniform()) : rng.range(2.0f, lots.setback));
    if (length(at - house_frame.origin) < 0.45f * w) continue;
    const TreeKind kind = static_cast<TreeKind>(rng.pick({0.45f, 0.1f, 0.3f, 0.15f}));
    Tree tree{at, rng.range(2.0f, 7.5f), kind, rng.bell(), plot.settled};
    if (rng.chance(0.12f)) tree.present[rng.between(0, 1)] = false;  // nobody calls that a change
    world.trees.push_back(tree);
  }
  for (uint8_t date = 0; date < 2; ++date) {
    if (!plot.settled[date] || !rng.chance(0.4f)) continue;
    const Vec2 at = plot.frame.at(drive_at + rng.range(-2.0f, 2.0f), rng.range(2.0f, lots.setback - 2.0f));
    world.cars.push_back({at, plot.frame.across, static_cast<uint8_t>(rng.between(0, 7)), date, 1.0f});
  }
}

void Planner::shade_house(const Plot& plot, Vec2 centre, float width, float shade) {
  const int crowns = static_cast<int>(shade * rng.range(2.0f, 7.0f));
  for (int i = 0; i < crowns; ++i) {
    const Vec2 at = centre + direction(rng.range(-kPi, kPi)) * (width * rng.range(0.42f, 0.85f));
    const TreeKind kind = rng.chance(0.5f) ? TreeKind::kOak : TreeKind::kDeciduous;
    // Old trees: they were there before a house came among them, and stay where one goes.
    const bool old = rng.chance(0.75f);
    world.trees.push_back({at, rng.range(4.0f, 11.0f), kind, rng.bell(), old ? Dates<bool>{true, true} : plot.settled});
  }
}

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
        land.mark(plot.frame.rectangle(-0.5f * plot.width, 0.0f, 0.5f * plot.width, plot.depth), hard);
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
      const float size = rng.range(0.55f, 0.95f) * (rng.chance(0.15f) ? 1.35f : 1.0f);
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
