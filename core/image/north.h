// Where north is in two dates that say where they lie.
#pragma once

#include <optional>

#include "core/image/georeference.h"
#include "core/image/place.h"

namespace ccx::image {

// EXIF's 1..8 that brings north up, to a quarter turn, in a picture with this geotransform. 1 also where that cannot be
// said: of a system whose axes do not go east and north, and of numbers without a system that are pixels.
int orientation_of(const GeoTransform& to_ground, const OGRSpatialReference* system);

// Fills in what of an alignment says how the dates are to be turned. Nothing: a date that does not say where it lies.
void find_north(Alignment& out, const std::optional<Place>& before, const std::optional<Place>& after);

}  // namespace ccx::image
