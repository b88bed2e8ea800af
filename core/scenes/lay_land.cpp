// The land before anything is built on it: parcels of fields and pastures with hedges between them, lakes, rivers.
#include "core/scenes/sites.h"

namespace ccx::scenes {

namespace {

// What grows on a parcel differs from date to date: ripe, ploughed, green, dried. Nobody calls that a change.
void parcel(Planner& p, const Polygon& outline, float angle) {
  Rng& rng = p.rng;
  Patch patch;
  patch.outline = outline;
  patch.angle = angle + (rng.chance(0.3f) ? 0.5f * kPi : 0.0f);
  patch.opacity = rng.range(0.6f, 1.0f);
  const Ground ground = rng.chance(0.65f) ? Ground::kField : Ground::kPasture;
  patch.ground = {ground, ground};
  const float tone = rng.range(-1.0f, 1.0f);
  patch.tone = {tone, rng.chance(0.65f) ? rng.range(-1.0f, 1.0f) : tone};
  p.world.patches.push_back(std::move(patch));
}

void parcels(Planner& p, float share) {
  Rng& rng = p.rng;
  const float e = p.world.extent, reach = 0.75f * e;
  const Frame frame = frame_at({0.5f * e, 0.5f * e}, rng.range(-kPi, kPi));
  const float wide = rng.range(50.0f, 190.0f), deep = rng.range(70.0f, 260.0f);
  const float hedges = rng.chance(0.5f) ? rng.range(0.1f, 0.7f) : 0.0f;
  for (float u = -reach; u < reach;) {
    const float w = wide * rng.range(0.6f, 1.5f);
    for (float v = -reach - rng.range(0.0f, deep); v < reach;) {
      const float d = deep * rng.range(0.5f, 1.5f), gap = rng.range(0.0f, 2.5f);
      if (rng.chance(share)) parcel(p, frame.rectangle(u + gap, v + gap, u + w - gap, v + d - gap), 0.0f);
      if (rng.chance(hedges)) p.hedge(frame.at(u, v), frame.at(u, v + d));
      if (rng.chance(hedges)) p.hedge(frame.at(u, v), frame.at(u + w, v));
      v += d;
    }
    u += w;
  }
}

// Pasture in a wild place, on one side of a fence: green at one date, dried at the other.
void pastures(Planner& p) {
  Rng& rng = p.rng;
  for (int i = rng.between(1, 2); i > 0; --i) {
    Patch patch;
    patch.outline = outline_of(p, draw_region(p, 0.2f));
    patch.ground = {Ground::kPasture, Ground::kPasture};
    patch.tone = {rng.range(-1.0f, 1.0f), rng.range(-1.0f, 1.0f)};
    patch.opacity = rng.range(0.3f, 0.95f);
    p.world.patches.push_back(std::move(patch));
  }
}

void water(Planner& p, const Polygon& outline) {
  Patch patch;
  patch.outline = outline;
  patch.ground = {Ground::kWater, Ground::kWater};
  p.land.mark(outline, Occupancy::kUsed);
  p.world.patches.push_back(std::move(patch));
}

void lake_or_river(Planner& p) {
  Rng& rng = p.rng;
  const float e = p.world.extent;
  if (rng.chance(0.6f)) {
    const float angle = rng.range(-kPi, kPi);
    const float radius_y = rng.range(0.08f, 0.3f) * e, radius_x = rng.range(0.08f, 0.45f) * e;
    const Vec2 centre = p.somewhere(-0.1f * e);
    water(p, roughened(rng, blob(rng, centre, radius_x, radius_y, angle, 0.4f), 3.0f));
    return;
  }
  const float bend = rng.range(-0.006f, 0.006f);
  const float angle = rng.range(-kPi, kPi);
  const std::vector<Vec2> axis = through_axis(p.somewhere(0.0f), angle, bend, -bend, e);
  const float half_width = rng.chance(0.5f) ? rng.range(3.0f, 8.0f) : rng.range(10.0f, 40.0f);
  water(p, strip(axis, half_width, 2.0f, rng));
}

}  // namespace

void lay_land(Planner& p) {
  const float fields = p.style.fields;
  if (p.rng.chance(fields)) {
    parcels(p, p.rng.range(0.5f, 1.0f));
  } else if (p.rng.chance(0.35f)) {
    pastures(p);
  }
  if (p.rng.chance(p.style.lakes)) lake_or_river(p);
}

}  // namespace ccx::scenes
