// What differs between two dates without being worth a word.
#include "train/scenes/house.h"
#include "train/scenes/scenario.h"

namespace ccx::scenes {

namespace {

// Mostly at one date only.
Dates<Ground> at_some_date(Rng& rng, Ground ground, float both) {
  Dates<Ground> states{ground, ground};
  if (!rng.chance(both)) states[rng.between(0, 1)] = Ground::kNone;
  return states;
}

bool room_for(Planner& p, const Polygon& outline) {
  return p.land.share(outline, Occupancy::kUsed) < 0.15f;
}

void add_spots(Planner& p, int count, Ground ground, float low, float high, float both) {
  for (int i = 0; i < count; ++i) {
    Patch patch;
    patch.outline = roughened(p.rng,
                              blob(p.rng, p.somewhere(-10.0f), p.rng.range(low, high), p.rng.range(low, high) * 0.7f,
                                   p.rng.range(-kPi, kPi), 0.4f),
                              1.5f);
    if (!room_for(p, patch.outline)) continue;
    patch.ground = at_some_date(p.rng, ground, both);
    patch.opacity = p.rng.range(0.4f, 1.0f);
    if (high > 20.0f) patch.footing = Footing::kOpenAlways;  // a few trees may go with a small spot, a wood may not
    if (ground == Ground::kWater) p.land.mark(patch.outline, Occupancy::kUsed);
    p.world.patches.push_back(patch);
  }
}

// Land on one side of a fence is kept differently: grazed, mown, resown, and not the same at both dates.
void add_pasture(Planner& p) {
  Rng& rng = p.rng;
  static constexpr Ground kKept[] = {Ground::kNone, Ground::kMeadow, Ground::kLawn, Ground::kBare};
  const float e = p.world.extent, far = 3.0f * e;
  const Vec2 at = p.somewhere(0.1f * e);
  const Vec2 normal =
      direction((rng.chance(0.5f) ? 0.0f : 0.5f * kPi) + rng.range(-0.35f, 0.35f)) * (rng.chance(0.5f) ? 1.0f : -1.0f);
  const Frame frame{at, perpendicular(normal), normal};
  Patch patch;
  const float left = rng.chance(0.5f) ? far : rng.range(40.0f, 200.0f),
              deep = rng.chance(0.5f) ? far : rng.range(50.0f, 200.0f);
  patch.outline = frame.rectangle(-left, 0.0f, far, deep);
  for (Ground& ground : patch.ground) ground = kKept[rng.pick({0.4f, 0.25f, 0.27f, 0.08f})];
  patch.opacity = rng.range(0.25f, 0.95f);
  patch.footing = Footing::kWooded;  // or the wood would go with the grass, which is a change
  p.world.patches.push_back(patch);
  Fence fence{frame.at(-left, 0.0f), frame.at(far, 0.0f), rng.chance(0.85f), {true, true}};
  if (rng.chance(0.35f)) fence.present[rng.between(0, 1)] = false;
  p.world.fences.push_back(fence);
}

// Brush, stones and odds and ends that lie about, in heaps or scattered.
void add_clutter(Planner& p) {
  Rng& rng = p.rng;
  const Vec2 middle = p.somewhere(0.0f);
  const float spread = rng.range(14.0f, 60.0f), stony = rng.uniform();
  const size_t when = rng.pick({0.35f, 0.35f, 0.3f});  // before, after, both
  const int count = rng.between(5, 24);
  for (int i = 0; i < count; ++i) {
    const Vec2 at = middle + direction(rng.range(-kPi, kPi)) * (spread * rng.uniform());
    const float size = rng.range(1.5f, 5.0f);
    const Polygon ground = blob(rng, at, size, size * rng.range(0.4f, 1.0f), rng.range(-kPi, kPi), 0.35f);
    if (p.land.share(ground, Occupancy::kUsed) > 0.0f) continue;
    if (rng.chance(stony)) {
      Patch patch;
      patch.outline = ground;
      const Ground kind = rng.chance(0.6f) ? Ground::kRubble : Ground::kGravel;
      patch.ground = {when == 1 ? Ground::kNone : kind, when == 0 ? Ground::kNone : kind};
      patch.opacity = rng.range(0.5f, 1.0f);
      patch.footing = Footing::kWooded;
      p.world.patches.push_back(patch);
    } else {
      p.world.trees.push_back({at, 0.8f * size, TreeKind::kShrub, 1.5f * rng.bell(), {when != 1, when != 0}});
    }
  }
}

}  // namespace

void add_unreported_differences(Planner& p) {
  Rng& rng = p.rng;
  for (int i = rng.chance(0.4f) ? rng.between(1, 2) : 0; i > 0; --i) add_pasture(p);
  for (int i = rng.chance(0.4f) ? rng.between(1, 3) : 0; i > 0; --i) add_clutter(p);
  add_spots(p, rng.between(0, 5), Ground::kBare, 4.0f, 26.0f, 0.35f);
  if (rng.chance(0.25f)) add_spots(p, rng.between(1, 3), Ground::kRubble, 10.0f, 40.0f, 0.4f);
  if (rng.chance(0.25f)) add_spots(p, rng.between(1, 2), Ground::kLawn, 14.0f, 50.0f, 0.3f);
  if (rng.chance(0.10f)) add_spots(p, 1, Ground::kWater, 12.0f, 44.0f, 0.4f);
  if (rng.chance(0.15f)) add_spots(p, 1, Ground::kBare, 30.0f, 70.0f, 0.3f);
  if (rng.chance(0.12f)) {  // a gravel pad
    const Frame frame = frame_at(p.somewhere(0.0f), rng.range(-kPi, kPi));
    Patch pad;
    pad.outline = roughened(rng,
                            frame.rectangle(-rng.range(8.0f, 22.0f), -rng.range(8.0f, 16.0f), rng.range(8.0f, 22.0f),
                                            rng.range(8.0f, 16.0f)),
                            1.0f);
    if (room_for(p, pad.outline)) {
      pad.ground = at_some_date(rng, Ground::kGravel, 0.3f);
      pad.footing = Footing::kOpenAlways;
      p.world.patches.push_back(pad);
    }
  }
  const int tracks = rng.chance(0.35f) ? rng.between(1, 2) : 0;
  for (int i = 0; i < tracks; ++i) {
    Road track;
    track.half_width = rng.range(3.0f, 5.0f);
    track.kerb = false;
    track.surface = {Surface::kTrack, Surface::kTrack};
    if (!rng.chance(0.35f)) track.surface[rng.between(0, 1)] = Surface::kNone;
    track.axis = through_axis(p.somewhere(0.0f), rng.range(-kPi, kPi), rng.range(-0.008f, 0.008f),
                              rng.range(-0.008f, 0.008f), p.world.extent);
    // Tracks keep to open land.
    if (p.land.share(strip(track.axis, track.half_width, 0.0f, rng), Occupancy::kUsed) < 0.08f)
      p.world.roads.push_back(track);
  }
  const int fences = rng.chance(0.35f) ? rng.between(1, 3) : 0;
  for (int i = 0; i < fences; ++i) {
    const Vec2 at = p.somewhere(0.0f);
    const Vec2 along = direction((rng.chance(0.5f) ? 0.0f : 0.5f * kPi) + 0.2f * rng.bell());
    Fence fence{
        at - along * rng.range(20.0f, 200.0f), at + along * rng.range(20.0f, 200.0f), rng.chance(0.8f), {true, true}};
    if (!rng.chance(0.5f)) fence.present[rng.between(0, 1)] = false;
    p.world.fences.push_back(fence);
  }
  const int sheds = rng.chance(0.3f) ? rng.between(1, 2) : 0;
  for (int i = 0; i < sheds; ++i) {
    const Frame frame = frame_at(p.somewhere(0.0f), rng.range(-kPi, kPi));
    const float size = rng.range(4.0f, 8.0f);
    const Polygon ground = frame.rectangle(-size, -size, size, size);
    if (!room_for(p, ground)) continue;
    Building shed = make_shed(rng.fork(7000 + static_cast<uint64_t>(i)), frame, size, size * rng.range(0.7f, 1.0f));
    if (rng.chance(0.5f)) shed.present[rng.between(0, 1)] = false;
    p.world.buildings.push_back(std::move(shed));
  }
  // Cars on the roads, different ones at each date.
  for (const Road& road : p.world.roads) {
    if (road.surface[0] != Surface::kPaved && road.surface[1] != Surface::kPaved) continue;
    const float total = axis_length(road.axis);
    for (uint8_t date = 0; date < 2; ++date) {
      if (road.surface[date] != Surface::kPaved) continue;
      const int cars = rng.between(0, road.lane_marks ? 5 : 3);
      for (int i = 0; i < cars; ++i) {
        const Station s = station(road.axis, rng.range(0.0f, total));
        const float side = (rng.chance(0.5f) ? 1.0f : -1.0f) * rng.range(0.3f, 0.75f) * road.half_width;
        p.world.cars.push_back({s.at + perpendicular(s.along) * side, s.along, static_cast<uint8_t>(rng.between(0, 7)),
                                date, rng.range(0.9f, 1.2f)});
      }
    }
  }
}

}  // namespace ccx::scenes
