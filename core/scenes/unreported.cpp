// What differs between two dates without being worth a word.
#include "core/scenes/house.h"
#include "core/scenes/scenario.h"

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
    const float angle = p.rng.range(-kPi, kPi);
    const float radius_y = p.rng.range(low, high) * 0.7f, radius_x = p.rng.range(low, high);
    const Vec2 centre = p.somewhere(-10.0f);
    patch.outline = roughened(p.rng, blob(p.rng, centre, radius_x, radius_y, angle, 0.4f), 1.5f);
    if (!room_for(p, patch.outline)) continue;
    patch.ground = at_some_date(p.rng, ground, both);
    patch.opacity = p.rng.range(0.4f, 1.0f);
    patch.open_always = high > 20.0f;  // a few trees may go with a small spot, a wood may not: that would be a change
    if (ground == Ground::kWater) p.land.mark(patch.outline, Occupancy::kUsed);
    p.world.patches.push_back(patch);
  }
}

void add_gravel_pad(Planner& p) {
  Rng& rng = p.rng;
  const float angle = rng.range(-kPi, kPi);
  const Frame frame = frame_at(p.somewhere(0.0f), angle);
  const float v1 = rng.range(8.0f, 16.0f), u1 = rng.range(8.0f, 22.0f);
  const float v0 = -rng.range(8.0f, 16.0f), u0 = -rng.range(8.0f, 22.0f);
  Patch pad;
  pad.outline = roughened(rng, frame.rectangle(u0, v0, u1, v1), 1.0f);
  if (room_for(p, pad.outline)) {
    pad.ground = at_some_date(rng, Ground::kGravel, 0.3f);
    pad.open_always = true;
    p.world.patches.push_back(pad);
  }
}

void add_tracks(Planner& p) {
  Rng& rng = p.rng;
  const int tracks = rng.chance(0.35f) ? rng.between(1, 2) : 0;
  for (int i = 0; i < tracks; ++i) {
    Road track;
    track.half_width = rng.range(3.0f, 5.0f);
    track.kerb = false;
    track.surface = {Surface::kTrack, Surface::kTrack};
    // Through a wood a new path is reported, so there it has always been.
    const bool open_land = p.world.woodland.threshold > 0.3f;
    if (open_land && !rng.chance(0.35f)) track.surface[rng.between(0, 1)] = Surface::kNone;
    const float behind = rng.range(-0.008f, 0.008f), ahead = rng.range(-0.008f, 0.008f);
    const float angle = rng.range(-kPi, kPi);
    track.axis = through_axis(p.somewhere(0.0f), angle, ahead, behind, p.world.extent);
    // Tracks keep to open land.
    if (p.land.share(strip(track.axis, track.half_width, 0.0f, rng), Occupancy::kUsed) < 0.08f)
      p.world.roads.push_back(track);
  }
}

void add_fences(Planner& p) {
  Rng& rng = p.rng;
  const int fences = rng.chance(0.35f) ? rng.between(1, 3) : 0;
  for (int i = 0; i < fences; ++i) {
    const Vec2 at = p.somewhere(0.0f);
    const float axis = rng.chance(0.5f) ? 0.0f : 0.5f * kPi;
    const Vec2 along = direction(axis + 0.2f * rng.bell());
    Fence fence{
        at - along * rng.range(20.0f, 200.0f), at + along * rng.range(20.0f, 200.0f), rng.chance(0.8f), {true, true}};
    if (!rng.chance(0.5f)) fence.present[rng.between(0, 1)] = false;
    p.world.fences.push_back(fence);
  }
}

void add_sheds(Planner& p) {
  Rng& rng = p.rng;
  const int sheds = rng.chance(0.3f) ? rng.between(1, 2) : 0;
  for (int i = 0; i < sheds; ++i) {
    const float angle = rng.range(-kPi, kPi);
    const Frame frame = frame_at(p.somewhere(0.0f), angle);
    const float size = rng.range(4.0f, 8.0f);
    const Polygon ground = frame.rectangle(-size, -size, size, size);
    if (!room_for(p, ground)) continue;
    Building shed = make_shed(rng.fork(7000 + static_cast<uint64_t>(i)), frame, size, size * rng.range(0.7f, 1.0f));
    if (rng.chance(0.5f)) shed.present[rng.between(0, 1)] = false;
    p.world.buildings.push_back(std::move(shed));
  }
}

// On the roads, different ones at each date.
void add_cars(Planner& p) {
  Rng& rng = p.rng;
  for (const Road& road : p.world.roads) {
    if (road.surface[0] != Surface::kPaved && road.surface[1] != Surface::kPaved) continue;
    const float total = axis_length(road.axis);
    for (uint8_t date = 0; date < 2; ++date) {
      if (road.surface[date] != Surface::kPaved) continue;
      const int cars = rng.between(0, road.lane_marks ? 5 : 3);
      for (int i = 0; i < cars; ++i) {
        const Station s = station(road.axis, rng.range(0.0f, total));
        const float side = rng.chance(0.5f) ? 1.0f : -1.0f;
        const float off_axis = side * rng.range(0.3f, 0.75f) * road.half_width;
        p.world.cars.push_back({s.at + perpendicular(s.along) * off_axis, s.along,
                                static_cast<uint8_t>(rng.between(0, 7)), date, rng.range(0.9f, 1.2f)});
      }
    }
  }
}

}  // namespace

void add_unreported_differences(Planner& p) {
  Rng& rng = p.rng;
  add_spots(p, rng.between(0, 5), Ground::kBare, 4.0f, 26.0f, 0.35f);
  if (rng.chance(0.25f)) add_spots(p, rng.between(1, 3), Ground::kRubble, 10.0f, 40.0f, 0.4f);
  if (rng.chance(0.25f)) add_spots(p, rng.between(1, 2), Ground::kLawn, 14.0f, 50.0f, 0.3f);
  if (rng.chance(0.10f)) add_spots(p, 1, Ground::kWater, 12.0f, 44.0f, 0.4f);
  if (rng.chance(0.15f)) add_spots(p, 1, Ground::kBare, 30.0f, 70.0f, 0.3f);
  if (rng.chance(0.12f)) add_gravel_pad(p);
  add_tracks(p);
  add_fences(p);
  add_sheds(p);
  add_cars(p);
}

}  // namespace ccx::scenes
