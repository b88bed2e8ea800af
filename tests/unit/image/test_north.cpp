// Georeferenced pictures whose north is not up, and how much ground two must share.
#include "core/image/north.h"

#include "core/image/orientation.h"
#include "core/image/read_pair.h"
#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/support/rasters.h"
#include "tests/support/warnings.h"

using namespace ccx;
using image::Image;
using image::ReadPair;
using test::codes;

namespace {

using Codes = std::vector<std::string>;
using GeoTransform = std::array<double, 6>;

constexpr GeoTransform kNorthUp = {500000, 0.5, 0, 3300000, 0, -0.5};

// Where the drawn place of 64 x 64 pixels lies when its file holds it turned.
GeoTransform lying(int orientation) {
  const double west = 500000, east = 500032, north = 3300000, south = 3299968;
  switch (orientation) {
    case 2:
      return {east, -0.5, 0, north, 0, -0.5};
    case 3:
      return {east, -0.5, 0, south, 0, 0.5};
    case 4:
      return {west, 0.5, 0, south, 0, 0.5};
    case 5:
      return {west, 0, 0.5, north, -0.5, 0};
    case 6:
      return {east, 0, -0.5, north, -0.5, 0};  // NOLINT: EXIF's numbers, each by itself
    case 7:
      return {east, 0, -0.5, south, 0.5, 0};
    case 8:
      return {west, 0, 0.5, south, 0.5, 0};
    default:
      return kNorthUp;
  }
}

// The drawn place, so stored that `orientation` brings its north up.
test::RasterSpec stored(int orientation, int houses, int epsg = 32614) {
  const Image laid = image::oriented(test::scene_image(64, houses), image::undone(orientation));
  test::RasterSpec spec = test::scene_raster();
  spec.value = [laid](int x, int y, int band) { return laid.pixel(x, y)[band]; };
  spec.to_ground = lying(orientation);
  spec.epsg = epsg;
  return spec;
}

ReadPair read(const test::TempDir& dir, int size = 0) {
  return image::read_pair({(dir / "a.tif").string()}, {(dir / "b.tif").string()}, {}, size);
}

}  // namespace

TEST_CASE("what undoes an orientation gives the picture back, of any shape") {
  Image picture = image::filled_image(5, 3);
  for (std::size_t i = 0; i < picture.rgb.size(); ++i) picture.rgb[i] = static_cast<uint8_t>(i);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    CAPTURE(orientation);
    CHECK(image::oriented(image::oriented(picture, orientation), image::undone(orientation)) == picture);
  }
}

TEST_CASE("pictures that lie with north elsewhere than up are shown with north up, whichever date it is") {
  const test::TempDir dir;
  const Image before = test::scene_image(64, 2), after = test::scene_image(64, 6);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    CAPTURE(orientation);
    test::write_raster(dir / "a.tif", stored(orientation, 2));
    test::write_raster(dir / "b.tif", stored(orientation, 6));
    const ReadPair both = read(dir);
    CHECK(both.before.image == before);
    CHECK(both.after.image == after);
    CHECK(both.after.info.turned == orientation);
    CHECK(both.after.info.is_plain() == (orientation == 1));
    CHECK(codes(both).empty());
    // The after date alone is brought to the before date's grid.
    test::write_raster(dir / "a.tif", stored(1, 2));
    const ReadPair one = read(dir);
    CHECK(one.after.image == after);
    CHECK(one.after.info.turned == 1);
    test::write_raster(dir / "a.tif", stored(orientation, 2));
    test::write_raster(dir / "b.tif", stored(1, 6));
    const ReadPair other = read(dir);
    CHECK(other.before.image == before);
    CHECK(other.after.image == after);
    CHECK(other.before.info.turned == orientation);
  }
}

