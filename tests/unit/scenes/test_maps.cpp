// Maps of cover and change: the dense targets that a pair carries for training.
#include <algorithm>
#include <numeric>

#include "core/base/error.h"
#include "core/scenes/scenes.h"
#include "tests/support/catch.h"

using namespace ccx;
using namespace ccx::scenes;

namespace {

constexpr int kCells = 16;
constexpr size_t kArea = kCells * kCells;

SceneOptions with_maps() {
  SceneOptions options;
  options.map_cells = kCells;
  return options;
}

double sum(const std::vector<float>& values, size_t channel) {
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(channel * kArea);
  return std::accumulate(begin, begin + kArea, 0.0);
}

}  // namespace

TEST_CASE("maps are asked for, and asking changes nothing else of a pair") {
  const Pair plain = generate(5);
  const Pair mapped = generate(5, with_maps());
  CHECK_FALSE(plain.maps.has_value());
  REQUIRE(mapped.maps.has_value());
  CHECK(plain.before.rgb == mapped.before.rgb);
  CHECK(plain.after.rgb == mapped.after.rgb);
  CHECK(plain.sentences == mapped.sentences);
  SceneOptions uneven;
  uneven.map_cells = 15;
  CHECK_THROWS_AS(generate(5, uneven), UsageError);
}

TEST_CASE("the change map is the mask, cell by cell and told apart by kind and direction") {
  int came = 0, gone = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const Pair pair = generate(seed, with_maps());
    CAPTURE(seed);
    const std::vector<float>& change = pair.maps->change;
    REQUIRE(change.size() == kChangeCovers * kArea);
    double buildings = 0, others = 0;
    for (const uint8_t value : pair.mask) {
      buildings += value == kMaskBuilding;
      others += value == kMaskOther;
    }
    // A cell's share times its 256 pixels counts them again; sums of a few thousand multiples of 1/256 are exact.
    CHECK((sum(change, 0) + sum(change, 1)) * 256 == buildings);
    CHECK((sum(change, 2) + sum(change, 3)) * 256 == others);
    bool added = false, removed = false;
    for (const describe::Change& c : pair.facts.changes) (c.added ? added : removed) = true;
    CHECK((sum(change, 0) + sum(change, 2) > 0) == added);
    CHECK((sum(change, 1) + sum(change, 3) > 0) == removed);
    came += added;
    gone += removed;
  }
  CHECK(came > 5);
  CHECK(gone > 3);
}

TEST_CASE("a building that came covers the ground after and not before") {
  int checked = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const Maps maps = *generate(seed, with_maps()).maps;
    CAPTURE(seed);
    for (const std::vector<float>& cover : maps.cover) {
      REQUIRE(cover.size() == kCovers * kArea);
      CHECK(std::all_of(cover.begin(), cover.end(), [](float share) { return share >= 0.0f && share <= 1.0001f; }));
    }
    for (size_t cell = 0; cell < kArea; ++cell) {
      if (maps.change[cell] < 0.9f) continue;
      ++checked;
      CHECK(maps.cover[1][cell] > 0.8f);
      CHECK(maps.cover[0][cell] < 0.3f);
    }
  }
  CHECK(checked > 20);
}

TEST_CASE("bare ground is what earth covers and nothing hides") {
  World world;
  world.extent = 256.0f;
  world.base = {Ground::kBare, Ground::kMeadow};
  const float end = world.extent + 8.0f;  // the left half
  world.patches.push_back({{{-8, -8}, {128, -8}, {128, end}, {-8, end}}, {Ground::kMeadow, Ground::kGravel}});
  Building house;
  house.footprint = {{{0, 0}, {64, 0}, {64, 64}, {0, 64}}};
  house.present = {false, true};
  world.buildings.push_back(house);
  const std::vector<uint8_t> nothing(256 * 256, 0);
  const Maps maps = draw_maps(world, nothing, nothing, 256, 4, {Vec2{0, 0}, Vec2{0, 0}}, {Vec2{0, 0}, Vec2{0, 0}});
  for (size_t cell = 0; cell < 16; ++cell) {
    const bool left = cell % 4 < 2;
    const size_t bare = 3 * 16 + cell;
    CHECK(maps.cover[0][bare] == Approx(left ? 0.0f : 1.0f).margin(1e-5));
    CHECK(maps.cover[1][bare] == Approx(left && cell != 0 ? 1.0f : 0.0f).margin(1e-5));
  }
}

TEST_CASE("a turned pair has its maps turned, and turning twice is nothing") {
  for (const uint64_t seed : {1, 2, 3, 4, 5, 6}) {
    const Pair pair = generate(seed, with_maps());
    const Pair back = turned(pair);
    CHECK(back.maps->cover[0] == pair.maps->cover[1]);
    CHECK(back.maps->cover[1] == pair.maps->cover[0]);
    for (const size_t channel : {0, 2}) {
      CHECK(sum(back.maps->change, channel) == sum(pair.maps->change, channel + 1));
      CHECK(sum(back.maps->change, channel + 1) == sum(pair.maps->change, channel));
    }
    const Pair again = turned(back);
    CHECK(again.maps->change == pair.maps->change);
    CHECK(again.gone == pair.gone);
    CHECK(again.before.rgb == pair.before.rgb);
  }
}
