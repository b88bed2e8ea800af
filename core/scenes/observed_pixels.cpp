#include "core/scenes/observed_pixels.h"

#include <algorithm>
#include <utility>

#include "core/scenes/roads.h"

namespace ccx::scenes {

using describe::Place;

namespace {

uint8_t mask_value(Thing thing) {
  return thing == Thing::kNothing ? 0 : thing == Thing::kBuilding ? kMaskBuilding : kMaskOther;
}

uint8_t kind(Thing thing, bool came) {
  using Kind = ccx::ChangeKind;
  switch (thing) {
    case Thing::kNothing:
      break;
    case Thing::kTrees:
      return static_cast<uint8_t>(came ? Kind::kOther : Kind::kVegetationLost);
    case Thing::kRoad:
      return static_cast<uint8_t>(Kind::kRoad);
    case Thing::kBuilding:
      return static_cast<uint8_t>(came ? Kind::kBuildingBuilt : Kind::kBuildingRemoved);
  }
  return static_cast<uint8_t>(Kind::kNone);
}

}  // namespace

Place place_of(const Extent& e, int size) {
  Place place;
  if (e.sum <= 0.0) return place;
  const float n = static_cast<float>(size);
  const float x = static_cast<float>(e.sum_x / e.sum) / n, y = static_cast<float>(e.sum_y / e.sum) / n;
  const float wide = static_cast<float>(e.right - e.left) / n, high = static_cast<float>(e.bottom - e.top) / n;
  place.everywhere = wide > 0.68f && high > 0.68f;
  if (place.everywhere) return place;
  if (wide < 0.75f) place.horizontal = x < 0.36f ? -1 : x > 0.64f ? 1 : 0;
  if (high < 0.75f) place.vertical = y < 0.36f ? -1 : y > 0.64f ? 1 : 0;
  place.central = place.horizontal == 0 && place.vertical == 0 && wide < 0.6f && high < 0.6f;
  return place;
}

ObservedPixels::ObservedPixels(int size, float extent, const Dates<Vec2>& shift, const Dates<Vec2>& lean)
    : size_(size), shift_(shift), lean_(lean), filler_(size), zoom_(static_cast<float>(size) / extent) {
  const size_t pixels = static_cast<size_t>(size) * size;
  things_.assign(pixels, Thing::kNothing);
  for (std::vector<uint8_t>* map : {&mask_, &gone_, &kinds_, &kinds_turned_}) map->assign(pixels, 0);
}

Extent ObservedPixels::measure(const Polygon& outline, int date, float height, Thing thing) {
  const uint8_t value = mask_value(thing);
  Polygon pixels;
  for (Vec2 p : outline) pixels.push_back((p + lean_[date] * height) * zoom_ + shift_[date]);
  Extent extent;
  filler_.fill(pixels, [&](int y, int x0, int n, const float* cover) {
    const size_t start = static_cast<size_t>(y) * size_ + x0;
    uint8_t* row = &mask_[start];
    for (int i = 0; i < n; ++i) {
      if (cover[i] < 0.5f) continue;
      if (value > row[i]) {
        row[i] = value;
        gone_[start + i] = date == 0 ? 1 : 0;
      }
      show(start + i, thing, date);
      extent.sum += 1.0;
      extent.sum_x += x0 + i + 0.5;
      extent.sum_y += y + 0.5;
      extent.left = std::min(extent.left, x0 + i);
      extent.right = std::max(extent.right, x0 + i);
      extent.top = std::min(extent.top, y);
      extent.bottom = std::max(extent.bottom, y);
    }
  });
  return extent;
}

void ObservedPixels::show(size_t pixel, Thing thing, int date) {
  if (thing <= things_[pixel]) return;
  things_[pixel] = thing;
  kinds_[pixel] = kind(thing, date == 1);
  kinds_turned_[pixel] = kind(thing, date == 0);
}

void ObservedPixels::show_tree(Vec2 at, float radius, int date) {
  const Vec2 pixel = at * zoom_ + shift_[date];
  filler_.fill(blob(Rng(0), pixel, radius * zoom_, radius * zoom_, 0.0f, 0.0f),
               [&](int y, int x0, int n, const float* cover) {
                 for (int i = 0; i < n; ++i) {
                   if (cover[i] >= 0.5f) show(static_cast<size_t>(y) * size_ + x0 + i, Thing::kTrees, date);
                 }
               });
}

void ObservedPixels::give(Observation& observation) {
  observation.mask = std::move(mask_);
  observation.gone = std::move(gone_);
  observation.kinds = std::move(kinds_);
  observation.kinds_turned = std::move(kinds_turned_);
}

}  // namespace ccx::scenes
