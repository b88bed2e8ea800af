// Directions of grids (north.h).
#include "core/image/north.h"

#include <cmath>

namespace ccx::image {

namespace {

// South African and polar systems have axes that go south or west.
bool goes_east_and_north(const OGRSpatialReference& system) {
  if (system.IsGeographic() != 0) return true;
  for (int axis = 0; axis < 2; ++axis) {
    OGRAxisOrientation direction = OAO_Other;
    static_cast<void>(system.GetAxis(nullptr, axis, &direction));
    if (direction == OAO_South || direction == OAO_West) return false;
  }
  return true;
}

}  // namespace

int orientation_of(const GeoTransform& to_ground, const OGRSpatialReference* system) {
  if (system != nullptr && !goes_east_and_north(*system)) return 1;
  const double column_east = to_ground[1], row_east = to_ground[2];
  const double column_north = to_ground[4], row_north = to_ground[5];
  const bool is_pixels = system == nullptr && std::abs(column_east) == 1 && std::abs(row_north) == 1;
  if (is_pixels) return 1;
  if (std::abs(column_east) >= std::abs(column_north)) {
    const bool mirrored = column_east<0, south_up = row_north> 0;
    return mirrored ? (south_up ? 3 : 2) : (south_up ? 4 : 1);
  }
  const bool northward = column_north > 0, westward = row_east < 0;
  return northward ? (westward ? 7 : 8) : (westward ? 6 : 5);
}

// Numbers without a system may be any, such as those of pixels downwards: they turn nothing.
void find_north(Alignment& out, const std::optional<Place>& a, const std::optional<Place>& b) {
  const auto north = [](const std::optional<Place>& place, const Place& named) {
    return !place || place->is_rough ? 1 : orientation_of(place->to_ground, named.system.get());
  };
  if (!out.is_on_ground()) {
    if (a) out.north[0] = north(a, *a);
    if (b) out.north[1] = north(b, *b);
    return;
  }
  // Both lie as the first does: by themselves, or warped.
  const Place& named = a->system != nullptr ? *a : *b;
  (named.system != nullptr ? out.turned : out.north[0]) = north(a, named);
  out.north[1] = out.north[0];
}

}  // namespace ccx::image
