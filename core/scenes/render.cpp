// From the ground up: land, plots, roads, what stands on them, shadows, roofs, trees, and last the camera.
#include "core/scenes/render.h"

#include "core/base/cpu_clones.h"
#include "core/scenes/camera.h"
#include "core/scenes/painter.h"
#include "core/scenes/roads.h"

namespace ccx::scenes {

namespace {

struct MeadowTone {
  Colour low, high, green;
  float texture;
  float wet;
};

struct MeadowNoise {
  const float* place;
  const float* season;
  const float* patch;
  const float* place_patch;
  const float* fine;
  const float* grain;
};

CCX_CPU_CLONES
void paint_meadow(float* __restrict r, float* __restrict g, float* __restrict b, const MeadowNoise& rows,
                  const MeadowTone& tone, int n) {
  const float* __restrict place = rows.place;
  const float* __restrict season = rows.season;
  const float* __restrict patch = rows.patch;
  const float* __restrict place_patch = rows.place_patch;
  const float* __restrict fine = rows.fine;
  const float* __restrict grain = rows.grain;
  const float texture = tone.texture, wet = tone.wet;
  const Colour low = tone.low, high = tone.high, damp = tone.green;
  for (int i = 0; i < n; ++i) {
    const float dry =
        clamp01(0.45f + 0.20f * place[i] + 0.14f * season[i] + texture * (0.17f * patch[i] + 0.12f * place_patch[i]));
    const float green = clamp01(wet + 0.35f * season[i] - 0.2f * place[i] + 0.15f * patch[i]);
    // Tufts and stones: the tails of the fine noise.
    const float tuft = std::max(0.0f, fine[i] - 1.1f) * 0.13f, stone = std::max(0.0f, -fine[i] - 1.6f) * 0.10f;
    const float shade = 1.0f + texture * (0.05f * fine[i] + 0.045f * grain[i] + 0.02f * patch[i] - tuft + stone);
    r[i] = mix(mix(low.r, high.r, dry), damp.r, green) * shade;
    g[i] = mix(mix(low.g, high.g, dry), damp.g, green) * shade;
    b[i] = mix(mix(low.b, high.b, dry), damp.b, green) * shade;
  }
}

class Renderer {
 public:
  Renderer(const World& world, int date, const Appearance& look, int size, Rng rng)
      : world_(world),
        date_(date),
        look_(look),
        palette_(look.palette),
        painter_(look, size, world.extent),
        rng_(rng) {}

  std::vector<uint8_t> run() {
    ground();
    for (const Patch& patch : world_.patches) paint_patch(patch);
    for (const Clearing& clearing : world_.clearings) {
      if (!clearing.wooded[date_]) land(clearing.outline, clearing.ground[date_], 0.0f, 0.85f, 0.5f);
    }
    for (const Plot& plot : world_.plots) paint_plot(plot);
    for (const Plot& plot : world_.plots) paint_path(plot);
    roads();
    for (const ParkingLot& lot : world_.lots) paint_lot(lot);
    for (const Plot& plot : world_.plots) paint_clutter(plot);
    for (const Plot& plot : world_.plots) paint_drive(plot);
    for (const Pool& pool : world_.pools) paint_pool(pool);
    fences();
    shadows();
    cars();
    for (const Building& building : world_.buildings) paint_building(building);
    trees();
    return expose(painter_.canvas, look_, rng_.fork(99));
  }

 private:
  // The whole picture: meadow that dries out in places, with greener and barer patches, in one pass.
  void ground() {
    Canvas& canvas = painter_.canvas;
    const Palette& p = palette_;
    const Ground base = world_.base[date_];
    const Colour low = base == Ground::kField ? p.field : base == Ground::kBare ? p.bare : p.meadow;
    const MeadowTone tone{low, p.meadow_dry, p.meadow_green, look_.ground_texture, look_.wetness * 1.6f - 1.1f};
    // The broad pattern belongs to the place, so that both dates share half of it.
    const int place_x = world_.woodland.noise_x + 77, place_y = world_.woodland.noise_y + 131;
    const int own_x = look_.noise_x, own_y = look_.noise_y;
    for (int y = 0; y < canvas.size; ++y) {
      for (int x = 0; x < canvas.size; x += NoiseTile::kSize) {
        const MeadowNoise rows{noise().broad.row(x + place_x, y + place_y), noise().broad.row(x + own_x, y + own_y),
                               noise().patch.row(x + own_x, y + own_y),     noise().patch.row(x + place_x, y + place_y),
                               noise().fine.row(x + own_x, y + own_y),      noise().grain.row(x + own_y, y + own_x)};
        const size_t at = canvas.index(x, y);
        paint_meadow(&canvas.r[at], &canvas.g[at], &canvas.b[at], rows, tone,
                     std::min(NoiseTile::kSize, canvas.size - x));
      }
    }
  }

