// The ground: meadow, fields, bare earth, water, and the plots with their lawns, paths, drives and pools.
#include <algorithm>

#include "core/base/cpu_clones.h"
#include "core/scenes/painting.h"
#include "core/scenes/roads.h"

namespace ccx::scenes {

namespace {

struct MeadowTone {
  Colour low, high, green;
  float texture;
  float wet;
  float herbs;
};

struct MeadowNoise {
  const float* place;
  const float* season;
  const float* patch;
  const float* place_patch;
  const float* fine;
  const float* grain;
  const float* herb;
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
  const float* __restrict herb = rows.herb;
  const float texture = tone.texture, wet = tone.wet;
  const Colour low = tone.low, high = tone.high, damp = tone.green;
  for (int i = 0; i < n; ++i) {
    const float dry =
        clamp01(0.45f + 0.20f * place[i] + 0.14f * season[i] + texture * (0.17f * patch[i] + 0.12f * place_patch[i]));
    const float green = clamp01(wet + 0.35f * season[i] - 0.2f * place[i] + 0.15f * patch[i]);
    // Tufts and stones: the tails of the fine noise.
    const float tuft = std::max(0.0f, fine[i] - 1.1f) * 0.13f, stone = std::max(0.0f, -fine[i] - 1.6f) * 0.10f;
    const float shade = 1.0f + texture * (0.05f * fine[i] + 0.045f * grain[i] + 0.02f * patch[i] - tuft + stone);
    // Herbs in rust, straw and green beside each other.
    const float hue = tone.herbs * herb[i];
    r[i] = mix(mix(low.r, high.r, dry), damp.r, green) * shade * (1.0f + 0.14f * hue);
    g[i] = mix(mix(low.g, high.g, dry), damp.g, green) * shade * (1.0f - 0.02f * hue);
    b[i] = mix(mix(low.b, high.b, dry), damp.b, green) * shade * (1.0f - 0.08f * hue);
  }
}

class LandPainter {
 public:
  explicit LandPainter(Painting& painting) : in_(painting) {}

  // The whole picture: meadow that dries out in places, with greener and barer patches, in one pass.
  void ground() {
    Canvas& canvas = in_.painter.canvas;
    const Palette& p = in_.look.palette;
    const Ground base = in_.world.base[in_.date];
    const Colour low = base == Ground::kField ? p.field : base == Ground::kBare ? p.bare : p.meadow;
    const MeadowTone tone{
        low, p.meadow_dry, p.meadow_green, in_.look.ground_texture, in_.look.wetness * 1.6f - 1.1f, in_.look.herbs};
    // The broad pattern belongs to the place, so that both dates share half of it.
    const int place_x = in_.world.woodland.noise_x + 77, place_y = in_.world.woodland.noise_y + 131;
    const int own_x = in_.look.noise_x, own_y = in_.look.noise_y;
    for (int y = 0; y < canvas.size; ++y) {
      for (int x = 0; x < canvas.size; x += NoiseTile::kSize) {
        const MeadowNoise rows{
            noise().broad.row(x + place_x, y + place_y),     noise().broad.row(x + own_x, y + own_y),
            noise().patch.row(x + own_x, y + own_y),         noise().patch.row(x + place_x, y + place_y),
            noise().fine.row(x + own_x, y + own_y),          noise().grain.row(x + own_y, y + own_x),
            noise().fine.row(x + own_y + 91, y + own_x + 38)};
        const size_t at = canvas.index(x, y);
        paint_meadow(&canvas.r[at], &canvas.g[at], &canvas.b[at], rows, tone,
                     std::min(NoiseTile::kSize, canvas.size - x));
      }
    }
  }

  void paint_patch(const Patch& patch) {
    const Ground ground = patch.ground[in_.date];
    const bool made = ground == Ground::kField || ground == Ground::kGraded || ground == Ground::kLawn;
    land(patch.outline, ground, patch.angle, patch.opacity, made ? 0.0f : 0.7f, patch.tone[in_.date]);
  }

  void clear(const Clearing& clearing) {
    if (!clearing.wooded[in_.date]) land(clearing.outline, clearing.ground[in_.date], 0.0f, 0.85f, 0.5f);
  }

