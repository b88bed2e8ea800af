// Plane geometry of scenes. Only + - * / and sqrt on float32, whose results IEEE 754 fixes, and sine and cosine of our
// own: libm's last bit differs between systems, and a scene must be the same bytes everywhere.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace ccx::scenes {

constexpr float kPi = 3.14159265f;

struct Vec2 {
  float x = 0.0f;
  float y = 0.0f;
};

inline Vec2 operator+(Vec2 a, Vec2 b) {
  return {a.x + b.x, a.y + b.y};
}
inline Vec2 operator-(Vec2 a, Vec2 b) {
  return {a.x - b.x, a.y - b.y};
}
inline Vec2 operator*(Vec2 a, float s) {
  return {a.x * s, a.y * s};
}
inline float dot(Vec2 a, Vec2 b) {
  return a.x * b.x + a.y * b.y;
}
inline float cross(Vec2 a, Vec2 b) {
  return a.x * b.y - a.y * b.x;
}
inline Vec2 perpendicular(Vec2 a) {
  return {-a.y, a.x};
}
inline float length(Vec2 a) {
  return std::sqrt(dot(a, a));
}
inline Vec2 normalised(Vec2 a) {
  const float l = length(a);
  return l > 1e-6f ? a * (1.0f / l) : Vec2{1.0f, 0.0f};
}
inline float clamp01(float v) {
  return std::min(1.0f, std::max(0.0f, v));
}
inline float mix(float a, float b, float t) {
  return a + (b - a) * t;
}

// Taylor series to the 11th power after reduction to +-pi/2; absolute error below 1e-6.
inline float sine(float angle) {
  float turns = angle * (1.0f / (2.0f * kPi));
  turns -= std::floor(turns + 0.5f);
  if (turns > 0.25f) turns = 0.5f - turns;
  if (turns < -0.25f) turns = -0.5f - turns;
  const float x = turns * (2.0f * kPi);
  const float z = x * x;
  return x * (1.0f + z * (-1.0f / 6 + z * (1.0f / 120 + z * (-1.0f / 5040 + z * (1.0f / 362880 - z / 39916800.0f)))));
}
inline float cosine(float angle) {
  return sine(angle + 0.5f * kPi);
}
inline Vec2 direction(float angle) {
  return {cosine(angle), sine(angle)};
}

using Polygon = std::vector<Vec2>;

inline Vec2 centroid(const Polygon& polygon) {
  Vec2 sum;
  for (Vec2 p : polygon) sum = sum + p;
  return sum * (1.0f / static_cast<float>(polygon.size()));
}

// Right-handed frame in which a plot, a house or a lot is laid out: `along` and `across` are unit vectors.
struct Frame {
  Vec2 origin;
  Vec2 along{1.0f, 0.0f};
  Vec2 across{0.0f, 1.0f};

  Vec2 at(float u, float v) const { return origin + along * u + across * v; }
  Polygon rectangle(float u0, float v0, float u1, float v1) const {
    return {at(u0, v0), at(u1, v0), at(u1, v1), at(u0, v1)};
  }
};

inline Frame frame_at(Vec2 origin, float angle) {
  const Vec2 along = direction(angle);
  return {origin, along, perpendicular(along)};
}

// Whether a point lies in a simple polygon (even-odd rule).
inline bool contains(const Polygon& polygon, Vec2 p) {
  bool inside = false;
  for (size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
    const Vec2 a = polygon[i], b = polygon[j];
    if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

}  // namespace ccx::scenes
