// Extents, coordinate systems and warping (georeference.h).
#include "core/image/georeference.h"

#include <cpl_string.h>
#include <gdal_alg.h>
#include <gdalwarper.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "core/image/north.h"
#include "core/image/place.h"
#include "core/image/raster_bands.h"

namespace ccx::image {

namespace {

// Less of the smaller picture in common than this is another place.
constexpr double kLeastShared = 0.01;

struct Box {
  double left = 0;
  double bottom = 0;
  double right = 0;
  double top = 0;

  double area() const { return std::max(right - left, 0.0) * std::max(top - bottom, 0.0); }
};

Box bounds(const std::vector<Point>& points) {
  Box box{points[0].x, points[0].y, points[0].x, points[0].y};
  for (const Point& point : points) {
    box.left = std::min(box.left, point.x);
    box.right = std::max(box.right, point.x);
    box.bottom = std::min(box.bottom, point.y);
    box.top = std::max(box.top, point.y);
  }
  return box;
}

Box shared(const Box& a, const Box& b) {
  return {std::max(a.left, b.left), std::max(a.bottom, b.bottom), std::min(a.right, b.right), std::min(a.top, b.top)};
}

// The edge of a picture in pixels, walked in steps.
std::vector<Point> outline(const Place& place) {
  constexpr int steps = 16;
  std::vector<Point> out;
  for (int i = 0; i <= steps; ++i) {
    const double column = static_cast<double>(place.width) * i / steps;
    const double row = static_cast<double>(place.height) * i / steps;
    for (const Point& edge : {Point{column, 0}, Point{column, static_cast<double>(place.height)}, Point{0, row},
                              Point{static_cast<double>(place.width), row}}) {
      out.push_back(edge);
    }
  }
  return out;
}

std::vector<Point> on_ground(const Place& place, const std::vector<Point>& pixels) {
  std::vector<Point> out;
  for (const Point& pixel : pixels) out.push_back(place.ground(pixel.x, pixel.y));
  return out;
}

Alignment different(const Place& before, const Place& after) {
  Alignment out;
  out.kind = Alignment::Kind::kDifferent;
  out.message = "the two images show different places: before " + before.described() + ", after " + after.described();
  return out;
}

// Pixels of an upright picture that cover `box`, and at least one.
Window window_of(const Place& place, const Box& box) {
  const GeoTransform& gt = place.to_ground;
  const double x0 = (box.left - gt[0]) / gt[1];
  const double x1 = (box.right - gt[0]) / gt[1];
  const double y0 = (box.top - gt[3]) / gt[5];
  const double y1 = (box.bottom - gt[3]) / gt[5];
  const auto span = [](double from, double to, int size) {
    const int first = std::clamp(static_cast<int>(std::lround(std::min(from, to))), 0, size - 1);
    const int last = std::clamp(static_cast<int>(std::lround(std::max(from, to))), first + 1, size);
    return std::pair(first, last - first);
  };
  const auto [left, width] = span(x0, x1, place.width);
  const auto [top, height] = span(y0, y1, place.height);
  return {left, top, width, height};
}

// Both upright, in one coordinate system: only the extents can differ.
Alignment align_extents(const Place& before, const Place& after) {
  const Box a = bounds(on_ground(before, outline(before)));
  const Box b = bounds(on_ground(after, outline(after)));
  const Box both = shared(a, b);
  const double smaller = std::min(a.area(), b.area());
  if (both.area() < kLeastShared * smaller) return different(before, after);
  Alignment out;
  out.shared = both.area() / smaller;
  out.scale = std::sqrt(after.pixel_area() / before.pixel_area());
  out.before = window_of(before, both);
  out.after = window_of(after, both);
  const bool whole =
      out.before == Window{0, 0, before.width, before.height} && out.after == Window{0, 0, after.width, after.height};
  out.kind = whole ? Alignment::Kind::kSame : Alignment::Kind::kCropped;
  return out;
}

struct TransformerCloser {
  void operator()(void* transformer) const { GDALDestroyGenImgProjTransformer(transformer); }
};
using Transformer = std::unique_ptr<void, TransformerCloser>;

// From pixels of the after picture to pixels of the before picture's grid.
Transformer make_transformer(const RasterFile& after, const Place& from, const Place& to) {
  // Named for both: a .prj beside the after picture is not known to its dataset.
  CPLStringList options;
  if (to.system != nullptr && from.system != nullptr) {
    for (const auto& [item, place] : {std::pair("SRC_SRS", &from), std::pair("DST_SRS", &to)}) {
      char* text = nullptr;
      place->system->exportToWkt(&text);
      options.SetNameValue(item, text == nullptr ? "" : text);
      CPLFree(text);
    }
  }
  Transformer out(GDALCreateGenImgProjTransformer2(&after.dataset(), nullptr, options.List()));
  if (out != nullptr) GDALSetGenImgProjTransformerDstGeoTransform(out.get(), to.to_ground.data());
  return out;
}

// The after raster on the before raster's grid, with an alpha band for what it does not cover.
DatasetPointer warped(GDALDataset& source, Transformer transformer, const Place& grid, double scale) {
  const int bands = source.GetRasterCount();
  GDALWarpOptions* options = GDALCreateWarpOptions();
  options->hSrcDS = &source;
  options->eResampleAlg = scale < 0.6 ? GRA_Average : GRA_Bilinear;
  int alpha = 0;
  std::vector<int> copied;
  for (int i = 1; i <= bands; ++i) {
    if (is_alpha(*source.GetRasterBand(i)) && bands > 1) {
      alpha = i;
    } else {
      copied.push_back(i);
    }
  }
  const std::size_t count = copied.size();
  options->nBandCount = static_cast<int>(count);
  options->panSrcBands = static_cast<int*>(CPLMalloc(sizeof(int) * count));
  options->panDstBands = static_cast<int*>(CPLMalloc(sizeof(int) * count));
  int has_nodata = 0;
  source.GetRasterBand(copied[0])->GetNoDataValue(&has_nodata);
  if (has_nodata != 0) {
    options->padfSrcNoDataReal = static_cast<double*>(CPLMalloc(sizeof(double) * count));
    for (std::size_t i = 0; i < count; ++i) {
      options->padfSrcNoDataReal[i] = source.GetRasterBand(copied[i])->GetNoDataValue(nullptr);
    }
    options->papszWarpOptions = CSLSetNameValue(options->papszWarpOptions, "UNIFIED_SRC_NODATA", "YES");
  }
  for (std::size_t i = 0; i < count; ++i) {
    options->panSrcBands[i] = copied[i];
    options->panDstBands[i] = static_cast<int>(i) + 1;
  }
  options->nSrcAlphaBand = alpha;
  options->nDstAlphaBand = static_cast<int>(count) + 1;
  options->pfnTransformer = GDALGenImgProjTransform;
  options->pTransformerArg = transformer.get();
  GeoTransform to_ground = grid.to_ground;
  GDALDatasetH made = GDALCreateWarpedVRT(&source, grid.width, grid.height, to_ground.data(), options);
  if (made != nullptr) static_cast<void>(transformer.release());  // it is the dataset's now
  GDALDestroyWarpOptions(options);
  return DatasetPointer(static_cast<GDALDataset*>(made));
}

// Other systems, turned or mirrored grids: in pixels of the before picture.
Alignment align_grids(const RasterFile& after, const Place& a, const Place& b) {
  return after.run([&]() -> Alignment {
    Transformer transformer = make_transformer(after, b, a);
    if (transformer == nullptr) return different(a, b);
    std::vector<Point> placed;
    for (const Point& pixel : outline(b)) {
      Point at = pixel;
      double height = 0;
      int done = 0;
      GDALGenImgProjTransform(transformer.get(), FALSE, 1, &at.x, &at.y, &height, &done);
      if (done != 0 && std::isfinite(at.x) && std::isfinite(at.y)) placed.push_back(at);
    }
    if (placed.empty()) return different(a, b);
    const Box covered = bounds(placed);
    const Box whole{0, 0, static_cast<double>(a.width), static_cast<double>(a.height)};
    const Box both = shared(whole, covered);
    const double smaller = std::min(whole.area(), covered.area());
    if (both.area() < kLeastShared * smaller) return different(a, b);
    Alignment out;
    out.shared = both.area() / smaller;
    out.scale = std::sqrt(covered.area() / (static_cast<double>(b.width) * b.height));
    const int left = std::clamp(static_cast<int>(std::lround(both.left)), 0, a.width - 1);
    const int top = std::clamp(static_cast<int>(std::lround(both.bottom)), 0, a.height - 1);
    out.before = {left, top, std::max(static_cast<int>(std::lround(both.right)) - left, 1),
                  std::max(static_cast<int>(std::lround(both.top)) - top, 1)};
    out.after = out.before;
    const bool is_one_grid = b.width == a.width && b.height == a.height && out.before.width == a.width &&
                             out.before.height == a.height && std::abs(out.scale - 1) < 1e-6 && is_same_system(a, b);
    if (is_one_grid && a.to_ground == b.to_ground) {
      out.kind = Alignment::Kind::kSame;
      return out;
    }
    out.kind = Alignment::Kind::kWarped;
    out.warped = warped(after.dataset(), std::move(transformer), a, out.scale);
    if (out.warped == nullptr)
      throw DecodeError(DecodeError::Reason::kCorrupt, "it cannot be brought to the other date's grid");
    return out;
  });
}

// The ground of both in the system of the first: what both say roughly. Nothing where that cannot be computed.
std::optional<bool> meet_roughly(const Place& a, const Place& b) {
  std::vector<Point> there = on_ground(b, outline(b));
  if (a.system != nullptr && b.system != nullptr && !is_same_system(a, b)) {
    const std::unique_ptr<OGRCoordinateTransformation> change(
        OGRCreateCoordinateTransformation(b.system.get(), a.system.get()));
    if (change == nullptr) return std::nullopt;
    for (Point& point : there) {
      if (change->Transform(1, &point.x, &point.y) == FALSE || !std::isfinite(point.x + point.y)) return std::nullopt;
    }
  }
  return shared(bounds(on_ground(a, outline(a))), bounds(there)).area() > 0;
}

Alignment unaligned(const std::string& why) {
  Alignment out;
  out.kind = Alignment::Kind::kUnaligned;
  out.message = why;
  return out;
}

// Numbers of a system that one file does not name prove nothing where they do not meet; nor do degrees beside metres.
bool may_be_of_other_systems(const Place& a, const Place& b) {
  if (a.system == nullptr && b.system == nullptr) return a.may_be_degrees() != b.may_be_degrees();
  return a.system == nullptr || b.system == nullptr;
}

Alignment align_rough(const RasterFile& after, const Place& a, const Place& b) {
  if (a.width == b.width && a.height == b.height && a.to_ground == b.to_ground && is_same_system(a, b)) {
    Alignment out;
    out.kind = Alignment::Kind::kSame;
    return out;
  }
  const std::optional<bool> meet = after.run([&] { return meet_roughly(a, b); });
  if (meet && !*meet && !may_be_of_other_systems(a, b)) return different(a, b);
  return unaligned("ground control points or RPC say only roughly where they lie");
}

Alignment align_places(const RasterFile& after, const Place& a, const Place& b) {
  const bool same_directions =
      a.to_ground[1] * b.to_ground[1] > 0 && a.to_ground[5] * b.to_ground[5] > 0 && a.is_upright() && b.is_upright();
  const bool same_system = after.run([&] { return is_same_system(a, b); });
  return same_system && same_directions ? align_extents(a, b) : align_grids(after, a, b);
}

Alignment align_both(const RasterFile& after, Place& a, const Place& b) {
  if (a.is_rough || b.is_rough) return align_rough(after, a, b);
  Alignment out = align_places(after, a, b);
  if (out.kind != Alignment::Kind::kDifferent) return out;
  // Longitudes of one place may differ by a turn, about the date line.
  for (const double turn : {360.0, -720.0}) {
    if (!a.may_be_degrees()) break;
    a.to_ground[0] += turn;
    Alignment turned = align_places(after, a, b);
    if (turned.kind != Alignment::Kind::kDifferent) return turned;
  }
  if (may_be_of_other_systems(a, b)) {
    return unaligned("one of them does not name the coordinate system of its numbers, and they do not meet");
  }
  return out;
}

}  // namespace

Alignment align(const RasterFile* before, const RasterFile* after) {
  // What one date alone says cannot be compared, and is nothing to fail for.
  const auto place = [&](const RasterFile* file) -> std::optional<Place> {
    if (file == nullptr) return std::nullopt;
    if (before != nullptr && after != nullptr) return place_of(*file);
    try {
      return place_of(*file);
    } catch (const DecodeError&) {
      return std::nullopt;
    }
  };
  std::optional<Place> a = place(before);
  const std::optional<Place> b = place(after);
  Alignment out;
  if (a && b) out = align_both(*after, *a, *b);
  find_north(out, a, b);
  return out;
}

}  // namespace ccx::image