  void paint_plot(const Plot& plot) {
    if (!plot.settled[in_.date]) {
      if (plot.empty[in_.date] != Ground::kNone) {
        Rng rng = in_.rng.fork(1700 + static_cast<uint64_t>(&plot - in_.world.plots.data()));
        const float opacity = rng.range(0.55f, 1.0f);
        land(roughened(rng, plot.outline(), 2.5f), plot.empty[in_.date], 0.0f, opacity, 0.5f);
      }
      return;
    }
    if (!plot.lawn) return;
    // Each garden is kept differently, and differently from date to date.
    Rng rng = in_.rng.fork(200 + static_cast<uint64_t>(&plot - in_.world.plots.data()));
    const float kept = plot.lawn_tone + 0.8f * rng.bell();
    const Colour colour = kept > 0.4f ? mix(in_.look.palette.lawn, in_.look.palette.meadow_green, clamp01(0.5f * kept))
                          : kept < -0.6f ? mix(in_.look.palette.lawn, in_.look.palette.meadow, clamp01(-0.5f * kept))
                                         : in_.look.palette.lawn;
    const float t = in_.look.ground_texture;
    in_.painter.polygon(plot.outline(), {colour * (1.0f + 0.04f * rng.bell()), 0.03f * t, 0.04f * t,
                                         plot.fenced ? 1.0f : 0.8f, plot.fenced ? 0.0f : 0.35f});
    // A worn or bare spot in some gardens.
    if (rng.chance(0.3f)) {
      const float v = rng.range(0.6f, 0.95f) * plot.depth;
      const Vec2 at = plot.frame.at(rng.range(-0.35f, 0.35f) * plot.width, v);
      const Colour worn = mix(in_.look.palette.bare, in_.look.palette.meadow, rng.range(0.2f, 0.8f));
      const float angle = rng.range(-kPi, kPi);
      const float radius_y = rng.range(3.0f, 8.0f), radius_x = rng.range(4.0f, 10.0f);
      in_.painter.polygon(blob(rng, at, radius_x, radius_y, angle, 0.3f), {worn, 0.04f, 0.05f, 0.8f, 0.9f});
    }
  }

  // What lies about in gardens: patios, toys, beds, woodpiles. Nothing of it lasts from date to date.
  void paint_clutter(const Plot& plot) {
    if (!plot.settled[in_.date]) return;
    Rng rng = in_.rng.fork(2700 + static_cast<uint64_t>(&plot - in_.world.plots.data()));
    const int count = rng.between(1, plot.fenced ? 5 : 8);
    for (int i = 0; i < count; ++i) {
      Frame frame = plot.frame;
      const float v = rng.range(0.2f, 0.97f) * plot.depth;
      frame.origin = plot.frame.at(rng.range(-0.47f, 0.47f) * plot.width, v);
      const float w = rng.range(0.8f, 2.6f), h = rng.range(0.8f, 2.6f);
      const Colour colour =
          rng.chance(0.55f) ? in_.look.palette.concrete * rng.range(0.6f, 1.05f) : in_.look.palette.crown_dark * 1.6f;
      in_.painter.polygon(frame.rectangle(-w, -h, w, h), {colour, 0.08f, 0.0f, rng.range(0.5f, 1.0f), 0.0f});
    }
    if (rng.chance(0.4f)) {
      Frame frame = plot.frame;
      const float v = rng.range(0.62f, 0.8f) * plot.depth;
      frame.origin = plot.frame.at(rng.range(-0.3f, 0.3f) * plot.width, v);
      const Colour patio = mix(in_.look.palette.concrete, in_.look.palette.bare, rng.uniform());
      const float right = rng.range(3.0f, 6.0f), left = -rng.range(3.0f, 6.0f);
      in_.painter.polygon(frame.rectangle(left, -3.5f, right, 3.5f), {patio, 0.04f, 0.03f, 0.9f, 0.0f});
    }
  }

  void paint_path(const Plot& plot) {
    if (!plot.settled[in_.date] || plot.path.empty()) return;
    in_.painter.polygon(plot.path,
                        {mix(in_.look.palette.dirt_road, in_.look.palette.concrete, 0.3f), 0.03f, 0.02f, 1.0f, 0.0f});
  }

  void paint_drive(const Plot& plot) {
    if (!plot.settled[in_.date]) return;
    Rng rng = in_.rng.fork(700 + static_cast<uint64_t>(&plot - in_.world.plots.data()));
    const float shade = 1.0f + 0.06f * rng.bell();
    const Colour surface = plot.drive_paved[in_.date]
                               ? in_.look.palette.concrete
                               : mix(in_.look.palette.dirt_road, in_.look.palette.gravel, rng.uniform());
    const Colour drive = surface * shade;
    if (plot.drive.size() >= 3) in_.painter.polygon(plot.drive, {drive, 0.015f, 0.01f, 1.0f, 0.0f});
  }

