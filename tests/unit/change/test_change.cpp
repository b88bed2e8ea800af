// Maps of changes: masks, places, run lengths, mask pictures and their scores.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/change/change_map.h"
#include "core/change/mask_png.h"
#include "core/change/mask_scores.h"
#include "core/change/places.h"
#include "core/change/rle.h"
#include "core/image/decode.h"
#include "tests/support/catch.h"

namespace ccx::change {
namespace {

using ccx::ChangeKind;

// A map that is sure of the kinds given, row by row.
ChangeMap sure_map(int width, const std::vector<int>& kinds) {
  ChangeMap map{static_cast<int>(kinds.size()) / width, width, {}};
  for (int kind = 0; kind < ccx::kChangeKindCount; ++kind) {
    for (const int cell : kinds) map.p.push_back(cell == kind ? 1.0F : 0.0F);
  }
  return map;
}

KindMask mask_of(int width, std::vector<uint8_t> kinds) {
  return {static_cast<int>(kinds.size()) / width, width, std::move(kinds)};
}

TEST_CASE("a mask has the picture's size and splits half-way between cells") {
  const KindMask mask = kind_mask(sure_map(2, {0, 1}), 8, 2);
  REQUIRE(mask.kinds.size() == 16);
  CHECK(mask.kinds == std::vector<uint8_t>{0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1});
  CHECK(kind_mask(sure_map(2, {0, 0, 0, 0}), 5, 5).kinds == std::vector<uint8_t>(25));
}

TEST_CASE("a pixel has changed where nothing is less likely than one half, and is of the likeliest kind") {
  ChangeMap map{1, 1, {0.49F, 0.1F, 0.2F, 0.05F, 0.16F, 0, 0}};
  CHECK(kind_mask(map, 1, 1).kinds == std::vector<uint8_t>{2});
  map.p[0] = 0.51F;
  CHECK(kind_mask(map, 1, 1).kinds == std::vector<uint8_t>{0});
}

TEST_CASE("maps that are not whole are refused") {
  ChangeMap map = sure_map(2, {0, 1, 0, 1});
  map.p[3] = std::nanf("");
  CHECK_THROWS_AS(kind_mask(map, 4, 4), Error);
  map.p.pop_back();
  CHECK_THROWS_AS(kind_mask(map, 4, 4), Error);
  CHECK_THROWS_AS(kind_mask(ChangeMap{}, 4, 4), Error);
}

TEST_CASE("places are connected pixels of one kind, the largest first") {
  // Two buildings that touch at a corner only are one place; another kind beside them is its own.
  const std::vector<int> kinds = {1, 1, 0, 0, 0, 0,  //
                                  0, 0, 1, 0, 3, 0,  //
                                  0, 0, 0, 0, 3, 0,  //
                                  0, 0, 0, 0, 3, 3};
  const ChangeMap map = sure_map(6, kinds);
  const KindMask mask = kind_mask(map, 6, 4);
  const std::vector<Place> found = places(mask, map);
  REQUIRE(found.size() == 2);
  CHECK(found[0].kind == ChangeKind::kRoad);
  CHECK(found[0].box == std::array<int, 4>{4, 1, 2, 3});
  CHECK(found[0].area == Approx(4.0 / 24).margin(1e-12));
  CHECK(found[0].p == Approx(1.0).margin(1e-6));
  CHECK(found[1].kind == ChangeKind::kBuildingBuilt);
  CHECK(found[1].box == std::array<int, 4>{0, 0, 3, 2});
  CHECK(found[1].area == Approx(3.0 / 24).margin(1e-12));
}

TEST_CASE("arms that meet further down are one place") {
  const std::vector<int> kinds = {4, 0, 4,  //
                                  4, 0, 4,  //
                                  4, 4, 4};
  const ChangeMap map = sure_map(3, kinds);
  const std::vector<Place> found = places(kind_mask(map, 3, 3), map);
  REQUIRE(found.size() == 1);
  CHECK(found[0].area == Approx(7.0 / 9).margin(1e-12));
}

TEST_CASE("specks are no places") {
  std::vector<int> kinds(64 * 64, 0);
  kinds[100] = 1;  // one cell of 4,096: a share of .00024
  const ChangeMap map = sure_map(64, kinds);
  CHECK(places(kind_mask(map, 64, 64), map).empty());
}

TEST_CASE("run lengths go down the columns and begin with what is not of the kind") {
  const KindMask mask = mask_of(3, {1, 0, 1,  //
                                    1, 0, 0});
  CHECK(run_lengths(mask, ChangeKind::kBuildingBuilt) == std::vector<unsigned>{0, 2, 2, 1, 1});
  CHECK(run_lengths(mask, ChangeKind::kRoad) == std::vector<unsigned>{6});
}

// The inverse, written from COCO's description of the format.
std::vector<unsigned> decoded(const std::string& counts) {
  std::vector<unsigned> out;
  for (std::size_t at = 0; at < counts.size();) {
    int64_t value = 0;
    int shift = 0;
    bool more = true;
    while (more) {
      const int digit = counts[at++] - 48;
      value |= static_cast<int64_t>(digit & 0x1F) << shift;
      more = (digit & 0x20) != 0;
      shift += 5;
      if (!more && (digit & 0x10) != 0) value |= -(int64_t{1} << shift);
    }
    if (out.size() > 2) value += out[out.size() - 2];
    out.push_back(static_cast<unsigned>(value));
  }
  return out;
}

TEST_CASE("COCO's counts come back as they went") {
  const std::vector<std::vector<unsigned>> cases = {
      {0, 2, 2, 1, 1}, {6}, {0, 6}, {65536}, {1000, 31, 2, 70000, 15, 16, 17, 1, 100000}};
  for (const std::vector<unsigned>& lengths : cases) {
    CHECK(decoded(coco_counts(lengths)) == lengths);
  }
  CHECK(coco_counts({6}) == "6");
  CHECK(coco_counts({0, 2, 2, 1, 1}) == "022OO");  // from the third length on, the difference to two before: -1 is 'O'
}

TEST_CASE("a mask picture is an indexed PNG that reads back as written") {
  KindMask mask = mask_of(7, {});
  mask.height = 5;
  for (int i = 0; i < 35; ++i) mask.kinds.push_back(static_cast<uint8_t>(i % ccx::kChangeKindCount));
  const std::string png = mask_png(mask);
  CHECK(read_mask(png, "m.png").kinds == mask.kinds);
  // Other programs see the palette's colours.
  const image::Image shown = image::decode_image(png, "m.png");
  CHECK(shown.width == 7);
  for (int i = 0; i < 35; ++i) {
    const uint8_t* pixel = shown.pixel(i % 7, i / 7);
    CHECK(std::equal(pixel, pixel + 3, kKindColours[static_cast<std::size_t>(i) % ccx::kChangeKindCount].begin()));
  }
}

TEST_CASE("what is no mask is refused by name") {
  CHECK_THROWS_WITH(read_mask("GIF89a", "x.gif"), test::contains("x.gif"));
  CHECK_THROWS_WITH(read_mask("\xff\xd8\xff\xe0", "x.jpg"), test::contains("x.jpg is no PNG file"));
  CHECK_THROWS_WITH(read_mask("version https://git-lfs.github.com/spec/v1\noid sha256:4\nsize 9\n", "x.png"),
                    test::contains("x.png: it is a Git LFS pointer"));
  CHECK_THROWS_AS(read_mask(mask_png(mask_of(1, {1})).substr(0, 40), "cut.png"), InputError);
}

TEST_CASE("intersection over union and F1 are counted over all pixels") {
  MaskEvaluation evaluation(LabelScheme::kAuto);
  // Labels of LEVIR-MCI: 255 building, 128 road. A removed building is a building to them; trees are nothing.
  evaluation.add(mask_of(4, {1, 2, 0, 3}), "a", mask_of(4, {255, 255, 255, 128}), "la");
  evaluation.add(mask_of(4, {1, 4, 3, 0}), "b", mask_of(4, {0, 0, 0, 128}), "lb");
  const MaskScores scores = evaluation.scores();
  CHECK(scores.scheme == LabelScheme::kLevirMci);
  REQUIRE(scores.classes.size() == 3);
  CHECK(scores.classes[1].name == "road");
  CHECK(scores.classes[1].iou().value() == Approx(1.0 / 3).margin(1e-12));
  CHECK(scores.classes[1].f1().value() == Approx(0.5).margin(1e-12));
  CHECK(scores.classes[2].iou().value() == Approx(0.5).margin(1e-12));
  CHECK(scores.classes[2].f1().value() == Approx(2.0 / 3).margin(1e-12));
  CHECK(scores.classes[0].iou().value() == Approx(0.2).margin(1e-12));
  CHECK(scores.mean_iou() == Approx((0.2 + 1.0 / 3 + 0.5) / 3).margin(1e-12));
}

TEST_CASE("what label values mean is told by all of them, or asked for") {
  const auto scheme_of = [](const std::vector<uint8_t>& labels) {
    MaskEvaluation evaluation(LabelScheme::kAuto);
    for (const uint8_t label : labels) evaluation.add(mask_of(1, {0}), "m", mask_of(1, {label}), "l");
    return evaluation.scores().scheme;
  };
  CHECK(scheme_of({0, 255}) == LabelScheme::kBuilding);
  CHECK(scheme_of({0, 128}) == LabelScheme::kLevirMci);
  CHECK(scheme_of({0, 1, 4}) == LabelScheme::kKinds);
  CHECK_THROWS_WITH(scheme_of({0, 1, 2}), test::contains("--label-scheme"));
  CHECK_THROWS_WITH(scheme_of({0, 77}), test::contains("77"));
  CHECK_THROWS_AS(scheme_of({0}), InputError);
  MaskEvaluation stated(LabelScheme::kLevirMci);
  stated.add(mask_of(1, {0}), "m", mask_of(1, {7}), "odd.png");
  CHECK_THROWS_WITH(stated.scores(), test::contains("odd.png"));
}

TEST_CASE("masks and labels of two sizes are not scored") {
  MaskEvaluation evaluation(LabelScheme::kAuto);
  CHECK_THROWS_WITH(evaluation.add(mask_of(2, {0, 1}), "m.png", mask_of(1, {0}), "l.png"),
                    test::contains("m.png") && test::contains("l.png"));
  CHECK_THROWS_WITH(evaluation.add(mask_of(1, {9}), "m.png", mask_of(1, {0}), "l.png"), test::contains("9"));
}

}  // namespace
}  // namespace ccx::change
