// How one date looks: the colours of its season and light, its sun, its camera. Drawn for each date on its own, because
// real pairs were taken years apart and share nothing of it.
#pragma once

#include "core/base/random.h"
#include "core/scenes/canvas.h"
#include "core/scenes/style.h"

namespace ccx::scenes {

struct Palette {
  Colour meadow, meadow_dry, meadow_green;
  Colour bare, graded, gravel;
  Colour lawn, field;
  Colour dirt_road, asphalt, concrete;
  Colour roof, roof_tile, roof_metal, wall;
  Colour crown, cedar, deciduous, twigs;  // sunlit leaves
  Colour crown_dark;                      // between them
  Colour water, pool, fence;
  Colour shade;  // what the darkest shadow tends to
};

struct Appearance {
  Palette palette;
  // Sun: where shadows fall (unit vector times length per height), and how dark they are, 0..1.
  Vec2 shadow;
  float shadow_depth = 0.6f;
  Vec2 to_sun;            // unit
  float relief = 0.2f;    // how much slopes of roofs and crowns differ with the light
  Vec2 lean;              // displacement of a roof per unit of height
  Vec2 shift;             // misregistration in pixels
  bool leafless = false;  // deciduous trees stand bare
  float crown_texture = 0.2f;
  float ground_texture = 1.0f;
  float wetness = 0.0f;  // share of meadow that is green
  float herbs = 0.0f;    // how far the colours of a wild meadow's herbs lie apart
  int noise_x = 0, noise_y = 0;

  // Camera.
  float softness = 0.1f;  // blur kernel [s, 1-2s, s]; negative sharpens
  int soft_passes = 1;
  float grain = 1.5f;  // sensor noise in display values
  float gain = 1.0f, gamma = 1.0f, offset = 0.0f, saturation = 1.0f;
  int jpeg_quality = 0;  // 0 for none
};

// `after` tilts the odds: in LEVIR-CC the first date is more often bright, tan and soft, the second dark and olive.
Appearance draw_appearance(Rng rng, bool after, const Style& style);

}  // namespace ccx::scenes
