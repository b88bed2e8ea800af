#include "core/records/found_changes.h"

#include "tests/support/catch.h"

using namespace ccx;
using namespace ccx::records;

namespace {

// A map of 8 x 8 cells whose left half is a building that was built.
engine::Caption left_half_built() {
  engine::Caption caption;
  caption.change_map.height = caption.change_map.width = 8;
  caption.change_map.p.assign(ccx::kChangeKindCount * 64, 0.0F);
  for (std::size_t y = 0; y < 8; ++y) {
    for (std::size_t x = 0; x < 8; ++x) {
      const bool built = x < 4;
      caption.change_map.p[(built ? 1 : 0) * 64 + y * 8 + x] = 1;
    }
  }
  return caption;
}

Reading reading(int width, int height) {
  Reading out;
  out.after.width = width;
  out.after.height = height;
  out.before.width = 10;
  out.before.height = 10;
  return out;
}

}  // namespace

TEST_CASE("places and masks are counted in the pixels of the after picture") {
  const MaskGrid grid = mask_grid(reading(64, 32));
  const auto places = found_places(left_half_built(), grid);
  REQUIRE(places.size() == 1);
  CHECK(places[0].kind == ccx::ChangeKind::kBuildingBuilt);
  CHECK(places[0].box == std::array{0, 0, 32, 32});
  CHECK(places[0].area == 0.5);
  const change::KindMask mask = found_mask(left_half_built(), grid);
  CHECK(mask.width == 64);
  CHECK(mask.kinds[31] == 1);
  CHECK(mask.kinds[32] == 0);
  CHECK(mask.kinds[31 * 64] == 1);
}

TEST_CASE("places of a huge picture are found on a small grid and told in its own pixels") {
  const auto places = found_places(left_half_built(), mask_grid(reading(40000, 20000)));
  REQUIRE(places.size() == 1);
  CHECK(places[0].box == std::array{0, 0, 20000, 20000});  // half of a side: exact on any even grid
}

TEST_CASE("what the model did not see of a picture has not changed") {
  Reading cropped = reading(100, 80);
  cropped.after.window = image::Window{20, 40, 80, 40};
  const MaskGrid grid = mask_grid(cropped);
  const auto places = found_places(left_half_built(), grid);
  REQUIRE(places.size() == 1);
  CHECK(places[0].box == std::array{20, 40, 40, 40});
  CHECK(places[0].area == 0.2);  // 40 x 40 of 100 x 80
  const change::KindMask mask = found_mask(left_half_built(), grid);
  CHECK(mask.kinds.size() == 8000);
  CHECK(std::count(mask.kinds.begin(), mask.kinds.end(), 1) == 1600);
  CHECK(mask.kinds[40 * 100 + 20] == 1);
  CHECK(mask.kinds[40 * 100 + 19] == 0);
}

TEST_CASE("an after picture that was warped has its changes on the grid it was brought to") {
  Reading warped = reading(100, 80);
  warped.after.warped = true;
  warped.before.window = image::Window{2, 2, 8, 8};
  const MaskGrid grid = mask_grid(warped);
  CHECK(grid.width == 10);
  CHECK(found_places(left_half_built(), grid).at(0).box == std::array{2, 2, 4, 8});
}

TEST_CASE("changes of a picture that was turned for north to be up lie as its file does") {
  Reading reading_of = reading(100, 80);
  reading_of.after.window = image::Window{20, 40, 80, 40};
  reading_of.after.turned = 2;  // mirrored: what the model saw at the left is the file's right
  const auto mirrored = found_places(left_half_built(), mask_grid(reading_of));
  REQUIRE(mirrored.size() == 1);
  CHECK(mirrored[0].box == std::array{60, 40, 40, 40});
  const change::KindMask mask = found_mask(left_half_built(), mask_grid(reading_of));
  CHECK(mask.width == 100);
  CHECK(mask.kinds[40 * 100 + 60] == 1);
  CHECK(mask.kinds[40 * 100 + 59] == 0);
  // A quarter to the right was seen: the file's bottom stood at the left.
  reading_of.after.turned = 6;
  CHECK(found_places(left_half_built(), mask_grid(reading_of)).at(0).box == std::array{20, 60, 80, 20});
  CHECK(found_mask(left_half_built(), mask_grid(reading_of)).kinds[79 * 100 + 20] == 1);
  reading_of.after.turned = 8;
  CHECK(found_places(left_half_built(), mask_grid(reading_of)).at(0).box == std::array{20, 40, 80, 20});
}

TEST_CASE("a caption that says that nothing changed has no places and an empty mask") {
  engine::Caption caption = left_half_built();
  caption.changed = false;
  CHECK(found_places(caption, mask_grid(reading(8, 8))).empty());
  CHECK(found_mask(caption, mask_grid(reading(8, 8))).kinds == std::vector<uint8_t>(64));
}