  // From bare earth or dried grass over `middle` to green.
  Colour grown(float tone, Colour middle) const {
    return tone < 0.0f ? mix(middle, mix(palette_.meadow_dry, palette_.bare, 0.5f), -tone)
                       : mix(middle, mix(palette_.meadow_green, palette_.lawn, 0.5f), tone);
  }

  void land(const Polygon& outline, Ground ground, float angle, float opacity, float ragged, float tone = 0.0f) {
    const Palette& p = palette_;
    const float t = look_.ground_texture;
    switch (ground) {
      case Ground::kNone:
        break;
      case Ground::kMeadow:
        painter_.polygon(outline, {p.meadow, 0.03f * t, 0.04f * t, opacity, ragged});
        break;
      case Ground::kBare:
        painter_.polygon(outline, {p.bare, 0.03f * t, 0.05f * t, opacity, ragged});
        break;
      case Ground::kGraded:
        painter_.stripes(outline, {p.graded, 0.03f * t, 0.035f * t, opacity, 0.0f}, mix(p.graded, p.bare, 0.7f), angle,
                         7.0f, 0.4f);
        break;
      case Ground::kLawn:
        painter_.polygon(outline, {p.lawn, 0.03f * t, 0.04f * t, opacity, ragged});
        break;
      case Ground::kField:
        painter_.stripes(outline, {grown(tone, p.field), 0.03f * t, 0.05f * t, opacity, 0.0f},
                         grown(tone, p.field) * (0.84f + 0.08f * tone), angle, 5.0f, 1.0f);
        break;
      case Ground::kPasture:
        painter_.polygon(outline, {grown(tone, p.meadow), 0.03f * t, 0.06f * t, opacity, ragged});
        break;
      case Ground::kGravel:
        painter_.polygon(outline, {p.gravel, 0.05f * t, 0.03f * t, opacity, ragged});
        break;
      case Ground::kWater:
        painter_.polygon(outline, {p.bare * 0.8f, 0.03f, 0.05f, 0.7f, 0.6f});
        painter_.polygon(shrunk(outline, 0.9f), {p.water, 0.012f, 0.015f, 1.0f, 0.0f});
        break;
      case Ground::kSite:
        painter_.polygon(outline, {p.graded, 0.05f * t, 0.09f * t, 0.95f, 0.35f});
        painter_.polygon(shrunk(outline, 0.72f), {p.concrete, 0.13f, 0.10f, 0.7f, 1.4f});
        break;
      case Ground::kRubble:
        painter_.polygon(outline, {p.bare, 0.16f * t, 0.06f, 0.75f * opacity, 1.5f});
        break;
    }
  }

  static Polygon shrunk(const Polygon& polygon, float factor) {
    const Vec2 c = centroid(polygon);
    Polygon small;
    for (Vec2 p : polygon) small.push_back(c + (p - c) * factor);
    return small;
  }

  void paint_patch(const Patch& patch) {
    const Ground ground = patch.ground[date_];
    const bool made = ground == Ground::kField || ground == Ground::kGraded || ground == Ground::kLawn;
    land(patch.outline, ground, patch.angle, patch.opacity, made ? 0.0f : 0.7f, patch.tone[date_]);
  }

