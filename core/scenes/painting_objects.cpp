// What stands on the ground and casts a shadow: fences, cars, buildings, trees.
#include <algorithm>

#include "core/scenes/painting.h"

namespace ccx::scenes {

namespace {

class ObjectPainter {
 public:
  explicit ObjectPainter(Painting& painting) : in_(painting) {}

  void fences() {
    const Paint paint{in_.look.palette.fence, 0.1f, 0.0f, 0.7f, 0.0f};
    const Vec2 reach = in_.look.shadow * (3.2f * in_.painter.zoom());
    for (const Fence& fence : in_.world.fences) {
      if (!fence.present[in_.date]) continue;
      if (fence.wire) {
        in_.painter.line(fence.from, fence.to, 0.9f, {in_.look.palette.fence, 0.1f, 0.0f, 0.35f, 0.0f});
        continue;
      }
      in_.painter.line(fence.from, fence.to, 1.0f, paint);
      const Vec2 a = in_.painter.project(fence.from), b = in_.painter.project(fence.to);
      const Vec2 quad[4] = {a, b, b + reach, a + reach};
      in_.painter.shadow_polygon(quad, 0.9f);
    }
  }

  void shadows() {
    for (const Building& building : in_.world.buildings) {
      if (!building.present[in_.date]) continue;
      for (const Polygon& part : building.footprint)
        in_.painter.shadow_of(part, building.eave + (building.kind == BuildingKind::kHouse ? 2.5f : 0.5f));
    }
    Rng rng = in_.rng.fork(500);
    for (const Tree& tree : in_.world.trees) {
      if (!tree.present[in_.date]) continue;
      const Foliage f = foliage(tree, rng);
      const float height = 1.15f * tree.radius;
      in_.painter.shadow_of_crown(*f.crown, f.at, in_.look.shadow * (height * in_.painter.zoom()), 0.92f);
      in_.painter.shadow_of_crown(*f.crown, f.at, in_.look.shadow * (0.4f * height * in_.painter.zoom()), 0.92f);
    }
    in_.painter.cast_shadows();
  }

  void cars() {
    static constexpr Colour kCars[8] = {{225, 225, 222}, {210, 212, 215}, {40, 42, 46},    {60, 62, 68},
                                        {150, 32, 34},   {48, 66, 120},   {165, 168, 170}, {120, 112, 98}};
    for (const Car& car : in_.world.cars) {
      if (car.date != in_.date) continue;
      const Frame frame{car.at, car.heading, perpendicular(car.heading)};
      const float l = 4.6f * car.scale, w = 2.0f * car.scale;
      const Vec2 reach = in_.look.shadow * (2.6f * in_.painter.zoom());
      Polygon outline = frame.rectangle(-l, -w, l, w), cast;
      for (Vec2 p : outline) {
        cast.push_back(in_.painter.project(p));
        cast.push_back(in_.painter.project(p) + reach);
      }
      in_.painter.pixels(convex_hull(std::move(cast)), {in_.look.palette.shade, 0.0f, 0.0f, 0.6f, 0.0f});
      const Colour body = kCars[car.colour] * (in_.look.palette.concrete.g / 215.0f);
      in_.painter.polygon(outline, {body, 0.0f, 0.0f, 1.0f, 0.0f});
      in_.painter.polygon(frame.rectangle(0.25f * l, -0.8f * w, 0.5f * l, 0.8f * w),
                          {body * 0.35f, 0.0f, 0.0f, 0.9f, 0.0f});
    }
  }

