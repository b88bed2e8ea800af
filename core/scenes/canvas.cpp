// The edge accumulation of antialiased polygons.
#include "core/scenes/canvas.h"

namespace ccx::scenes {

void Filler::edge(Vec2 from, Vec2 to) {
  if (from.y == to.y) return;
  const float sign = from.y < to.y ? 1.0f : -1.0f;
  if (from.y > to.y) std::swap(from, to);
  const float limit = static_cast<float>(size_);
  if (to.y <= 0.0f || from.y >= limit) return;
  const float slope = (to.x - from.x) / (to.y - from.y);
  float x = from.x;
  if (from.y < 0.0f) {
    x -= from.y * slope;
    from.y = 0.0f;
  }
  const int first_row = static_cast<int>(from.y);
  const int last_row = std::min(size_ - 1, static_cast<int>(std::ceil(to.y)) - 1);
  top_ = std::min(top_, first_row);
  bottom_ = std::max(bottom_, last_row);
  for (int y = first_row; y <= last_row; ++y) {
    const float height = std::min(static_cast<float>(y + 1), to.y) - std::max(static_cast<float>(y), from.y);
    const float x_next = x + slope * height;
    const float d = sign * height;
    // What lies left of the picture covers its whole row, what lies right of it covers nothing.
    const float x0 = std::min(limit, std::max(0.0f, std::min(x, x_next)));
    const float x1 = std::min(limit, std::max(0.0f, std::max(x, x_next)));
    x = x_next;
    const int i0 = static_cast<int>(x0);
    const int i1 = static_cast<int>(std::ceil(x1));
    float* acc = &accumulated_[static_cast<size_t>(y) * stride()];
    Row& row = rows_[y];
    row.first = std::min(row.first, i0);
    row.last = std::max(row.last, std::max(i1, i0 + 1));
    if (i1 <= i0 + 1) {
      const float inside = 0.5f * (x0 + x1) - static_cast<float>(i0);
      acc[i0] += d - d * inside;
      acc[i0 + 1] += d * inside;
      continue;
    }
    const float s = 1.0f / (x1 - x0);
    const float left = 1.0f - (x0 - static_cast<float>(i0));
    const float right = x1 - static_cast<float>(i1) + 1.0f;
    const float a_first = 0.5f * s * left * left;
    const float a_last = 0.5f * s * right * right;
    acc[i0] += d * a_first;
    if (i1 == i0 + 2) {
      acc[i0 + 1] += d * (1.0f - a_first - a_last);
    } else {
      const float a_second = s * (left + 0.5f);
      acc[i0 + 1] += d * (a_second - a_first);
      for (int i = i0 + 2; i < i1 - 1; ++i) acc[i] += d * s;
      const float a_rest = a_second + static_cast<float>(i1 - i0 - 3) * s;
      acc[i1 - 1] += d * (1.0f - a_rest - a_last);
    }
    acc[i1] += d * a_last;
  }
}

}  // namespace ccx::scenes