  void paint_plot(const Plot& plot) {
    const float half = 0.5f * plot.width;
    if (!plot.settled[date_]) {
      if (plot.empty[date_] != Ground::kNone) {
        Rng rng = rng_.fork(1700 + static_cast<uint64_t>(&plot - world_.plots.data()));
        land(roughened(rng, plot.frame.rectangle(-half, 0.0f, half, plot.depth), 2.5f), plot.empty[date_], 0.0f,
             rng.range(0.55f, 1.0f), 0.5f);
      }
      return;
    }
    if (!plot.lawn) return;
    // Each garden is kept differently, and differently from date to date.
    Rng rng = rng_.fork(200 + static_cast<uint64_t>(&plot - world_.plots.data()));
    const float kept = plot.lawn_tone + 0.8f * rng.bell();
    const Colour colour = kept > 0.4f    ? mix(palette_.lawn, palette_.meadow_green, clamp01(0.5f * kept))
                          : kept < -0.6f ? mix(palette_.lawn, palette_.meadow, clamp01(-0.5f * kept))
                                         : palette_.lawn;
    const float t = look_.ground_texture;
    painter_.polygon(plot.frame.rectangle(-half, 0.0f, half, plot.depth),
                     {colour * (1.0f + 0.04f * rng.bell()), 0.03f * t, 0.04f * t, plot.fenced ? 1.0f : 0.8f,
                      plot.fenced ? 0.0f : 0.35f});
    // A worn or bare spot in some gardens.
    if (rng.chance(0.3f)) {
      const Vec2 at = plot.frame.at(rng.range(-0.35f, 0.35f) * plot.width, rng.range(0.6f, 0.95f) * plot.depth);
      painter_.polygon(blob(rng, at, rng.range(4.0f, 10.0f), rng.range(3.0f, 8.0f), rng.range(-kPi, kPi), 0.3f),
                       {mix(palette_.bare, palette_.meadow, rng.range(0.2f, 0.8f)), 0.04f, 0.05f, 0.8f, 0.9f});
    }
  }

  // What lies about in gardens: patios, toys, beds, woodpiles. Nothing of it lasts from date to date.
  void paint_clutter(const Plot& plot) {
    if (!plot.settled[date_]) return;
    Rng rng = rng_.fork(2700 + static_cast<uint64_t>(&plot - world_.plots.data()));
    const int count = rng.between(1, plot.fenced ? 5 : 8);
    for (int i = 0; i < count; ++i) {
      Frame frame = plot.frame;
      frame.origin = plot.frame.at(rng.range(-0.47f, 0.47f) * plot.width, rng.range(0.2f, 0.97f) * plot.depth);
      const float w = rng.range(0.8f, 2.6f), h = rng.range(0.8f, 2.6f);
      const Colour colour = rng.chance(0.55f) ? palette_.concrete * rng.range(0.6f, 1.05f) : palette_.crown_dark * 1.6f;
      painter_.polygon(frame.rectangle(-w, -h, w, h), {colour, 0.08f, 0.0f, rng.range(0.5f, 1.0f), 0.0f});
    }
    if (rng.chance(0.4f)) {
      Frame frame = plot.frame;
      frame.origin = plot.frame.at(rng.range(-0.3f, 0.3f) * plot.width, rng.range(0.62f, 0.8f) * plot.depth);
      painter_.polygon(frame.rectangle(-rng.range(3.0f, 6.0f), -3.5f, rng.range(3.0f, 6.0f), 3.5f),
                       {mix(palette_.concrete, palette_.bare, rng.uniform()), 0.04f, 0.03f, 0.9f, 0.0f});
    }
  }

  void paint_path(const Plot& plot) {
    if (!plot.settled[date_] || plot.path.empty()) return;
    painter_.polygon(plot.path, {mix(palette_.dirt_road, palette_.concrete, 0.3f), 0.03f, 0.02f, 1.0f, 0.0f});
  }

  void paint_drive(const Plot& plot) {
    if (!plot.settled[date_]) return;
    Rng rng = rng_.fork(700 + static_cast<uint64_t>(&plot - world_.plots.data()));
    const Colour drive =
        (plot.drive_paved[date_] ? palette_.concrete : mix(palette_.dirt_road, palette_.gravel, rng.uniform())) *
        (1.0f + 0.06f * rng.bell());
    if (plot.drive.size() >= 3) painter_.polygon(plot.drive, {drive, 0.015f, 0.01f, 1.0f, 0.0f});
  }