  void paint_pool(const Pool& pool) {
    if (!pool.present[in_.date]) return;
    in_.painter.polygon(shrunk(pool.outline, 1.45f),
                        {mix(in_.look.palette.concrete, in_.look.palette.bare, 0.3f), 0.03f, 0.02f, 0.95f, 0.0f});
    in_.painter.polygon(pool.outline, {in_.look.palette.pool, 0.02f, 0.03f, 1.0f, 0.0f});
  }

 private:
  // From bare earth or dried grass over `middle` to green.
  Colour grown(float tone, Colour middle) const {
    return tone < 0.0f ? mix(middle, mix(in_.look.palette.meadow_dry, in_.look.palette.bare, 0.5f), -tone)
                       : mix(middle, mix(in_.look.palette.meadow_green, in_.look.palette.lawn, 0.5f), tone);
  }

  void land(const Polygon& outline, Ground ground, float angle, float opacity, float ragged, float tone = 0.0f) {
    const Palette& p = in_.look.palette;
    const float t = in_.look.ground_texture;
    switch (ground) {
      case Ground::kNone:
        break;
      case Ground::kMeadow:
        in_.painter.polygon(outline, {p.meadow, 0.03f * t, 0.04f * t, opacity, ragged});
        break;
      case Ground::kBare:
        in_.painter.polygon(outline, {p.bare, 0.03f * t, 0.05f * t, opacity, ragged});
        break;
      case Ground::kGraded:
        in_.painter.stripes(outline, {p.graded, 0.03f * t, 0.035f * t, opacity, 0.0f}, mix(p.graded, p.bare, 0.7f),
                            angle, 7.0f, 0.4f);
        break;
      case Ground::kLawn:
        in_.painter.polygon(outline, {p.lawn, 0.03f * t, 0.04f * t, opacity, ragged});
        break;
      case Ground::kField:
        in_.painter.stripes(outline, {grown(tone, p.field), 0.03f * t, 0.05f * t, opacity, 0.0f},
                            grown(tone, p.field) * (0.84f + 0.08f * tone), angle, 5.0f, 1.0f);
        break;
      case Ground::kPasture:
        in_.painter.polygon(outline, {grown(tone, p.meadow), 0.03f * t, 0.06f * t, opacity, ragged});
        break;
      case Ground::kGravel:
        in_.painter.polygon(outline, {p.gravel, 0.05f * t, 0.03f * t, opacity, ragged});
        break;
      case Ground::kWater:
        in_.painter.polygon(outline, {p.bare * 0.8f, 0.03f, 0.05f, 0.7f, 0.6f});
        in_.painter.polygon(shrunk(outline, 0.9f), {p.water, 0.012f, 0.015f, 1.0f, 0.0f});
        break;
      case Ground::kSite:
        in_.painter.polygon(outline, {p.graded, 0.05f * t, 0.09f * t, 0.95f, 0.35f});
        in_.painter.polygon(shrunk(outline, 0.72f), {p.concrete, 0.13f, 0.10f, 0.7f, 1.4f});
        break;
      case Ground::kRubble:
        in_.painter.polygon(outline, {p.bare, 0.16f * t, 0.06f, 0.75f * opacity, 1.5f});
        break;
    }
  }

  static Polygon shrunk(const Polygon& polygon, float factor) {
    const Vec2 c = centroid(polygon);
    Polygon small;
    for (Vec2 p : polygon) small.push_back(c + (p - c) * factor);
    return small;
  }

  Painting& in_;
};

}  // namespace

void paint_ground(Painting& painting) {
  const World& world = painting.world;
  LandPainter painter(painting);
  painter.ground();
  for (const Patch& patch : world.patches) painter.paint_patch(patch);
  for (const Clearing& clearing : world.clearings) painter.clear(clearing);
  for (const Plot& plot : world.plots) painter.paint_plot(plot);
  for (const Plot& plot : world.plots) painter.paint_path(plot);
}

void paint_gardens(Painting& painting) {
  const World& world = painting.world;
  LandPainter painter(painting);
  for (const Plot& plot : world.plots) painter.paint_clutter(plot);
  for (const Plot& plot : world.plots) painter.paint_drive(plot);
  for (const Pool& pool : world.pools) painter.paint_pool(pool);
}

}  // namespace ccx::scenes
