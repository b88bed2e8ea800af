// Roofs are composed of wings of one pitch, so that where two wings meet their surfaces cut each other in a valley at
// 45 degrees and every face is a plain polygon.
#include "core/scenes/house.h"

#include <utility>

namespace ccx::scenes {

namespace {

constexpr float kPitch = 0.55f;

// Builds faces in the house's own frame and places them in the world at the end.
class RoofBuilder {
 public:
  RoofBuilder(const Frame& frame, float eave) : frame_(frame), eave_(eave) {}

  // A rectangle with its ridge along u; each end is a hip (slanted) or a gable (upright).
  void ridged(float u0, float v0, float u1, float v1, bool hip_left, bool hip_right, float eave) {
    const float half = 0.5f * (v1 - v0), middle = 0.5f * (v0 + v1), top = eave + kPitch * half;
    const float reach = std::min(half, 0.45f * (u1 - u0));
    const RoofPoint a{{u0 + (hip_left ? reach : 0.0f), middle}, top}, b{{u1 - (hip_right ? reach : 0.0f), middle}, top};
    face({{{u0, v0}, eave}, {{u1, v0}, eave}, b, a}, {0.0f, -1.0f});
    face({{{u1, v1}, eave}, {{u0, v1}, eave}, a, b}, {0.0f, 1.0f});
    if (hip_left) face({{{u0, v1}, eave}, {{u0, v0}, eave}, a}, {-1.0f, 0.0f});
    if (hip_right) face({{{u1, v0}, eave}, {{u1, v1}, eave}, b}, {1.0f, 0.0f});
    footprint(u0, v0, u1, v1);
  }

  // The same with the ridge along v.
  void ridged_across(float u0, float v0, float u1, float v1, bool hip_front, bool hip_back, float eave) {
    const float half = 0.5f * (u1 - u0), middle = 0.5f * (u0 + u1), top = eave + kPitch * half;
    const float reach = std::min(half, 0.45f * (v1 - v0));
    const RoofPoint a{{middle, v0 + (hip_front ? reach : 0.0f)}, top}, b{{middle, v1 - (hip_back ? reach : 0.0f)}, top};
    face({{{u0, v1}, eave}, {{u0, v0}, eave}, a, b}, {-1.0f, 0.0f});
    face({{{u1, v0}, eave}, {{u1, v1}, eave}, b, a}, {1.0f, 0.0f});
    if (hip_front) face({{{u0, v0}, eave}, {{u1, v0}, eave}, a}, {0.0f, -1.0f});
    if (hip_back) face({{{u1, v1}, eave}, {{u0, v1}, eave}, b}, {0.0f, 1.0f});
    footprint(u0, v0, u1, v1);
  }

  // A wing that sticks out of the eave line v = `line` by `reach` towards `sign` (-1 front, +1 back) and whose ridge
  // runs back until it meets the main roof.
  void wing(float u0, float u1, float line, float reach, float sign, bool hip) {
    const float half = 0.5f * (u1 - u0), middle = 0.5f * (u0 + u1), top = eave_ + kPitch * half;
    const float end = line + sign * reach;
    const RoofPoint inner{{middle, line - sign * half}, top};
    const RoofPoint outer{{middle, hip ? end - sign * std::min(half, reach + half) : end}, top};
    face({{{u0, end}, eave_}, {{u0, line}, eave_}, inner, outer}, {-1.0f, 0.0f});
    face({{{u1, line}, eave_}, {{u1, end}, eave_}, outer, inner}, {1.0f, 0.0f});
    if (hip) face({{{u0, end}, eave_}, {{u1, end}, eave_}, outer}, {0.0f, sign});
    footprint(u0, std::min(line, end), u1, std::max(line, end));
  }

  void flat(float u0, float v0, float u1, float v1, float height) {
    face({{{u0, v0}, height}, {{u1, v0}, height}, {{u1, v1}, height}, {{u0, v1}, height}}, {0.0f, 0.0f});
    footprint(u0, v0, u1, v1);
  }