  void roads() {
    // Kerbs of all roads first, so that junctions are open.
    for (const Road& road : world_.roads) {
      if (road.surface[date_] != Surface::kPaved || !road.kerb) continue;
      const Paint kerb{mix(palette_.concrete, palette_.asphalt, 0.25f), 0.02f, 0.02f, 0.9f, 0.0f};
      painter_.polygon(strip(road.axis, road.half_width + 1.2f, 0.0f, rng_), kerb);
      if (road.bulb > 0.0f) painter_.polygon(circle(road.axis.back(), road.bulb + 1.2f), kerb);
    }
    for (size_t i = 0; i < world_.roads.size(); ++i) {
      const Road& road = world_.roads[i];
      Rng rng = rng_.fork(300 + i);
      switch (road.surface[date_]) {
        case Surface::kNone:
          break;
        case Surface::kTrack:
          track(road, rng);
          break;
        case Surface::kDirt:
          painter_.polygon(strip(road.axis, road.half_width + 2.0f, 1.5f, rng),
                           {palette_.bare, 0.03f, 0.05f, 0.7f, 0.6f});
          painter_.polygon(strip(road.axis, road.half_width, 0.9f, rng),
                           {palette_.dirt_road, 0.02f, 0.03f, 1.0f, 0.0f});
          if (road.bulb > 0.0f)
            painter_.polygon(circle(road.axis.back(), road.bulb), {palette_.dirt_road, 0.02f, 0.03f, 1.0f, 0.0f});
          break;
        case Surface::kPaved:
          paved(road, rng);
          break;
      }
    }
  }

  void track(const Road& road, Rng& rng) {
    const float half = 0.42f * road.half_width;
    const Paint wheel{palette_.bare, 0.04f, 0.05f, 0.75f, 0.8f};
    painter_.polygon(strip(offset_axis(road.axis, half), 0.22f * road.half_width, 0.3f, rng), wheel);
    painter_.polygon(strip(offset_axis(road.axis, -half), 0.22f * road.half_width, 0.3f, rng), wheel);
  }

  void paved(const Road& road, Rng& rng) {
    // Worn pale or tarred anew, each road for itself and each date.
    const float age = rng.chance(0.25f) ? rng.range(-0.28f, 0.28f) : 0.04f * rng.bell();
    const Paint asphalt{palette_.asphalt * (1.0f + age), 0.012f, 0.02f, 1.0f, 0.0f};
    painter_.polygon(strip(road.axis, road.half_width, 0.0f, rng), asphalt);
    if (road.bulb > 0.0f) {
      painter_.polygon(circle(road.axis.back(), road.bulb), asphalt);
      if (road.island) {
        painter_.polygon(circle(road.axis.back(), 0.45f * road.bulb), {palette_.concrete, 0.02f, 0.0f, 1.0f, 0.0f});
        painter_.polygon(circle(road.axis.back(), 0.38f * road.bulb),
                         {mix(palette_.bare, palette_.lawn, rng.uniform()), 0.06f, 0.06f, 1.0f, 0.0f});
      }
    }
    if (!road.lane_marks) return;
    const Paint mark{mix(palette_.concrete, palette_.graded, 0.3f), 0.0f, 0.0f, 0.55f, 0.0f};
    painter_.polygon(strip(offset_axis(road.axis, 0.88f * road.half_width), 0.5f, 0.0f, rng), mark);
    painter_.polygon(strip(offset_axis(road.axis, -0.88f * road.half_width), 0.5f, 0.0f, rng), mark);
    painter_.polygon(strip(road.axis, 0.5f, 0.0f, rng), mark);
  }

  static Polygon circle(Vec2 centre, float radius) {
    Polygon outline;
    for (int i = 0; i < 28; ++i)
      outline.push_back(centre + direction(2.0f * kPi * static_cast<float>(i) / 28.0f) * radius);
    return outline;
  }

  void paint_lot(const ParkingLot& lot) {
    if (!lot.present[date_]) return;
    const float w = 0.5f * lot.width, h = 0.5f * lot.depth;
    const Colour surface = lot.dark[date_] ? palette_.asphalt * 0.85f : mix(palette_.asphalt, palette_.concrete, 0.3f);
    painter_.polygon(lot.frame.rectangle(-w - 1.0f, -h - 1.0f, w + 1.0f, h + 1.0f),
                     {palette_.concrete, 0.02f, 0.0f, 1.0f, 0.0f});
    painter_.polygon(lot.frame.rectangle(-w, -h, w, h), {surface, 0.015f, 0.025f, 1.0f, 0.0f});
    const Paint mark{palette_.concrete, 0.0f, 0.0f, 0.6f, 0.0f};
    for (float v = -h; v + 11.0f <= h + 0.5f; v += 32.0f) {
      for (float u = -w + 4.0f; u < w - 2.0f; u += 5.6f) {
        painter_.line(lot.frame.at(u, v + 1.0f), lot.frame.at(u, v + 10.0f), 0.7f, mark);
      }
    }
  }

