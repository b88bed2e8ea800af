// Grows the crown library: clusters of leaves on a dome, or twigs.
#include "core/scenes/crowns.h"

#include <algorithm>
#include <cmath>

#include "core/base/random.h"
#include "core/scenes/geometry.h"
#include "core/scenes/noise.h"

namespace ccx::scenes {

namespace {

// Radii grow by an eighth from one size to the next.
std::vector<float> sizes() {
  std::vector<float> radii;
  for (float r = kSmallestCrown; r < kLargestCrown; r *= 1.125f) radii.push_back(r);
  radii.push_back(kLargestCrown);
  return radii;
}

struct Cluster {
  Vec2 centre;
  float radius;
  float top;
  float tone;
};

// Leaf clusters 1 to 2 pixels in radius, on a dome: at half a metre a pixel that is what a real crown's bumps measure.
std::vector<Cluster> draw_clusters(float radius, Rng& rng) {
  std::vector<Cluster> clusters;
  const float cluster_radius = std::min(radius * 0.55f, 1.0f + 0.055f * radius);
  const int count = std::max(3, static_cast<int>(2.6f * radius * radius / (cluster_radius * cluster_radius)));
  for (int i = 0; i < count; ++i) {
    const float distance = radius * std::sqrt(rng.uniform()) * 0.98f;
    const Vec2 at = direction(rng.range(-kPi, kPi)) * distance;
    const float dome = 1.0f - (distance / radius) * (distance / radius);
    clusters.push_back(
        {at, cluster_radius * rng.range(0.7f, 1.35f), 0.55f * radius * dome + rng.range(0.0f, 2.4f), rng.bell()});
  }
  return clusters;
}

// The highest cluster over a place: its height and tone; -1 and 0 where there is none.
struct Foliage {
  float height = -1.0f;
  float tone = 0.0f;
};

Foliage foliage_at(const std::vector<Cluster>& clusters, Vec2 p) {
  Foliage best;
  for (const Cluster& c : clusters) {
    const float d2 = dot(p - c.centre, p - c.centre) / (c.radius * c.radius);
    if (d2 >= 1.7f) continue;
    const float h = c.top + c.radius * (1.0f - d2);
    if (h > best.height) best = {h, c.tone};
  }
  return best;
}

// A crown's outline: a circle that bulges with the direction.
class Outline {
 public:
  Outline(float radius, Rng& rng) : radius_(radius) {
    for (int k = 0; k < 3; ++k) {
      phase_[k] = rng.range(-kPi, kPi);
      size_[k] = rng.range(0.03f, 0.10f);
    }
  }

  // The distance from the middle to the outline in p's direction. Sines of multiples of the angle by recurrence, so no
  // arctangent is needed.
  float towards(Vec2 p) const {
    const Vec2 u = normalised(p);
    float outline = radius_, c = u.x, s = u.y;
    for (int k = 0; k < 3; ++k) {
      outline += radius_ * size_[k] * (c * cosine(phase_[k]) + s * sine(phase_[k]));
      const float next_c = c * u.x - s * u.y;
      s = s * u.x + c * u.y;
      c = next_c;
    }
    return outline;
  }

 private:
  float radius_;
  float phase_[3], size_[3];
};

void set_slopes(Crown& crown, const std::vector<float>& height) {
  for (int y = 1; y + 1 < crown.side; ++y) {
    for (int x = 1; x + 1 < crown.side; ++x) {
      const size_t i = static_cast<size_t>(y) * crown.side + x;
      const float gx = 0.5f * (height[i + 1] - height[i - 1]);
      const float gy = 0.5f * (height[i + crown.side] - height[i - crown.side]);
      const float scale = 1.0f / std::sqrt(1.0f + gx * gx + gy * gy);
      crown.slope_x[i] = -gx * scale;
      crown.slope_y[i] = -gy * scale;
    }
  }
}

Crown grow(CrownKind kind, float radius, Rng rng) {
  Crown crown;
  crown.side = 2 * static_cast<int>(std::ceil(radius * 1.15f)) + 3;
  const size_t area = static_cast<size_t>(crown.side) * crown.side;
  crown.alpha.assign(area, 0.0f);
  crown.texture.assign(area, 0.0f);
  crown.slope_x.assign(area, 0.0f);
  crown.slope_y.assign(area, 0.0f);

  const std::vector<Cluster> clusters = draw_clusters(radius, rng);
  const Outline outline(radius, rng);
  const int noise_x = rng.between(0, 255), noise_y = rng.between(0, 255);
  const float centre = 0.5f * static_cast<float>(crown.side - 1);
  std::vector<float> height(area, 0.0f);
  for (int y = 0; y < crown.side; ++y) {
    for (int x = 0; x < crown.side; ++x) {
      const size_t i = static_cast<size_t>(y) * crown.side + x;
      const Vec2 p{static_cast<float>(x) - centre, static_cast<float>(y) - centre};
      const Foliage foliage = foliage_at(clusters, p);
      const float distance = length(p);
      float reach = outline.towards(p);
      reach += (0.4f + 0.07f * radius) * noise().patch.at(noise_x + x * 3, noise_y + y * 3);
      const float edge = clamp01(reach - distance + 0.5f);
      const float fine = noise().fine.at(noise_x + x, noise_y + y);
      if (kind == CrownKind::kLeafy) {
        crown.alpha[i] = edge * (foliage.height < 0.0f ? 0.25f : 1.0f);
        crown.texture[i] = 0.55f * foliage.tone + 0.85f * fine;
      } else {
        const float twig = clamp01(0.42f + 0.33f * noise().grain.at(noise_x + x, noise_y + y) + 0.2f * fine);
        crown.alpha[i] = edge * twig * mix(1.0f, 0.45f, clamp01(distance / radius));
        crown.texture[i] = 0.9f * fine;
      }
      height[i] = std::max(0.0f, foliage.height);
    }
  }
  set_slopes(crown, height);
  return crown;
}

struct Library {
  std::vector<float> radii = sizes();
  std::vector<Crown> crowns[2];
  std::vector<size_t> nearest;  // size for a radius in eighths of a pixel

  Library() {
    for (int eighths = 0; eighths <= static_cast<int>(kLargestCrown * 8.0f); ++eighths) {
      size_t i = 0;
      while (i + 1 < radii.size() && 0.5f * (radii[i] + radii[i + 1]) < 0.125f * static_cast<float>(eighths)) ++i;
      nearest.push_back(i);
    }
    for (int kind = 0; kind < 2; ++kind) {
      for (size_t i = 0; i < radii.size(); ++i) {
        for (int v = 0; v < kCrownVariants; ++v) {
          crowns[kind].push_back(
              grow(static_cast<CrownKind>(kind), radii[i], Rng(1000003u * i + 17u * v + 7919u * kind + 1)));
        }
      }
    }
  }
};

}  // namespace

const Crown& crown(CrownKind kind, float radius, int variant) {
  static const Library library;
  const float eighths = std::min(kLargestCrown, std::max(0.0f, radius)) * 8.0f;
  const size_t i = library.nearest[static_cast<size_t>(eighths)];
  return library.crowns[static_cast<int>(kind)][i * kCrownVariants + variant];
}

}  // namespace ccx::scenes
