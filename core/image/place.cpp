// Reading geotransforms and what stands in for them (place.h).
#include "core/image/place.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_vsi.h>
#include <gdal.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace ccx::image {

namespace {

constexpr int kLongestPrj = 65536;

bool is_usable(const GeoTransform& gt) {
  for (const double value : gt) {
    if (!std::isfinite(value)) return false;
  }
  // A world file of a picture that lies nowhere: a unit a pixel, from a corner or from the first pixel's middle.
  const bool is_pixels = std::abs(gt[0]) <= 0.5 && std::abs(gt[3]) <= 0.5 && gt[1] == 1 && std::abs(gt[5]) == 1 &&
                         gt[2] == 0 && gt[4] == 0;
  return !is_pixels && gt[1] * gt[5] - gt[2] * gt[4] != 0;
}

void take_system(Place& out, const OGRSpatialReference* system) {
  if (system == nullptr || system->IsEmpty() || system->IsLocal()) return;
  out.system.reset(system->Clone());
  out.system->SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
}

// False for a text that names no whole system, as a file that was cut; GDAL's errors about it are not the picture's.
bool is_read(OGRSpatialReference& system, const std::string& text) {
  CPLPushErrorHandler(CPLQuietErrorHandler);
  CPLErrorReset();
  char* written = nullptr;
  const bool is_whole = system.importFromWkt(text.c_str()) == OGRERR_NONE &&
                        system.exportToWkt(&written) == OGRERR_NONE && CPLGetLastErrorType() < CE_Failure;
  CPLFree(written);
  CPLPopErrorHandler();
  CPLErrorReset();
  return is_whole;
}

// World files say nothing of a system; ArcGIS and others put it into a file beside them.
void take_prj(Place& out, const std::string& name) {
  if (name.empty() || name[0] == '<') return;
  for (const char* extension : {"prj", "PRJ"}) {
    const std::string prj = CPLResetExtension(name.c_str(), extension);
    VSIStatBufL status;
    if (prj == name || VSIStatL(prj.c_str(), &status) != 0 || status.st_size > kLongestPrj) continue;
    VSILFILE* file = VSIFOpenL(prj.c_str(), "rb");
    if (file == nullptr) continue;
    std::string text(static_cast<std::size_t>(status.st_size), '\0');
    text.resize(VSIFReadL(text.data(), 1, text.size(), file));
    VSIFCloseL(file);
    OGRSpatialReference system;
    if (is_read(system, text)) take_system(out, &system);
    return;
  }
}

// The plane through ground control points, and whether it meets them to half a pixel.
bool take_control_points(Place& out, GDALDataset& dataset) {
  const int count = dataset.GetGCPCount();
  const GDAL_GCP* points = dataset.GetGCPs();
  if (count < 3 || GDALGCPsToGeoTransform(count, points, out.to_ground.data(), TRUE) == FALSE) return false;
  if (!is_usable(out.to_ground)) return false;
  GeoTransform to_pixel{};
  if (GDALInvGeoTransform(out.to_ground.data(), to_pixel.data()) == FALSE) return false;
  for (int i = 0; i < count; ++i) {
    double column = 0, row = 0;
    GDALApplyGeoTransform(to_pixel.data(), points[i].dfGCPX, points[i].dfGCPY, &column, &row);
    if (std::hypot(column - points[i].dfGCPPixel, row - points[i].dfGCPLine) > 0.5) out.is_rough = true;
  }
  take_system(out, dataset.GetGCPSpatialRef());
  return true;
}

// The ground that rational polynomial coefficients are made for, in degrees.
bool take_rpc(Place& out, GDALDataset& dataset) {
  const auto number = [&](const char* item) {
    const char* text = dataset.GetMetadataItem(item, "RPC");
    return text == nullptr ? std::nan("") : std::atof(text);
  };
  const double x = number("LONG_OFF"), y = number("LAT_OFF");
  const double half_width = number("LONG_SCALE"), half_height = number("LAT_SCALE");
  if (!(half_width > 0 && half_height > 0) || !std::isfinite(x + y + half_width + half_height)) return false;
  out.to_ground = {x - half_width, 2 * half_width / out.width, 0, y + half_height, 0, -2 * half_height / out.height};
  out.is_rough = true;
  OGRSpatialReference system;
  if (system.importFromEPSG(4326) == OGRERR_NONE) take_system(out, &system);
  return true;
}

}  // namespace

double Place::pixel_area() const {
  return std::abs(to_ground[1] * to_ground[5] - to_ground[2] * to_ground[4]);
}

bool Place::may_be_degrees() const {
  if (system != nullptr) return system->IsGeographic() != 0;
  const Point corners[] = {ground(0, 0), ground(width, height)};
  return std::abs(corners[0].x) <= 360 && std::abs(corners[1].x) <= 360 && std::abs(corners[0].y) <= 91 &&
         std::abs(corners[1].y) <= 91;
}

std::string Place::described() const {
  const Point centre = ground(width / 2.0, height / 2.0);
  char text[96];
  std::snprintf(text, sizeof text, "centre %.7g, %.7g", centre.x, centre.y);
  std::string out = text;
  if (system != nullptr && system->GetName() != nullptr) out += std::string(" in ") + system->GetName();
  return out;
}

std::optional<Place> place_of(const RasterFile& file) {
  return file.run([&]() -> std::optional<Place> {
    Place out;
    out.width = file.width();
    out.height = file.height();
    GDALDataset& dataset = file.dataset();
    if (dataset.GetGeoTransform(out.to_ground.data()) == CE_None && is_usable(out.to_ground)) {
      take_system(out, dataset.GetSpatialRef());
      if (out.system == nullptr) take_prj(out, file.file_name());
      return out;
    }
    if (take_control_points(out, dataset) || take_rpc(out, dataset)) return out;
    return std::nullopt;
  });
}

bool is_same_system(const Place& a, const Place& b) {
  if (a.system == nullptr || b.system == nullptr) return true;
  const char* const options[] = {"IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES", "CRITERION=EQUIVALENT", nullptr};
  return a.system->IsSame(b.system.get(), options) != 0;
}

}  // namespace ccx::image