  void paint_pool(const Pool& pool) {
    if (!pool.present[date_]) return;
    painter_.polygon(shrunk(pool.outline, 1.45f),
                     {mix(palette_.concrete, palette_.bare, 0.3f), 0.03f, 0.02f, 0.95f, 0.0f});
    painter_.polygon(pool.outline, {palette_.pool, 0.02f, 0.03f, 1.0f, 0.0f});
  }

  void fences() {
    const Paint paint{palette_.fence, 0.1f, 0.0f, 0.7f, 0.0f};
    const Vec2 reach = look_.shadow * (3.2f * painter_.zoom());
    for (const Fence& fence : world_.fences) {
      if (!fence.present[date_]) continue;
      if (fence.wire) {
        painter_.line(fence.from, fence.to, 0.9f, {palette_.fence, 0.1f, 0.0f, 0.35f, 0.0f});
        continue;
      }
      painter_.line(fence.from, fence.to, 1.0f, paint);
      const Vec2 a = painter_.project(fence.from), b = painter_.project(fence.to);
      const Vec2 quad[4] = {a, b, b + reach, a + reach};
      painter_.shadow_polygon(quad, 0.9f);
    }
  }

  // The crown's look at this date, and where it has come to lie.
  struct Foliage {
    const Crown* crown;
    Vec2 at;
    Colour colour;
    float opacity;
  };

  Foliage foliage(const Tree& tree, Rng& rng) const {
    const bool bare =
        look_.leafless && (tree.kind == TreeKind::kDeciduous || (tree.kind == TreeKind::kOak && tree.tone > 1.1f));
    const float radius =
        std::min(kLargestCrown, std::max(kSmallestCrown, tree.radius * painter_.zoom() * rng.range(0.88f, 1.12f)));
    const int variant = rng.between(0, kCrownVariants - 1);
    const Vec2 wander{rng.range(-1.2f, 1.2f), rng.range(-1.2f, 1.2f)};
    const Colour base = bare                                ? palette_.twigs
                        : tree.kind == TreeKind::kCedar     ? palette_.cedar
                        : tree.kind == TreeKind::kDeciduous ? palette_.deciduous
                                                            : palette_.crown;
    const float shade = 1.0f + 0.09f * tree.tone + 0.05f * rng.bell();
    return {&crown(bare ? CrownKind::kBare : CrownKind::kLeafy, radius, variant),
            painter_.project(tree.at, tree.radius) + wander, base * shade, bare ? 0.9f : 1.0f};
  }

  void shadows() {
    for (const Building& building : world_.buildings) {
      if (!building.present[date_]) continue;
      for (const Polygon& part : building.footprint)
        painter_.shadow_of(part, building.eave + (building.kind == BuildingKind::kHouse ? 2.5f : 0.5f));
    }
    Rng rng = rng_.fork(500);
    for (const Tree& tree : world_.trees) {
      if (!tree.present[date_]) continue;
      const Foliage f = foliage(tree, rng);
      const float height = 1.15f * tree.radius;
      painter_.shadow_of_crown(*f.crown, f.at, look_.shadow * (height * painter_.zoom()), 0.92f);
      painter_.shadow_of_crown(*f.crown, f.at, look_.shadow * (0.4f * height * painter_.zoom()), 0.92f);
    }
    painter_.cast_shadows();
  }

  void cars() {
    static constexpr Colour kCars[8] = {{225, 225, 222}, {210, 212, 215}, {40, 42, 46},    {60, 62, 68},
                                        {150, 32, 34},   {48, 66, 120},   {165, 168, 170}, {120, 112, 98}};
    for (const Car& car : world_.cars) {
      if (car.date != date_) continue;
      const Frame frame{car.at, car.heading, perpendicular(car.heading)};
      const float l = 4.6f * car.scale, w = 2.0f * car.scale;
      const Vec2 reach = look_.shadow * (2.6f * painter_.zoom());
      Polygon outline = frame.rectangle(-l, -w, l, w), cast;
      for (Vec2 p : outline) {
        cast.push_back(painter_.project(p));
        cast.push_back(painter_.project(p) + reach);
      }
      painter_.pixels(convex_hull(std::move(cast)), {palette_.shade, 0.0f, 0.0f, 0.6f, 0.0f});
      const Colour body = kCars[car.colour] * (palette_.concrete.g / 215.0f);
      painter_.polygon(outline, {body, 0.0f, 0.0f, 1.0f, 0.0f});
      painter_.polygon(frame.rectangle(0.25f * l, -0.8f * w, 0.5f * l, 0.8f * w),
                       {body * 0.35f, 0.0f, 0.0f, 0.9f, 0.0f});
    }
  }

