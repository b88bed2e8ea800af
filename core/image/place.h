// Where on the ground a raster lies: geotransform, world file, ground control points, RPC.
#pragma once

#include <ogr_spatialref.h>

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "core/image/raster_file.h"

namespace ccx::image {

// x = gt[0] + column gt[1] + row gt[2], y = gt[3] + column gt[4] + row gt[5].
using GeoTransform = std::array<double, 6>;

struct Point {
  double x = 0;
  double y = 0;
};

struct Place {
  GeoTransform to_ground{};
  std::unique_ptr<OGRSpatialReference> system;  // null where the file names none
  int width = 0;
  int height = 0;
  // Ground control points that no plane fits, or RPC: `to_ground` says roughly where, not pixel by pixel.
  bool is_rough = false;

  Point ground(double column, double row) const {
    return {to_ground[0] + column * to_ground[1] + row * to_ground[2],
            to_ground[3] + column * to_ground[4] + row * to_ground[5]};
  }
  bool is_upright() const { return to_ground[2] == 0 && to_ground[4] == 0; }
  double pixel_area() const;  // in units of the ground
  // Its numbers can be degrees: of a geographic system, or of none that is named.
  bool may_be_degrees() const;
  std::string described() const;  // "centre X, Y in SYSTEM"
};

// Nothing where the file does not say. A system that the file does not name is looked for in a .prj beside it.
std::optional<Place> place_of(const RasterFile& file);

bool is_same_system(const Place& a, const Place& b);

}  // namespace ccx::image
