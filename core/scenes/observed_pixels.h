// The maps of what is seen to have changed, pixel by pixel, and how much of the picture a thing takes.
#pragma once

#include <cstdint>
#include <vector>

#include "core/describe/facts.h"
#include "core/scenes/canvas.h"
#include "core/scenes/observation.h"

namespace ccx::scenes {

// Pixels that a thing covers, and where they lie.
struct Extent {
  double sum = 0.0, sum_x = 0.0, sum_y = 0.0;
  int left = 1 << 20, right = -1, top = 1 << 20, bottom = -1;

  void add(const Extent& o) {
    sum += o.sum;
    sum_x += o.sum_x;
    sum_y += o.sum_y;
    left = std::min(left, o.left);
    right = std::max(right, o.right);
    top = std::min(top, o.top);
    bottom = std::max(bottom, o.bottom);
  }
};

describe::Place place_of(const Extent& e, int size);

// What a reported difference is of. Where two lie on one pixel, the later of this list is told.
enum class Thing : uint8_t { kNothing, kTrees, kRoad, kBuilding };

class ObservedPixels {
 public:
  // `size` pixels a side show `extent` of the world; shift and lean as for observe().
  ObservedPixels(int size, float extent, const Dates<Vec2>& shift, const Dates<Vec2>& lean);

  // Coverage of a polygon of the world at one of its dates, `height` above the ground; with a thing, written to the
  // maps.
  Extent measure(const Polygon& outline, int date, float height, Thing thing);
  // A tree's crown, in the kinds alone.
  void show_tree(Vec2 at, float radius, int date);

  float share(const Extent& e) const { return static_cast<float>(e.sum / (static_cast<double>(size_) * size_)); }
  int size() const { return size_; }
  // The maps, into an observation.
  void give(Observation& observation);

 private:
  void show(size_t pixel, Thing thing, int date);

  int size_;
  Dates<Vec2> shift_;
  Dates<Vec2> lean_;
  Filler filler_;
  float zoom_;
  std::vector<Thing> things_;
  std::vector<uint8_t> mask_, gone_, kinds_, kinds_turned_;
};

}  // namespace ccx::scenes
