// Tree crowns as small relief pictures: cheap to draw by the hundred, lit by any sun, never the same twice in a row.
#pragma once

#include <vector>

namespace ccx::scenes {

// One crown seen from above. Planes of side x side pixels.
struct Crown {
  int side = 0;
  std::vector<float> alpha;    // cover, 0..1
  std::vector<float> texture;  // brightness of leaf clusters, deviation about 1
  std::vector<float> slope_x;  // of the crown's surface, about -1..1: lit where it faces the sun
  std::vector<float> slope_y;
};

enum class CrownKind { kLeafy, kBare };  // bare: a deciduous tree in winter, mostly twigs

constexpr int kCrownVariants = 6;
constexpr float kSmallestCrown = 1.5f;
constexpr float kLargestCrown = 22.0f;

// The crown whose radius is nearest, in pixels. `variant` in 0..kCrownVariants-1.
const Crown& crown(CrownKind kind, float radius, int variant);

}  // namespace ccx::scenes
