// Palettes are mixtures of a few seasons and sensors, every colour moved a little on top.
#include "core/scenes/appearance.h"

#include <array>
#include <cstddef>

namespace ccx::scenes {

namespace {

constexpr size_t kColours = sizeof(Palette) / sizeof(Colour);

struct Season {
  Palette palette;
  float shadow_depth;
  float relief;
  float softness_low, softness_high;
};

// Six starting points. Values are display colours a person would pick from aerial pictures of such a season.
const std::array<Season, 6>& seasons() {
  static const std::array<Season, 6> kSeasons = {{
      // Late summer, strong sun, teal shadows: tan grass, dark green trees.
      {{{144, 126, 96},  {170, 152, 116}, {92, 104, 76},   {206, 192, 152}, {220, 210, 172}, {190, 182, 158},
        {96, 100, 74},   {128, 124, 92},  {212, 204, 168}, {136, 134, 118}, {236, 232, 208}, {88, 98, 92},
        {150, 104, 74},  {196, 204, 196}, {190, 180, 150}, {56, 88, 60},    {46, 76, 54},    {90, 100, 76},
        {150, 144, 122}, {4, 22, 20},     {70, 84, 62},    {110, 200, 190}, {62, 66, 52},    {4, 14, 16}},
       0.90f,
       0.38f,
       -0.06f,
       0.09f},
      // Overcast olive: everything dark and muted.
      {{{82, 78, 64},    {100, 93, 78},   {60, 72, 48},    {160, 150, 132}, {186, 176, 156}, {150, 144, 132},
        {58, 67, 49},    {84, 82, 66},    {186, 176, 150}, {146, 144, 138}, {212, 208, 196}, {96, 94, 88},
        {124, 98, 80},   {170, 174, 180}, {140, 130, 118}, {102, 102, 86},  {92, 94, 78},    {116, 112, 98},
        {136, 128, 118}, {14, 15, 13},    {72, 74, 60},    {100, 160, 180}, {46, 44, 38},    {12, 12, 12}},
       0.82f,
       0.26f,
       -0.24f,
       -0.04f},
      // Winter brown.
      {{{92, 78, 66},    {108, 92, 78},   {78, 78, 58},    {150, 134, 116}, {190, 178, 158}, {146, 138, 128},
        {86, 72, 60},    {96, 84, 72},    {172, 158, 138}, {86, 86, 88},    {192, 188, 180}, {82, 78, 74},
        {116, 90, 74},   {176, 184, 196}, {138, 122, 106}, {96, 98, 78},    {84, 88, 70},    {120, 108, 94},
        {128, 116, 106}, {14, 13, 13},    {62, 60, 52},    {90, 150, 190},  {50, 44, 40},    {10, 10, 12}},
       0.80f,
       0.26f,
       -0.24f,
       -0.02f},
      // Hazy and pale, little contrast, a violet cast.
      {{{122, 110, 106}, {138, 124, 118}, {98, 102, 90},   {156, 142, 134}, {182, 172, 162}, {162, 154, 152},
        {92, 96, 86},    {118, 112, 104}, {174, 162, 150}, {140, 137, 140}, {186, 182, 182}, {92, 100, 106},
        {138, 112, 102}, {186, 192, 198}, {150, 140, 136}, {118, 122, 104}, {106, 112, 98},  {140, 134, 124},
        {158, 150, 146}, {44, 48, 48},    {96, 98, 92},    {120, 180, 190}, {80, 78, 76},    {34, 36, 44}},
       0.68f,
       0.22f,
       0.0f,
       0.14f},
      // Autumn with teal asphalt and red roofs.
      {{{146, 126, 92},  {164, 142, 104}, {86, 104, 70},   {196, 184, 150}, {212, 208, 178}, {178, 172, 152},
        {112, 108, 76},  {120, 120, 92},  {200, 196, 166}, {62, 80, 72},    {206, 206, 186}, {84, 96, 84},
        {160, 102, 68},  {176, 188, 176}, {176, 166, 140}, {52, 86, 50},    {44, 74, 46},    {100, 104, 74},
        {146, 140, 114}, {2, 22, 16},     {48, 70, 60},    {80, 190, 190},  {52, 56, 44},    {2, 12, 10}},
       0.90f,
       0.36f,
       -0.14f,
       0.06f},
      // Spring: green land, clear light.
      {{{98, 108, 70},   {126, 122, 86},  {78, 104, 58},   {178, 158, 128}, {204, 188, 158}, {170, 162, 146},
        {82, 106, 62},   {104, 112, 70},  {190, 176, 144}, {118, 118, 116}, {208, 206, 196}, {106, 104, 100},
        {150, 106, 80},  {184, 190, 196}, {168, 158, 140}, {88, 112, 66},   {76, 102, 60},   {112, 128, 84},
        {146, 138, 116}, {14, 24, 18},    {70, 88, 80},    {90, 180, 200},  {70, 68, 56},    {10, 16, 18}},
       0.78f,
       0.28f,
       -0.14f,
       0.06f},
  }};
  return kSeasons;
}

Colour* begin(Palette& palette) {
  return &palette.meadow;
}
const Colour* begin(const Palette& palette) {
  return &palette.meadow;
}

// Towards the tint's hue and half of its lightness, so that the season's light stays.
void tint(Colour& c, const Tint& t, float light = 1.0f) {
  if (t.share <= 0.0f) {
    c = c * light;
    return;
  }
  const auto luma = [](Colour o) { return 0.299f * o.r + 0.587f * o.g + 0.114f * o.b; };
  const float own = luma(c) / luma(t.towards);
  c = mix(c, t.towards * (0.5f + 0.5f * own), t.share) * light;
}

void tint_palette(Palette& p, const Style& style) {
  for (Colour* c : {&p.meadow, &p.meadow_dry}) tint(*c, style.grass, style.ground_light);
  for (Colour* c : {&p.meadow_green, &p.lawn}) tint(*c, style.green);
  for (Colour* c : {&p.bare, &p.graded, &p.gravel, &p.dirt_road}) tint(*c, style.soil, style.ground_light);
  tint(p.field, style.grass, style.ground_light);
  for (Colour* c : {&p.roof, &p.roof_metal}) tint(*c, style.roof);
  for (Colour* c : {&p.crown, &p.cedar, &p.deciduous}) tint(*c, style.leaves);
}

// In flower at one date and mown or withered at the other: nobody calls it a change.
void let_flower(Appearance& look, Rng& rng, bool after) {
  if (!rng.chance(after ? 0.2f : 0.4f)) return;
  look.herbs = rng.range(0.2f, 1.0f);
  look.ground_texture *= rng.range(1.0f, 1.8f);
}

}  // namespace

Appearance draw_appearance(Rng rng, bool after, const Style& style) {
  static_assert(sizeof(Palette) == kColours * sizeof(Colour));
  // LEVIR-CC's first date is bright and tan and its second dark and olive; elsewhere either may be either.
  const bool dark = style.name == WorldName::kTexas ? after : rng.chance(0.5f);
  const auto draw_season = [&] {
    return dark ? rng.pick({0.10f, 0.50f, 0.22f, 0.05f, 0.05f, 0.08f})
                : rng.pick({0.50f, 0.07f, 0.08f, 0.13f, 0.15f, 0.07f});
  };
  const Season& main = seasons()[draw_season()];
  const Season& other = seasons()[draw_season()];
  const float blend = rng.chance(0.5f) ? 0.0f : rng.range(0.0f, 0.5f);

  Appearance look;
  const float brightness = (dark ? 0.93f : 1.0f) + 0.09f * rng.bell();
  const float warmth = 0.025f * rng.bell(), tint = 0.02f * rng.bell();
  for (size_t i = 0; i < kColours; ++i) {
    Colour c = mix(begin(main.palette)[i], begin(other.palette)[i], blend);
    const float own = brightness * (1.0f + 0.12f * rng.bell());
    c = {c.r * own * (1.0f + warmth + 0.02f * rng.bell()), c.g * own * (1.0f + tint + 0.02f * rng.bell()),
         c.b * own * (1.0f - warmth + 0.02f * rng.bell())};
    begin(look.palette)[i] = c;
  }
  tint_palette(look.palette, style);

  // Over Texas the sun stands in the south, so shadows fall upwards in the picture, to either side.
  const float azimuth = rng.chance(0.9f) ? -0.5f * kPi + rng.range(-1.2f, 1.2f) : rng.range(-kPi, kPi);
  const Vec2 away = direction(azimuth);
  look.to_sun = away * -1.0f;
  look.shadow = away * rng.range(0.45f, 1.25f);
  look.shadow_depth = clamp01(mix(main.shadow_depth, other.shadow_depth, blend) + 0.07f * rng.bell());
  if (rng.chance(0.06f)) look.shadow_depth *= 0.5f;  // thin cloud
  look.relief = mix(main.relief, other.relief, blend) * rng.range(0.7f, 1.3f);
  const float most_lean = rng.range(0.0f, 0.28f), lean = most_lean * rng.uniform();
  look.lean = direction(rng.range(-kPi, kPi)) * lean;
  const float slip = rng.chance(0.7f) ? rng.range(0.0f, 1.5f) : rng.range(1.0f, 3.0f);
  look.shift = direction(rng.range(-kPi, kPi)) * slip;
  look.leafless = rng.chance((after ? 0.38f : 0.34f) * style.leafless);
  look.crown_texture = rng.range(0.17f, 0.30f);
  look.ground_texture = rng.range(0.8f, 2.0f);
  look.wetness = rng.chance(0.35f) ? rng.range(0.2f, 1.0f) : rng.range(0.0f, 0.25f);
  look.noise_x = rng.between(0, 255);
  look.noise_y = rng.between(0, 255);

  look.softness = rng.range(mix(main.softness_low, other.softness_low, blend),
                            mix(main.softness_high, other.softness_high, blend)) -
                  0.02f;
  look.soft_passes = look.softness > 0.06f && rng.chance(0.3f) ? 2 : 1;
  look.grain = rng.range(0.5f, 3.0f);
  // Contrast about a middle grey, then brightness.
  const float contrast = (dark ? 1.05f : 1.12f) * (1.0f + 0.10f * rng.bell());
  look.gain = contrast;
  look.offset = 85.0f * (1.0f - contrast) + 5.0f * rng.bell();
  look.gamma = 1.0f + 0.09f * rng.bell();
  look.saturation = 1.0f + 0.12f * rng.bell();
  look.jpeg_quality = rng.chance(0.6f) ? rng.between(58, 95) : 0;
  let_flower(look, rng, after);
  return look;
}

}  // namespace ccx::scenes
