// From the ground up: land, plots, roads, what stands on them, shadows, roofs, trees, and last the camera.
#include "core/scenes/render.h"

#include "core/scenes/camera.h"
#include "core/scenes/painting.h"

namespace ccx::scenes {

std::vector<uint8_t> render(const World& world, int date, const Appearance& look, int size, Rng rng) {
  Painting painting{world, date, look, Painter(look, size, world.extent), rng};
  paint_ground(painting);
  paint_roads(painting);
  paint_gardens(painting);
  paint_objects(painting);
  return expose(painting.painter.canvas, look, painting.rng.fork(99));
}

}  // namespace ccx::scenes