  void paint_building(const Building& building) {
    if (!building.present[in_.date]) return;
    const Palette& p = in_.look.palette;
    const Colour base = building.material == RoofMaterial::kTile    ? p.roof_tile
                        : building.material == RoofMaterial::kMetal ? p.roof_metal
                        : building.material == RoofMaterial::kWhite ? p.concrete * 1.08f
                                                                    : p.roof;
    const bool raw = building.raw[in_.date];
    const Colour roof = raw ? mix(p.bare, p.concrete, 0.35f) : base * (1.0f + 0.24f * building.tone[in_.date]);
    Rng rng = in_.rng.fork(900 + static_cast<uint64_t>(&building - in_.world.buildings.data()));
    for (const Polygon& part : building.footprint) {  // walls, seen where the building leans
      Polygon points;
      for (Vec2 v : part) {
        points.push_back(in_.painter.project(v));
        points.push_back(in_.painter.project(v, building.eave));
      }
      in_.painter.pixels(convex_hull(std::move(points)), {p.wall * 0.8f, 0.02f, 0.0f, 1.0f, 0.0f});
    }
    const bool large = building.kind == BuildingKind::kLarge;
    Polygon outline;
    for (const RoofFace& face : building.faces) {
      outline.clear();
      for (const RoofPoint& v : face.outline) outline.push_back(in_.painter.project(v.at, v.height));
      const bool flat = face.normal.x == 0.0f && face.normal.y == 0.0f;
      const float light = flat ? 1.05f
                               : 1.0f + in_.look.relief * (large ? 0.5f : 1.35f) * dot(face.normal, in_.look.to_sun) +
                                     0.03f * rng.bell();
      const float rough = large ? 0.015f : 0.045f;
      in_.painter.pixels(outline, {roof * light, rough, 0.02f, 1.0f, 0.0f});
      if (raw) rafters(outline, p.wall * 0.55f);
      if (flat && large) {  // parapet
        for (size_t i = 0; i < outline.size(); ++i) {
          const Vec2 a = outline[i], b = outline[(i + 1) % outline.size()];
          const Vec2 n = perpendicular(normalised(b - a)) * 0.6f;
          const Vec2 quad[4] = {a + n, b + n, b - n, a - n};
          in_.painter.pixels(quad, {roof * 0.78f, 0.0f, 0.0f, 0.8f, 0.0f});
        }
      }
    }
    for (Vec2 vent : building.vents) {
      const Vec2 at = in_.painter.project(vent, building.eave + 3.0f);
      const float s = large ? rng.range(0.8f, 2.2f) : 0.6f;
      const Vec2 quad[4] = {at + Vec2{-s, -s}, at + Vec2{s, -s}, at + Vec2{s, s}, at + Vec2{-s, s}};
      in_.painter.pixels(quad, {roof * (rng.chance(0.6f) ? 0.55f : 1.4f), 0.0f, 0.0f, 0.9f, 0.0f});
    }
  }

  void trees() {
    Rng rng = in_.rng.fork(500);
    const float relief = 0.12f + 0.9f * in_.look.relief;
    for (const Tree& tree : in_.world.trees) {
      if (!tree.present[in_.date]) continue;
      const Foliage f = foliage(tree, rng);
      in_.painter.crown(*f.crown, f.at, in_.look.palette.crown_dark, f.colour, relief, in_.look.crown_texture,
                        f.opacity);
    }
  }

 private:
  // The crown's look at this date, and where it has come to lie.
  struct Foliage {
    const Crown* crown;
    Vec2 at;
    Colour colour;
    float opacity;
  };

  Foliage foliage(const Tree& tree, Rng& rng) const {
    const bool bare =
        in_.look.leafless && (tree.kind == TreeKind::kDeciduous || (tree.kind == TreeKind::kOak && tree.tone > 1.1f));
    const float radius =
        std::min(kLargestCrown, std::max(kSmallestCrown, tree.radius * in_.painter.zoom() * rng.range(0.88f, 1.12f)));
    const int variant = rng.between(0, kCrownVariants - 1);
    const Vec2 wander{rng.range(-1.2f, 1.2f), rng.range(-1.2f, 1.2f)};
    const Colour base = bare                                ? in_.look.palette.twigs
                        : tree.kind == TreeKind::kCedar     ? in_.look.palette.cedar
                        : tree.kind == TreeKind::kDeciduous ? in_.look.palette.deciduous
                                                            : in_.look.palette.crown;
    const float shade = 1.0f + 0.09f * tree.tone + 0.05f * rng.bell();
    return {&crown(bare ? CrownKind::kBare : CrownKind::kLeafy, radius, variant),
            in_.painter.project(tree.at, tree.radius) + wander, base * shade, bare ? 0.9f : 1.0f};
  }

  // Open timber from the first edge of a face towards the side that faces it.
  void rafters(const Polygon& outline, Colour wood) {
    const Vec2 a = outline[0], b = outline[1], top = outline[outline.size() - 1], side = outline[2];
    const float total = length(b - a);
    for (float d = 1.5f; d < total; d += 2.6f) {
      const float t = d / total;
      const Vec2 from = a + (b - a) * t, to = top + (side - top) * t;
      const Vec2 n = perpendicular(normalised(to - from)) * 0.45f;
      const Vec2 quad[4] = {from + n, to + n, to - n, from - n};
      in_.painter.pixels(quad, {wood, 0.0f, 0.0f, 0.85f, 0.0f});
    }
  }

  Painting& in_;
};

}  // namespace

void paint_objects(Painting& painting) {
  ObjectPainter painter(painting);
  painter.fences();
  painter.shadows();
  painter.cars();
  for (const Building& building : painting.world.buildings) painter.paint_building(building);
  painter.trees();
}

}  // namespace ccx::scenes
