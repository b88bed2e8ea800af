// A coarse map of what the land is used for, so that plots do not overlap roads and trees do not stand on houses.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/scenes/world.h"

namespace ccx::scenes {

class Occupancy {
 public:
  // What a cell may be marked with.
  static constexpr uint8_t kUsed = 1;     // reserved for something, whenever that is built
  static constexpr uint8_t kHard = 2;     // << date: no tree can stand here
  static constexpr uint8_t kCleared = 8;  // << date: developed land, on which few wild trees are left

  explicit Occupancy(float extent)
      : side_(static_cast<int>((extent + 2.0f * kMargin) / kCell) + 1), cells_(static_cast<size_t>(side_) * side_, 0) {}

  void mark(const Polygon& polygon, uint8_t bits) {
    visit(polygon, [&](uint8_t& cell) { cell |= bits; });
  }
  // Share of the polygon's cells that carry any of the bits.
  float share(const Polygon& polygon, uint8_t bits) {
    int total = 0, hit = 0;
    visit(polygon, [&](uint8_t& cell) {
      ++total;
      hit += (cell & bits) != 0;
    });
    return total == 0 ? 0.0f : static_cast<float>(hit) / static_cast<float>(total);
  }
  uint8_t at(Vec2 p) const {
    const int x = static_cast<int>((p.x + kMargin) / kCell), y = static_cast<int>((p.y + kMargin) / kCell);
    if (x < 0 || y < 0 || x >= side_ || y >= side_) return 0;
    return cells_[static_cast<size_t>(y) * side_ + x];
  }

 private:
  static constexpr float kCell = 2.0f;

  // Cells whose centre lies inside, row by row.
  template <typename Visit>
  void visit(const Polygon& polygon, Visit&& visit_cell) {
    float low = 1e9f, high = -1e9f;
    for (Vec2 p : polygon) {
      low = std::min(low, p.y);
      high = std::max(high, p.y);
    }
    const int y0 = std::max(0, static_cast<int>((low + kMargin) / kCell));
    const int y1 = std::min(side_ - 1, static_cast<int>((high + kMargin) / kCell));
    std::vector<float> crossings;
    for (int y = y0; y <= y1; ++y) {
      const float level = (static_cast<float>(y) + 0.5f) * kCell - kMargin;
      crossings.clear();
      for (size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
        const Vec2 a = polygon[i], b = polygon[j];
        if ((a.y > level) != (b.y > level)) crossings.push_back((b.x - a.x) * (level - a.y) / (b.y - a.y) + a.x);
      }
      std::sort(crossings.begin(), crossings.end());
      for (size_t k = 0; k + 1 < crossings.size(); k += 2) {
        const int x0 = std::max(0, static_cast<int>(std::ceil((crossings[k] + kMargin) / kCell - 0.5f)));
        const int x1 = std::min(side_ - 1, static_cast<int>(std::floor((crossings[k + 1] + kMargin) / kCell - 0.5f)));
        for (int x = x0; x <= x1; ++x) visit_cell(cells_[static_cast<size_t>(y) * side_ + x]);
      }
    }
  }

  int side_;
  std::vector<uint8_t> cells_;
};

}  // namespace ccx::scenes
