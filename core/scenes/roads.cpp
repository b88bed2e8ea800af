// Builds axes point by point; no road is stored as a curve.
#include "core/scenes/roads.h"

namespace ccx::scenes {

namespace {
constexpr float kStep = 6.0f;
}

float axis_length(const std::vector<Vec2>& axis) {
  float total = 0.0f;
  for (size_t i = 1; i < axis.size(); ++i) total += length(axis[i] - axis[i - 1]);
  return total;
}

Station station(const std::vector<Vec2>& axis, float distance) {
  for (size_t i = 1; i < axis.size(); ++i) {
    const Vec2 step = axis[i] - axis[i - 1];
    const float l = length(step);
    if (distance <= l || i + 1 == axis.size()) {
      const Vec2 along = normalised(step);
      return {axis[i - 1] + along * distance, along};
    }
    distance -= l;
  }
  return {axis.empty() ? Vec2{} : axis.front(), {1.0f, 0.0f}};
}

std::vector<Vec2> trace(Vec2 start, float heading, const std::vector<Piece>& pieces) {
  std::vector<Vec2> axis{start};
  for (const Piece& piece : pieces) {
    const int steps = std::max(1, static_cast<int>(piece.length / kStep));
    const float step = piece.length / static_cast<float>(steps);
    for (int i = 0; i < steps; ++i) {
      heading += 0.5f * step * piece.curvature;
      axis.push_back(axis.back() + direction(heading) * step);
      heading += 0.5f * step * piece.curvature;
    }
  }
  return axis;
}

std::vector<Vec2> through_axis(Vec2 middle, float heading, float curvature_ahead, float curvature_behind,
                               float extent) {
  const auto half = [&](float from, float curvature) {
    // A bend of at most 70 degrees, then straight on: roads do not circle.
    const float all = 1.5f * (extent + kMargin);
    const float bent = curvature == 0.0f ? all : std::min(all, 1.2f / std::fabs(curvature));
    std::vector<Vec2> axis = trace(middle, from, {{bent, curvature}, {all - bent + 6.0f, 0.0f}});
    size_t keep = 1;
    while (keep < axis.size() && axis[keep].x > -kMargin && axis[keep].y > -kMargin &&
           axis[keep].x < extent + kMargin && axis[keep].y < extent + kMargin) {
      ++keep;
    }
    axis.resize(keep);
    return axis;
  };
  std::vector<Vec2> axis = half(heading + kPi, curvature_behind);
  std::reverse(axis.begin(), axis.end());
  const std::vector<Vec2> ahead = half(heading, curvature_ahead);
  axis.insert(axis.end(), ahead.begin() + 1, ahead.end());
  return axis;
}

std::vector<Vec2> offset_axis(const std::vector<Vec2>& axis, float sideways) {
  std::vector<Vec2> moved;
  for (size_t i = 0; i < axis.size(); ++i) {
    const Vec2 along = normalised(axis[std::min(i + 1, axis.size() - 1)] - axis[i == 0 ? 0 : i - 1]);
    moved.push_back(axis[i] + perpendicular(along) * sideways);
  }
  return moved;
}

Polygon strip(const std::vector<Vec2>& axis, float half_width, float roughness, Rng rng) {
  Polygon outline;
  outline.reserve(axis.size() * 2);
  std::vector<Vec2> other;
  for (size_t i = 0; i < axis.size(); ++i) {
    const Vec2 along = normalised(axis[std::min(i + 1, axis.size() - 1)] - axis[i == 0 ? 0 : i - 1]);
    const Vec2 n = perpendicular(along);
    const float left = roughness > 0.0f ? rng.range(-roughness, roughness) : 0.0f;
    const float right = roughness > 0.0f ? rng.range(-roughness, roughness) : 0.0f;
    outline.push_back(axis[i] + n * (half_width + left));
    other.push_back(axis[i] - n * (half_width + right));
  }
  outline.insert(outline.end(), other.rbegin(), other.rend());
  return outline;
}

Polygon blob(Rng rng, Vec2 centre, float radius_x, float radius_y, float angle, float bulge) {
  constexpr int kPoints = 24;
  float size[3], phase[3];
  for (int k = 0; k < 3; ++k) {
    size[k] = bulge * rng.uniform() / static_cast<float>(k + 1);
    phase[k] = rng.range(-kPi, kPi);
  }
  const Frame frame = frame_at(centre, angle);
  Polygon outline;
  for (int i = 0; i < kPoints; ++i) {
    const float t = 2.0f * kPi * static_cast<float>(i) / kPoints;
    float r = 1.0f;
    for (int k = 0; k < 3; ++k) r += size[k] * sine(static_cast<float>(k + 2) * t + phase[k]);
    outline.push_back(frame.at(radius_x * r * cosine(t), radius_y * r * sine(t)));
  }
  return outline;
}

Polygon roughened(Rng rng, const Polygon& polygon, float amount) {
  Polygon rough;
  for (size_t i = 0; i < polygon.size(); ++i) {
    const Vec2 a = polygon[i], b = polygon[(i + 1) % polygon.size()];
    const int pieces = std::max(1, static_cast<int>(length(b - a) / 8.0f));
    for (int k = 0; k < pieces; ++k) {
      const Vec2 p = a + (b - a) * (static_cast<float>(k) / static_cast<float>(pieces));
      rough.push_back({p.x + rng.range(-amount, amount), p.y + rng.range(-amount, amount)});
    }
  }
  return rough;
}

}  // namespace ccx::scenes
