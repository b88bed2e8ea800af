// Three colour planes and a shadow plane in float, and antialiased polygons filled into them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "core/scenes/geometry.h"

namespace ccx::scenes {

// Display values, 0 to 255; may run outside until the camera clamps them.
struct Colour {
  float r = 0.0f;
  float g = 0.0f;
  float b = 0.0f;
};

inline Colour operator*(Colour c, float s) {
  return {c.r * s, c.g * s, c.b * s};
}
inline Colour operator+(Colour a, Colour b) {
  return {a.r + b.r, a.g + b.g, a.b + b.b};
}
inline Colour mix(Colour a, Colour b, float t) {
  return {mix(a.r, b.r, t), mix(a.g, b.g, t), mix(a.b, b.b, t)};
}

struct Canvas {
  explicit Canvas(int size_) : size(size_), r(area()), g(area()), b(area()), shadow(area(), 0.0f) {}

  size_t area() const { return static_cast<size_t>(size) * static_cast<size_t>(size); }
  size_t index(int x, int y) const {
    return static_cast<size_t>(y) * static_cast<size_t>(size) + static_cast<size_t>(x);
  }

  int size;  // pixels a side
  std::vector<float> r, g, b;
  std::vector<float> shadow;  // 0 lit to 1 in full cast shadow
};

// Exact area coverage by signed accumulation: each edge adds, per row, the area it cuts off, and a running sum along
// the row gives the coverage of every pixel. The cost is that of the outline plus the pixels inside.
class Filler {
 public:
  explicit Filler(int size) : size_(size), accumulated_(static_cast<size_t>(size + 3) * size, 0.0f), rows_(size) {}

  // Calls span(y, x, n, coverage) for each row the polygon touches; coverage holds n values in 0..1.
  template <typename Span>
  void fill(std::span<const Vec2> polygon, Span&& span) {
    if (polygon.size() < 3) return;
    top_ = size_;
    bottom_ = -1;
    for (size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) edge(polygon[j], polygon[i]);
    for (int y = top_; y <= bottom_; ++y) {
      Row& row = rows_[y];
      if (row.last < row.first) continue;
      float* acc = &accumulated_[static_cast<size_t>(y) * stride()];
      const int n = std::min(row.last, size_ - 1) - row.first + 1;
      float sum = 0.0f;
      for (int i = row.first; i <= std::min(row.last, size_ - 1); ++i) {
        sum += acc[i];
        acc[i] = std::min(1.0f, std::fabs(sum));
      }
      if (n > 0) span(y, row.first, n, acc + row.first);
      std::fill(acc + row.first, acc + row.last + 1, 0.0f);
      row = Row();
    }
  }

 private:
  struct Row {
    int first = 1 << 20;
    int last = -1;
  };

  size_t stride() const { return static_cast<size_t>(size_) + 3; }
  void edge(Vec2 from, Vec2 to);

  int size_;
  std::vector<float> accumulated_;
  std::vector<Row> rows_;
  int top_ = 0;
  int bottom_ = -1;
};

}  // namespace ccx::scenes