  void paint_building(const Building& building) {
    if (!building.present[date_]) return;
    const Palette& p = palette_;
    const Colour base = building.material == RoofMaterial::kTile    ? p.roof_tile
                        : building.material == RoofMaterial::kMetal ? p.roof_metal
                        : building.material == RoofMaterial::kWhite ? p.concrete * 1.08f
                                                                    : p.roof;
    const bool raw = building.raw[date_];
    const Colour roof = raw ? mix(p.bare, p.concrete, 0.35f) : base * (1.0f + 0.24f * building.tone[date_]);
    Rng rng = rng_.fork(900 + static_cast<uint64_t>(&building - world_.buildings.data()));
    for (const Polygon& part : building.footprint) {  // walls, seen where the building leans
      Polygon points;
      for (Vec2 v : part) {
        points.push_back(painter_.project(v));
        points.push_back(painter_.project(v, building.eave));
      }
      painter_.pixels(convex_hull(std::move(points)), {p.wall * 0.8f, 0.02f, 0.0f, 1.0f, 0.0f});
    }
    const bool large = building.kind == BuildingKind::kLarge;
    Polygon outline;
    for (const RoofFace& face : building.faces) {
      outline.clear();
      for (const RoofPoint& v : face.outline) outline.push_back(painter_.project(v.at, v.height));
      const bool flat = face.normal.x == 0.0f && face.normal.y == 0.0f;
      const float light =
          flat ? 1.05f
               : 1.0f + look_.relief * (large ? 0.5f : 1.35f) * dot(face.normal, look_.to_sun) + 0.03f * rng.bell();
      const float rough = large ? 0.015f : 0.045f;
      painter_.pixels(outline, {roof * light, rough, 0.02f, 1.0f, 0.0f});
      if (raw) rafters(outline, p.wall * 0.55f);
      if (flat && large) {  // parapet
        for (size_t i = 0; i < outline.size(); ++i) {
          const Vec2 a = outline[i], b = outline[(i + 1) % outline.size()];
          const Vec2 n = perpendicular(normalised(b - a)) * 0.6f;
          const Vec2 quad[4] = {a + n, b + n, b - n, a - n};
          painter_.pixels(quad, {roof * 0.78f, 0.0f, 0.0f, 0.8f, 0.0f});
        }
      }
    }
    for (Vec2 vent : building.vents) {
      const Vec2 at = painter_.project(vent, building.eave + 3.0f);
      const float s = large ? rng.range(0.8f, 2.2f) : 0.6f;
      const Vec2 quad[4] = {at + Vec2{-s, -s}, at + Vec2{s, -s}, at + Vec2{s, s}, at + Vec2{-s, s}};
      painter_.pixels(quad, {roof * (rng.chance(0.6f) ? 0.55f : 1.4f), 0.0f, 0.0f, 0.9f, 0.0f});
    }
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
      painter_.pixels(quad, {wood, 0.0f, 0.0f, 0.85f, 0.0f});
    }
  }

  void trees() {
    Rng rng = rng_.fork(500);
    const float relief = 0.12f + 0.9f * look_.relief;
    for (const Tree& tree : world_.trees) {
      if (!tree.present[date_]) continue;
      const Foliage f = foliage(tree, rng);
      painter_.crown(*f.crown, f.at, palette_.crown_dark, f.colour, relief, look_.crown_texture, f.opacity);
    }
  }

  const World& world_;
  int date_;
  const Appearance& look_;
  const Palette& palette_;
  Painter painter_;
  Rng rng_;
};

}  // namespace

std::vector<uint8_t> render(const World& world, int date, const Appearance& look, int size, Rng rng) {
  return Renderer(world, date, look, size, rng).run();
}

}  // namespace ccx::scenes