TEST_CASE("what is missing is turned with the picture, and a cropped part is that of the file") {
  const test::TempDir dir;
  test::RasterSpec before = stored(4, 2), after = stored(4, 6);
  after.nodata = 0;
  after.value = [draw = after.value](int x, int y, int band) { return y < 16 ? 0.0 : draw(x, y, band); };
  after.to_ground = GeoTransform{500000, 0.5, 0, 3299968 + 4, 0, 0.5};  // 8 pixels further north
  test::write_raster(dir / "a.tif", before);
  test::write_raster(dir / "b.tif", after);
  const ReadPair pair = read(dir);
  CHECK(pair.before.info.window == image::Window{0, 8, 64, 56});
  CHECK(pair.after.info.window == image::Window{0, 0, 64, 56});
  REQUIRE(pair.after.missing.size() == 64 * 56);
  CHECK(pair.after.missing.front() == 0);
  CHECK(pair.after.missing.back() == 1);
}

TEST_CASE("north that is not sure turns nothing, and is told") {
  const test::TempDir dir;
  const auto write = [&](const test::RasterSpec& before, const test::RasterSpec& after) {
    test::write_raster(dir / "a.tif", before);
    test::write_raster(dir / "b.tif", after);
    return read(dir);
  };
  // No system: the numbers may count downwards.
  const ReadPair unnamed = write(stored(4, 2, 0), stored(4, 6, 0));
  CHECK(unnamed.after.info.turned == 1);
  REQUIRE(codes(unnamed) == Codes{"turned"});
  CHECK_THAT(unnamed.warnings[0].message, test::contains("both images have north up when shown upside down"));
  // Of one date alone nothing is known about the other.
  const ReadPair one = write(stored(4, 2), test::scene_raster());
  CHECK(one.before.info.turned == 1);
  REQUIRE(codes(one) == Codes{"turned"});
  CHECK_THAT(one.warnings[0].message, test::contains("the before image has north up"));
  test::write_png(dir / "c.png", test::scene_image(64, 6));
  CHECK(codes(image::read_pair({(dir / "a.tif").string()}, {(dir / "c.png").string()}, {}, 0)) == Codes{"turned"});
  // Pixels of a larger picture, as rasterio writes them.
  test::RasterSpec tiles[] = {test::scene_raster(GDT_Byte, 1, 2), test::scene_raster(GDT_Byte, 1, 6)};
  for (test::RasterSpec& tile : tiles) tile.to_ground = GeoTransform{512, 1, 0, 1024, 0, 1};
  CHECK(codes(write(tiles[0], tiles[1])).empty());
  // A system whose numbers grow to the west and south.
  for (test::RasterSpec& tile : tiles) {
    tile.to_ground = GeoTransform{0, -0.5, 0, 3300000, 0, 0.5};
    tile.epsg = 2048;
  }
  const ReadPair southern = write(tiles[0], tiles[1]);
  CHECK(southern.before.image == test::scene_image(64, 2));
  CHECK(codes(southern).empty());
}

TEST_CASE("little ground in common is told with its share") {
  const test::TempDir dir;
  test::write_raster(dir / "a.tif", stored(1, 2));
  const auto moved = [&](double pixels, bool is_mirrored) {
    test::RasterSpec after = stored(is_mirrored ? 2 : 1, 6);
    (*after.to_ground)[0] += 0.5 * pixels;
    test::write_raster(dir / "b.tif", after);
    return read(dir);
  };
  for (const bool is_mirrored : {false, true}) {  // one is cropped, the other warped
    CAPTURE(is_mirrored);
    const ReadPair sliver = moved(60, is_mirrored);
    const Codes found = codes(sliver);
    REQUIRE(std::count(found.begin(), found.end(), "little_shared") == 1);
    CHECK_THAT(sliver.warnings.back().message, test::contains("6.2 % of the ground of the smaller one"));
    const Codes half = codes(moved(32, is_mirrored));
    CHECK(std::count(half.begin(), half.end(), "little_shared") == 0);
  }
  // A part of a scene shares all of itself.
  test::RasterSpec part = stored(1, 6);
  part.width = part.height = 16;
  test::write_raster(dir / "b.tif", part);
  const Codes inside = codes(read(dir));
  CHECK(std::count(inside.begin(), inside.end(), "little_shared") == 0);
}
