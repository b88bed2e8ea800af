#include "core/scenes/maps.h"

#include <utility>

#include "core/scenes/canvas.h"
#include "core/scenes/observation.h"
#include "core/scenes/roads.h"

namespace ccx::scenes {

namespace {

constexpr int kFine = 4;  // samples along a cell's side: shapes are antialiased, so few are enough

size_t area(int side) {
  return static_cast<size_t>(side) * static_cast<size_t>(side);
}

// One date's cover, rasterised kFine times finer than the cells.
class CoverRaster {
 public:
  CoverRaster(int cells, int size, float extent, Vec2 shift, Vec2 lean)
      : side_(cells * kFine),
        zoom_(static_cast<float>(side_) / extent),
        shift_(shift * (static_cast<float>(side_) / static_cast<float>(size))),
        lean_(lean),
        filler_(side_),
        planes_(kCovers * area(side_), 0.0f) {}

  void fill(Cover cover, const Polygon& outline, float height) {
    each_share(cover, outline, height, [](float at, float share) { return std::min(1.0f, at + share); });
  }

  // The ground itself, later over earlier: bare or not.
  void lay(const Polygon& outline, bool bare) {
    const float value = bare ? 1.0f : 0.0f;
    each_share(Cover::kBare, outline, 0.0f, [&](float at, float share) { return at + share * (value - at); });
  }
  void lay_everywhere(bool bare) { std::fill_n(plane(Cover::kBare), area(side_), bare ? 1.0f : 0.0f); }

  // What stands on bare ground hides it.
  void hide_ground() {
    float* bare = plane(Cover::kBare);
    for (const Cover above : {Cover::kBuilding, Cover::kRoad, Cover::kTrees}) {
      const float* covered = plane(above);
      for (size_t i = 0; i < area(side_); ++i) bare[i] *= 1.0f - covered[i];
    }
  }

  std::vector<float> cells() const {
    const int cells = side_ / kFine;
    std::vector<float> out(kCovers * area(cells), 0.0f);
    for (int c = 0; c < kCovers; ++c) {
      for (int y = 0; y < side_; ++y) {
        for (int x = 0; x < side_; ++x) {
          out[static_cast<size_t>(c) * area(cells) + static_cast<size_t>(y / kFine * cells + x / kFine)] +=
              planes_[static_cast<size_t>(c) * area(side_) + static_cast<size_t>(y * side_ + x)] / (kFine * kFine);
        }
      }
    }
    return out;
  }

 private:
  float* plane(Cover cover) { return &planes_[static_cast<size_t>(cover) * area(side_)]; }

  template <typename Change>
  void each_share(Cover cover, const Polygon& outline, float height, const Change& change) {
    Polygon points;
    points.reserve(outline.size());
    for (const Vec2 p : outline) points.push_back((p + lean_ * height) * zoom_ + shift_);
    float* values = plane(cover);
    filler_.fill(points, [&](int y, int x0, int n, const float* share) {
      float* row = values + static_cast<size_t>(y) * static_cast<size_t>(side_) + x0;
      for (int i = 0; i < n; ++i) row[i] = change(row[i], share[i]);
    });
  }

  int side_;
  float zoom_;
  Vec2 shift_, lean_;
  Filler filler_;
  std::vector<float> planes_;
};

Polygon octagon(Vec2 at, float radius) {
  constexpr float kHalf = 0.70710678f;
  Polygon points;
  for (const Vec2 d : {Vec2{1, 0}, Vec2{kHalf, kHalf}, Vec2{0, 1}, Vec2{-kHalf, kHalf}, Vec2{-1, 0},
                       Vec2{-kHalf, -kHalf}, Vec2{0, -1}, Vec2{kHalf, -kHalf}}) {
    points.push_back(at + d * radius);
  }
  return points;
}

void lay_ground(const World& world, int date, CoverRaster& raster) {
  raster.lay_everywhere(is_bare(world.base[date]));
  for (const Patch& patch : world.patches) {
    if (patch.ground[date] != Ground::kNone) raster.lay(patch.outline, is_bare(patch.ground[date]));
  }
  for (const Clearing& clearing : world.clearings) {
    if (!clearing.wooded[date]) raster.lay(clearing.outline, is_bare(clearing.ground[date]));
  }
  for (const Plot& plot : world.plots) {
    if (plot.settled[date] ? !plot.lawn : plot.empty[date] == Ground::kNone) continue;
    raster.lay(plot.outline(), !plot.settled[date] && is_bare(plot.empty[date]));
  }
}

std::vector<float> cover_at(const World& world, int date, int size, int cells, Vec2 shift, Vec2 lean) {
  CoverRaster raster(cells, size, world.extent, shift, lean);
  lay_ground(world, date, raster);
  for (const Road& road : world.roads) {
    if (road.surface[date] < Surface::kDirt) continue;
    raster.fill(Cover::kRoad, strip(road.axis, road.half_width, 0.0f, Rng(0)), 0.0f);
  }
  for (const ParkingLot& lot : world.lots) {
    if (!lot.present[date]) continue;
    raster.fill(Cover::kRoad,
                lot.frame.rectangle(-0.5f * lot.width, -0.5f * lot.depth, 0.5f * lot.width, 0.5f * lot.depth), 0.0f);
  }
  for (const Building& building : world.buildings) {
    if (!building.present[date]) continue;
    for (const Polygon& part : building.footprint) raster.fill(Cover::kBuilding, part, building.eave);
  }
  for (const Tree& tree : world.trees) {
    if (tree.present[date] && tree.kind != TreeKind::kShrub)
      raster.fill(Cover::kTrees, octagon(tree.at, tree.radius), tree.radius);
  }
  raster.hide_ground();
  return raster.cells();
}

}  // namespace

Maps draw_maps(const World& world, const std::vector<uint8_t>& mask, const std::vector<uint8_t>& gone, int size,
               int cells, const Dates<Vec2>& shift, const Dates<Vec2>& lean) {
  Maps maps;
  maps.cells = cells;
  for (int date = 0; date < 2; ++date) maps.cover[date] = cover_at(world, date, size, cells, shift[date], lean[date]);
  maps.change.assign(kChangeCovers * area(cells), 0.0f);
  const int pixels = size / cells;
  const float share = 1.0f / static_cast<float>(pixels * pixels);
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) {
      const size_t at = static_cast<size_t>(y) * static_cast<size_t>(size) + static_cast<size_t>(x);
      if (mask[at] == 0) continue;
      const size_t channel = (mask[at] == kMaskBuilding ? 0u : 2u) + (gone[at] != 0 ? 1u : 0u);
      maps.change[channel * area(cells) + static_cast<size_t>(y / pixels * cells + x / pixels)] += share;
    }
  }
  return maps;
}

Maps turned(Maps maps) {
  std::swap(maps.cover[0], maps.cover[1]);
  const auto plane = static_cast<std::ptrdiff_t>(area(maps.cells));
  for (std::ptrdiff_t pair = 0; pair < kChangeCovers / 2; ++pair) {
    const auto came = maps.change.begin() + 2 * pair * plane;
    std::swap_ranges(came, came + plane, came + plane);
  }
  return maps;
}

}  // namespace ccx::scenes