  void vent(float u, float v) { building_.vents.push_back(frame_.at(u, v)); }

  Building build(BuildingKind kind, bool ridge_along) {
    building_.kind = kind;
    building_.centre = frame_.origin;
    building_.ridge = ridge_along ? frame_.along : frame_.across;
    building_.eave = eave_;
    return std::move(building_);
  }

 private:
  void face(std::vector<RoofPoint> outline, Vec2 normal) {
    for (RoofPoint& p : outline) p.at = frame_.at(p.at.x, p.at.y);
    building_.faces.push_back({std::move(outline), frame_.along * normal.x + frame_.across * normal.y});
  }
  void footprint(float u0, float v0, float u1, float v1) {
    building_.footprint.push_back(frame_.rectangle(u0, v0, u1, v1));
  }

  Frame frame_;
  float eave_;
  Building building_;
};

}  // namespace

namespace {

RoofMaterial draw_roof(Rng& rng, const Style& style) {
  return static_cast<RoofMaterial>(rng.pick({style.roofs[0], style.roofs[1], style.roofs[2], style.roofs[3]}));
}

// Boxes under flat roofs, one of them often lower.
Building make_flat_house(Rng& rng, const Frame& frame, float width, float depth, const Style& style) {
  const float height = rng.chance(0.35f) ? rng.range(11.0f, 13.0f) : rng.range(6.0f, 8.0f);
  RoofBuilder roof(frame, height);
  const float u0 = -0.5f * width, u1 = 0.5f * width, v0 = -0.5f * depth, v1 = 0.5f * depth;
  const float cut = mix(u0, u1, rng.range(0.4f, 0.75f)), step = mix(v0, v1, rng.range(0.0f, 0.35f));
  roof.flat(u0, v0, cut, v1, height);
  roof.flat(cut, step, u1, v1, rng.chance(0.5f) ? height : height - 3.0f);
  for (int i = rng.between(0, 4); i > 0; --i) {
    const float v = rng.range(0.8f * v0, 0.8f * v1), u = rng.range(0.8f * u0, 0.8f * cut);
    roof.vent(u, v);
  }
  Building house = roof.build(BuildingKind::kHouse, true);
  const float tone = 0.45f * rng.bell();
  house.tone = {tone, tone};
  house.material = rng.chance(0.5f) ? RoofMaterial::kWhite : draw_roof(rng, style);
  return house;
}

}  // namespace

Building make_house(Rng rng, const Frame& frame, float width, float depth, const Style& style) {
  if (rng.chance(style.flat_roofs)) return make_flat_house(rng, frame, width, depth, style);
  const bool two_storeys = rng.chance(style.two_storeys);
  RoofBuilder roof(frame, two_storeys ? rng.range(9.0f, 11.0f) : rng.range(5.0f, 6.5f));
  const float eave = two_storeys ? 10.0f : 6.0f;
  const float front = rng.range(3.0f, 0.28f * depth), back = rng.chance(0.6f) ? rng.range(2.0f, 0.22f * depth) : 0.0f;
  const float u0 = -0.5f * width, u1 = 0.5f * width;
  const float v0 = -0.5f * depth + front, v1 = 0.5f * depth - back;
  const bool hips = rng.chance(style.hips);
  const bool along = (u1 - u0) >= 0.85f * (v1 - v0);
  if (along) {
    roof.ridged(u0, v0, u1, v1, hips, hips, eave);
  } else {
    roof.ridged_across(u0, v0, u1, v1, hips, hips, eave);
  }
  const float half = 0.5f * (along ? v1 - v0 : u1 - u0);
  const float side = rng.chance(0.5f) ? -1.0f : 1.0f;
  // Garage wing towards the street, perhaps a smaller gable beside it, perhaps a wing to the back.
  const float garage = std::min(rng.range(0.34f, 0.5f) * width, 1.8f * half);
  const auto attach = [&](float centre, float w, float line, float reach, float sign) {
    roof.wing(std::max(u0, centre - 0.5f * w), std::min(u1, centre + 0.5f * w), line, reach, sign, rng.chance(0.6f));
  };
  attach(side * (0.5f * width - 0.5f * garage), garage, v0, front, -1.0f);
  if (rng.chance(0.55f)) {
    const float w = std::min(rng.range(0.2f, 0.32f) * width, 1.6f * half);
    const float reach = front * rng.range(0.3f, 0.8f);
    attach(-side * rng.range(0.12f, 0.30f) * width, w, v0, reach, -1.0f);
  }
  if (back > 0.0f) {
    const float w = std::min(rng.range(0.3f, 0.5f) * width, 1.8f * half);
    attach(rng.range(-0.25f, 0.25f) * width, w, v1, back, 1.0f);
  }
  const int vents = rng.between(0, 3);
  for (int i = 0; i < vents; ++i) {
    const float v = rng.range(0.6f * v0, 0.8f * v1), u = rng.range(0.6f * u0, 0.6f * u1);
    roof.vent(u, v);
  }
  Building house = roof.build(BuildingKind::kHouse, along);
  const float tone = 0.45f * rng.bell();
  house.tone = {tone, tone};
  house.material = draw_roof(rng, style);
  return house;
}

Building make_shed(Rng rng, const Frame& frame, float width, float depth) {
  RoofBuilder roof(frame, 4.0f);
  if (rng.chance(0.5f)) {
    roof.flat(-0.5f * width, -0.5f * depth, 0.5f * width, 0.5f * depth, 4.0f);
  } else {
    roof.ridged(-0.5f * width, -0.5f * depth, 0.5f * width, 0.5f * depth, false, false, 4.0f);
  }
  Building shed = roof.build(BuildingKind::kShed, true);
  const float tone = 0.8f * rng.bell();
  shed.tone = {tone, tone};
  shed.material = static_cast<RoofMaterial>(rng.pick({0.4f, 0.1f, 0.4f, 0.1f}));
  return shed;
}

Building make_large_building(Rng rng, const Frame& frame, float width, float depth, const Style& style) {
  const bool flats = rng.chance(style.flats);
  const float height = flats ? rng.range(18.0f, 34.0f) : rng.range(10.0f, 16.0f);
  if (flats) depth = std::min(depth, rng.range(22.0f, 30.0f));
  RoofBuilder roof(frame, height);
  const float u0 = -0.5f * width, u1 = 0.5f * width, v0 = -0.5f * depth, v1 = 0.5f * depth;
  const bool along = width >= depth;
  const size_t form = flats ? (rng.chance(0.6f) ? 0 : 2) : rng.pick({0.4f, 0.3f, 0.3f});
  if (form == 0) {
    roof.flat(u0, v0, u1, v1, height);
  } else if (form == 1) {  // an angle or a step of flat parts
    const float cut_u = mix(u0, u1, rng.range(0.35f, 0.65f)), cut_v = mix(v0, v1, rng.range(0.35f, 0.65f));
    roof.flat(u0, v0, u1, cut_v, height);
    if (rng.chance(0.5f)) {
      roof.flat(u0, cut_v, cut_u, v1, height - 1.0f);
    } else {
      roof.flat(cut_u, cut_v, u1, v1, height - 1.0f);
    }
  } else if (along) {
    roof.ridged(u0, v0, u1, v1, false, false, height);
  } else {
    roof.ridged_across(u0, v0, u1, v1, false, false, height);
  }
  const int vents = static_cast<int>(width * depth / 260.0f);
  for (int i = 0; i < vents; ++i) {
    const float v = rng.range(0.9f * v0, 0.4f * v1), u = rng.range(0.9f * u0, 0.9f * u1);
    roof.vent(u, v);
  }
  Building building = roof.build(BuildingKind::kLarge, along);
  const float tone = 0.5f * rng.bell();
  building.tone = {tone, tone};
  building.material = static_cast<RoofMaterial>(rng.pick({0.25f, 0.05f, 0.35f, 0.35f}));
  return building;
}

}  // namespace ccx::scenes
