#include "core/scenes/world.h"

#include <utility>

namespace ccx::scenes {

bool is_bare(Ground ground) {
  switch (ground) {
    case Ground::kBare:
    case Ground::kGraded:
    case Ground::kGravel:
    case Ground::kSite:
    case Ground::kRubble:
      return true;
    default:
      return false;
  }
}

void reverse(World& world) {
  std::swap(world.base[0], world.base[1]);
  for (Patch& o : world.patches) {
    std::swap(o.ground[0], o.ground[1]);
    std::swap(o.tone[0], o.tone[1]);
  }
  for (Road& o : world.roads) std::swap(o.surface[0], o.surface[1]);
  for (Plot& o : world.plots) {
    std::swap(o.settled[0], o.settled[1]);
    std::swap(o.empty[0], o.empty[1]);
    std::swap(o.drive_paved[0], o.drive_paved[1]);
  }
  for (Building& o : world.buildings) {
    std::swap(o.present[0], o.present[1]);
    std::swap(o.tone[0], o.tone[1]);
    std::swap(o.raw[0], o.raw[1]);
  }
  for (ParkingLot& o : world.lots) {
    std::swap(o.present[0], o.present[1]);
    std::swap(o.dark[0], o.dark[1]);
  }
  for (Pool& o : world.pools) std::swap(o.present[0], o.present[1]);
  for (Tree& o : world.trees) std::swap(o.present[0], o.present[1]);
  for (Fence& o : world.fences) std::swap(o.present[0], o.present[1]);
  for (Car& o : world.cars) o.date = static_cast<uint8_t>(1 - o.date);
  for (Clearing& o : world.clearings) {
    std::swap(o.wooded[0], o.wooded[1]);
    std::swap(o.ground[0], o.ground[1]);
  }
}

}  // namespace ccx::scenes
