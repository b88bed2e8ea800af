// Suburbs, wild land, commercial land and building sites, with what is built or torn down on them.
#include "core/scenes/scenario.h"

#include <array>
#include <utility>

#include "core/scenes/sites.h"

namespace ccx::scenes {

namespace {

int few(Rng& rng) {
  return rng.chance(0.6f) ? 1 : rng.chance(0.7f) ? 2 : rng.between(3, 6);
}

// A housing estate where there was none.
void new_estate(Planner& p, const PlotStyle& style, bool dense, Road like) {
  const Region region = draw_region(p, 0.7f);
  const bool old_part = region.limit < 1e8f && p.rng.chance(0.4f);
  static constexpr Surface kBefore[] = {Surface::kNone, Surface::kDirt, Surface::kTrack, Surface::kPaved};
  const Surface made = like.surface[1];  // paved, or dirt where streets are
  like.surface[0] = old_part ? made : kBefore[p.rng.pick({0.5f, 0.3f, 0.05f, 0.15f})];
  if (like.surface[0] > made) like.surface[0] = made;
  like.reported = like.surface[0] != made;
  const std::vector<int> roads = p.network(like, dense);
  // The street the others branch from has often been there before.
  if (p.rng.chance(0.25f)) {
    p.world.roads[roads[0]].surface[0] = made;
    p.world.roads[roads[0]].reported = false;
  }
  const float occupancy = p.rng.chance(0.85f) ? p.rng.range(0.88f, 1.0f) : p.rng.range(0.3f, 0.8f);
  for (int i : p.line_plots(roads, style)) {
    Plot& plot = p.world.plots[i];
    if (!region.contains(house_place(plot))) {
      plot.settled = {old_part, old_part};
    } else if (p.rng.chance(occupancy)) {
      plot.settled = {false, true};
    } else {
      plot.settled = {false, false};
      plot.empty[1] = p.rng.chance(0.6f) ? Ground::kBare : Ground::kNone;
    }
  }
  const size_t ground = p.rng.pick({0.62f, 0.30f, 0.08f});
  if (ground != 0) prepare_ground(p, region, 0, ground == 1);
}

// Streets are there; houses fill them up.
void extension(Planner& p, const std::vector<int>& plots) {
  const Region region = draw_region(p, 0.15f);
  const bool graded = p.rng.chance(0.5f);
  if (graded) prepare_ground(p, region, 0, true);
  for (int i : plots) {
    Plot& plot = p.world.plots[i];
    plot.settled[1] = p.rng.chance(0.94f);
    plot.settled[0] = plot.settled[1] && !region.contains(house_place(plot));
    if (!plot.settled[0] && !graded && p.rng.chance(0.3f)) plot.empty[0] = Ground::kBare;
  }
}

Ground empty_plot_ground(Rng& rng) {
  static constexpr Ground kGrounds[] = {Ground::kNone, Ground::kBare, Ground::kGraded, Ground::kMeadow, Ground::kSite};
  return kGrounds[rng.pick({0.4f, 0.22f, 0.13f, 0.15f, 0.10f})];
}

void suburb(Planner& p, bool changed) {
  const bool dense = p.rng.chance(0.74f);
  const PlotStyle style = dense ? dense_plots(p.rng, p.style) : estate_plots(p.rng, p.style);
  plant(p, draw_wild(p, dense ? std::array{0.32f, 0.22f, 0.12f, 0.34f} : std::array{0.2f, 0.45f, 0.1f, 0.25f}));
  Road like;
  like.half_width = dense ? p.rng.range(6.5f, 9.0f) : p.rng.range(5.5f, 7.5f);
  like.kerb = p.rng.chance((dense ? 1.0f : 0.3f) * p.style.kerbs);
  if (p.rng.chance(p.style.dirt_streets)) {
    like.surface = {Surface::kDirt, Surface::kDirt};
    like.kerb = false;
  }
  const size_t story = changed ? p.rng.pick({0.40f, 0.19f, 0.34f, 0.07f}) : 4;
  if (story == 0) {
    new_estate(p, style, dense, like);
    return;
  }
  if (like.surface[1] == Surface::kPaved && p.rng.chance(0.07f))
    like.surface[0] = Surface::kDirt;  // paved since, which nobody reports
  const std::vector<int> plots = p.line_plots(p.network(like, dense), style);
  if (story == 1) {
    extension(p, plots);
    return;
  }
  settle_most(p, plots, dense ? 0.93f : 0.78f);
  if (story == 4) return;
  const std::vector<int> seen = visible_plots(p, plots, p.rng.chance(0.4f) ? -6.0f : 8.0f);
  const size_t count = std::min(seen.size(), static_cast<size_t>(few(p.rng)));
  for (size_t k = 0; k < count; ++k) {
    // Neighbours are built together more often than not.
    Plot& plot = p.world.plots[seen[k]];
    if (story == 2) {
      plot.settled = {false, true};
      plot.empty[0] = empty_plot_ground(p.rng);
    } else {
      plot.settled = {true, false};
      plot.empty[1] = empty_plot_ground(p.rng);
    }
  }
}

// A road that has a wider one in its place at the later date.
void widening_story(Planner& p) {
  const float before = p.rng.range(4.5f, 7.5f);
  const int narrow = through_road(p, {Surface::kPaved, Surface::kNone}, before, p.rng.chance(0.3f));
  Road wide = p.world.roads[narrow];
  wide.surface = {Surface::kNone, Surface::kPaved};
  wide.half_width = before * p.rng.range(1.7f, 2.4f);
  wide.lane_marks = p.rng.chance(0.8f);
  wide.widened_from = before;
  wide.reported = true;
  p.add_road(std::move(wide));
}

void clearing_story(Planner& p) {
  Clearing clearing;
  const float e = p.world.extent;
  if (p.rng.chance(0.5f)) {
    const float angle = p.rng.range(-kPi, kPi);
    const float radius_y = p.rng.range(0.2f, 0.4f) * e, radius_x = p.rng.range(0.22f, 0.5f) * e;
    const Vec2 centre = p.somewhere(0.2f * e);
    clearing.outline = roughened(p.rng, blob(p.rng, centre, radius_x, radius_y, angle, 0.3f), 3.0f);
  } else {
    Region region = draw_region(p, 0.0f);
    clearing.outline = outline_of(p, region);
  }
  static constexpr Ground kAfter[] = {Ground::kNone, Ground::kBare, Ground::kRubble, Ground::kMeadow};
  clearing.ground[1] = kAfter[p.rng.pick({0.35f, 0.4f, 0.1f, 0.15f})];
  p.world.clearings.push_back(clearing);
}

// The road that wild land has had all along; -1 if none.
int old_road(Planner& p, size_t kind) {
  switch (kind) {
    case 1:
      return through_road(p, {Surface::kTrack, Surface::kTrack}, p.rng.range(4.0f, 6.0f), false);
    case 2:
      return through_road(p, {Surface::kDirt, Surface::kDirt}, p.rng.range(3.5f, 7.0f), false);
    case 3: {
      const bool lanes = p.rng.chance(0.3f);
      return through_road(p, {Surface::kPaved, Surface::kPaved}, p.rng.range(6.0f, 8.5f), lanes);
    }
    case 4:
      return through_road(p, {Surface::kPaved, Surface::kPaved}, p.rng.range(10.0f, 16.0f), true);
    default:
      return -1;
  }
}

void new_lone_house(Planner& p, bool at_edge) {
  const int plot = lone_house(p, at_edge);
  if (plot >= 0) p.world.plots[plot].settled = {false, true};
}

void lone_houses_story(Planner& p) {
  const int count = p.rng.chance(0.72f) ? 1 : p.rng.chance(0.7f) ? 2 : 3;
  for (int i = 0; i < count; ++i) new_lone_house(p, p.rng.chance(0.5f));
}

void new_road_story(Planner& p) {
  const bool paved = p.rng.chance(0.6f);
  Road like;
  like.surface = {Surface::kNone, paved ? Surface::kPaved : Surface::kDirt};
  like.half_width = paved ? p.rng.range(6.5f, 13.0f) : p.rng.range(2.8f, 6.5f);
  like.kerb = paved && p.rng.chance(0.5f);
  like.reported = true;
  if (p.rng.chance(0.6f)) {
    const int index = through_road(p, like.surface, like.half_width, p.rng.chance(0.3f));
    p.world.roads[index].reported = true;
  } else {
    p.network(like, false);
  }
}

void large_site_story(Planner& p) {
  for (int tries = 0; tries < 8; ++tries) {
    const bool with_lot = p.rng.chance(0.6f);
    const float angle = p.rng.range(-kPi, kPi);
    if (large_site(p, p.somewhere(0.05f * p.world.extent), angle, {false, true}, with_lot)) break;
  }
}

// Large plots along a road that was there.
void settling_story(Planner& p, int road) {
  const PlotStyle style = estate_plots(p.rng, p.style);
  for (int i : p.line_plots(road, style, p.rng.between(1, 3))) {
    const bool built = p.rng.chance(0.75f);
    p.world.plots[i].settled = {false, built};
  }
}

void wild(Planner& p, bool changed) {
  Wild cover = draw_wild(p, {0.34f, 0.26f, 0.14f, 0.26f});
  const size_t story = changed ? p.rng.pick({0.51f, 0.13f, 0.18f, 0.08f, 0.07f, 0.03f}) : 9;
  if (story == 2 && cover == Wild::kMeadow) cover = Wild::kForest;
  plant(p, cover);
  // A road that is widened is the only one.
  const int road = old_road(p, story == 5 ? 0 : p.rng.pick({0.42f, 0.14f, 0.18f, 0.16f, 0.10f}));
  if (p.rng.chance(0.35f)) {
    const int settled = p.rng.between(1, 3);
    for (int i = 0; i < settled; ++i) lone_house(p, p.rng.chance(0.4f));
  }
  if (p.rng.chance(0.06f)) {
    const bool with_lot = p.rng.chance(0.3f);
    const float angle = p.rng.range(-kPi, kPi);
    large_site(p, p.somewhere(0.0f), angle, {true, true}, with_lot);
  }
  switch (story) {
    case 0:
      lone_houses_story(p);
      break;
    case 1:
      new_road_story(p);
      break;
    case 2:
      clearing_story(p);
      break;
    case 3:
      large_site_story(p);
      break;
    case 4:
      road >= 0 ? settling_story(p, road) : new_lone_house(p, true);
      break;
    case 5:
      widening_story(p);
      break;
    default:
      break;
  }
}

void commercial(Planner& p, bool changed) {
  plant(p, draw_wild(p, {0.05f, 0.2f, 0.15f, 0.6f}));
  const float turn = p.rng.chance(0.5f) ? 0.0f : 0.12f * p.rng.bell();
  const float angle = turn + (p.rng.chance(0.5f) ? 0.5f * kPi : 0.0f);
  Road main;
  main.half_width = p.rng.range(8.0f, 16.0f);
  main.lane_marks = true;
  main.axis = through_axis(p.somewhere(0.0f), angle, 0.0f, 0.0f, p.world.extent);
  p.add_road(main);
  if (p.rng.chance(0.5f)) {
    main.half_width = p.rng.range(6.0f, 9.0f);
    main.axis = through_axis(p.somewhere(0.05f * p.world.extent), angle + 0.5f * kPi, 0.0f, 0.0f, p.world.extent);
    p.add_road(main);
  }
  const size_t story = changed ? p.rng.pick({0.52f, 0.22f, 0.13f, 0.13f}) : 9;
  Dates<bool> states{true, true};
  if (story == 0) states = {false, true};
  if (story == 2) states = {true, false};
  bool placed = false;
  for (int tries = 0; changed && tries < 12 && !placed; ++tries) {
    const Vec2 at = p.somewhere(0.1f * p.world.extent);
    if (story == 1) {
      const float depth = p.rng.chance(0.5f) ? 58.0f : 26.0f;
      placed = add_lot(p, frame_at(at, angle), p.rng.range(50.0f, 120.0f), depth, {false, true}) >= 0;
    } else if (story == 3) {
      placed = extended_site(p, at, angle);
    } else {
      placed = large_site(p, at, angle, states, p.rng.chance(0.6f));
    }
  }
  const int others = p.rng.between(changed ? 0 : 1, 4);
  for (int i = 0; i < others; ++i) {
    for (int tries = 0; tries < 4; ++tries) {
      const bool with_lot = p.rng.chance(0.6f);
      if (large_site(p, p.somewhere(-0.05f * p.world.extent), angle, {true, true}, with_lot)) break;
    }
  }
  if (p.rng.chance(0.3f)) {
    settle_most(p, p.line_plots(static_cast<int>(p.world.roads.size()) - 1, dense_plots(p.rng, p.style), 3), 0.85f);
  }
}

void bareland(Planner& p, bool changed) {
  plant(p, draw_wild(p, {0.05f, 0.15f, 0.2f, 0.6f}));
  const Ground base = p.rng.chance(0.5f) ? Ground::kBare : p.rng.chance(0.5f) ? Ground::kField : Ground::kMeadow;
  p.world.base = {base, base};
  p.world.base_angle = p.rng.range(-kPi, kPi);
  const bool field = base == Ground::kField;
  Patch patch;
  patch.outline = outline_of(p, draw_region(p, 0.5f));
  patch.ground[0] = patch.ground[1] = field ? Ground::kField : Ground::kGraded;
  patch.angle = p.world.base_angle;
  // Ploughed, mown or overgrown at either date: not a change.
  if (p.rng.chance(0.35f)) patch.ground[p.rng.between(0, 1)] = field ? Ground::kNone : Ground::kBare;
  patch.open_always = true;
  p.world.patches.push_back(patch);
  const bool dense = p.rng.chance(0.7f);
  const PlotStyle style = dense ? dense_plots(p.rng, p.style) : estate_plots(p.rng, p.style);
  Road like;
  like.half_width = p.rng.range(6.5f, 9.0f);
  if (!changed) {
    if (p.rng.chance(0.6f)) {
      const float share = p.rng.chance(0.5f) ? 0.0f : 0.3f;
      settle_most(p, p.line_plots(p.network(like, dense), style), share);
    }
    return;
  }
  const bool old_roads = p.rng.chance(0.5f), houses = old_roads || p.rng.chance(0.5f);
  like.surface[0] = old_roads ? Surface::kPaved : p.rng.chance(0.7f) ? Surface::kNone : Surface::kDirt;
  like.reported = !old_roads;
  const std::vector<int> plots = p.line_plots(p.network(like, dense), style);
  const Region region = draw_region(p, 0.5f);
  const float share = p.rng.range(0.3f, 1.0f);
  for (int i : plots) {
    const bool built = houses && region.contains(house_place(p.world.plots[i])) && p.rng.chance(share);
    p.world.plots[i].settled = {false, built};
  }
}

}  // namespace

World draw_world(Rng rng, PlaceKind place, bool changed, float extent, const Style& style) {
  Planner planner(rng, extent, style);
  lay_land(planner);
  switch (place) {
    case PlaceKind::kSuburb:
      suburb(planner, changed);
      break;
    case PlaceKind::kWild:
      wild(planner, changed);
      break;
    case PlaceKind::kCommercial:
      commercial(planner, changed);
      break;
    case PlaceKind::kBareland:
      bareland(planner, changed);
      break;
  }
  add_unreported_differences(planner);
  planner.finish();
  return std::move(planner.world);
}

}  // namespace ccx::scenes
