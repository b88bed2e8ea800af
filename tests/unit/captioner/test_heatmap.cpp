// Maps of the change: colours, overlay and files.
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/captioner/heatmap.h"
#include "core/image/decode.h"
#include "tests/support/catch.h"
#include "tests/support/pairs.h"
#include "tests/support/rasters.h"

using namespace ccx;
using namespace ccx::captioner;

namespace {

double luma(const std::array<uint8_t, 3>& c) {
  return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
}

}  // namespace

TEST_CASE("the colours grow lighter from end to end") {
  double last = -1;
  for (int i = 0; i <= 20; ++i) {
    const double now = luma(heat_colour(static_cast<float>(i) / 20));
    CHECK(now > last);
    last = now;
  }
  CHECK(luma(heat_colour(0)) < 50);
  CHECK(luma(heat_colour(1)) > 200);
  CHECK(heat_colour(-1) == heat_colour(0));
  CHECK(heat_colour(2) == heat_colour(1));
}

TEST_CASE("a map or a share that is no number paints nothing") {
  const image::Image grey = image::filled_image(9, 7, 100);
  const float nan = std::nanf("");
  const float inf = INFINITY;
  for (const float bad : {nan, inf, -inf}) {
    for (std::size_t at = 0; at < 4; ++at) {
      std::vector<float> map = {0, 1, 2, 3};
      map[at] = bad;
      CHECK(overlay(grey, map, 2, 1.0F) == grey);
    }
    CHECK(overlay(grey, std::vector<float>(4, bad), 2, 1.0F) == grey);
    CHECK_NOTHROW(overlay(grey, std::vector<float>{0, 1, 2, 3}, 2, bad));
    CHECK_NOTHROW(heat_colour(bad));
  }
  CHECK(overlay(grey, std::vector<float>{-3e38F, 3e38F, 0, 0}, 2, 1.0F) == grey);
}

TEST_CASE("the overlay is strongest where the map is largest, and clear where it is least or nothing changed") {
  const image::Image grey = image::filled_image(40, 20, 100);
  const std::vector<float> map = {0, 0, 0, 8};
  const image::Image out = overlay(grey, map, 2, 1.0F);
  CHECK(out.width == 40);
  CHECK(std::memcmp(out.pixel(0, 0), grey.pixel(0, 0), 3) == 0);
  // The corner lies beyond the centre of its cell: the full value, three quarters of the colour.
  const auto colour = heat_colour(1);
  for (int c = 0; c < 3; ++c) {
    CHECK(std::abs(out.pixel(39, 19)[c] - (100 + (colour[static_cast<std::size_t>(c)] - 100) * 0.75)) <= 1);
  }
  CHECK(overlay(grey, map, 2, 0.0F) == grey);
  CHECK(overlay(grey, std::vector<float>(4, 3.0F), 2, 1.0F) == grey);
  // Only differences count: tokens of one length everywhere show nothing.
  CHECK(overlay(grey, std::vector<float>{5, 5, 5, 13}, 2, 1.0F) == out);
  CHECK_THROWS_AS(overlay(grey, map, 3, 1.0F), Error);
}

TEST_CASE("files of a map lie under the id, whatever the id is") {
  const test::TempDir dir;
  test::write_picture(dir / "after.png", 1, 30, 10);
  engine::Caption caption;
  caption.grid = 2;
  caption.saliency = {0.5F, 1, 2, 3};
  const auto file = write_heatmap(dir / "heat", {"../sub/x", "", dir / "after.png", ""}, caption);
  REQUIRE(file);
  CHECK(*file == dir / "heat/%2E./sub/x.png");
  const image::Image picture = image::load_image(*file);
  CHECK(picture.width == 30);
  CHECK(picture.height == 10);
  const std::string raw = test::read_file(dir / "heat/%2E./sub/x.npy");
  REQUIRE(raw.size() == 128 + 16);
  CHECK(raw.substr(0, 8) == std::string("\x93NUMPY\x01\x00", 8));
  CHECK(raw.find("'shape': (2, 2)") != std::string::npos);
  float values[4];
  std::memcpy(values, raw.data() + 128, sizeof values);
  CHECK(values[0] == 0.5F);
  CHECK(values[3] == 3.0F);
}

TEST_CASE("a map lies over what the model was shown: its bands, its stretch, the ground that both dates share") {
  const test::TempDir dir;
  test::RasterSpec spec = test::scene_raster(GDT_UInt16, 10);
  spec.epsg = 32633;
  spec.to_ground = {500000, 1, 0, 5000000, 0, -1};
  test::write_raster(dir / "before.tif", spec);
  spec.to_ground = {500016, 1, 0, 5000000, 0, -1};
  test::write_raster(dir / "after.tif", spec);
  engine::Caption caption;
  caption.grid = 2;
  caption.saliency = {0, 1, 2, 3};
  caption.p_change = 0;  // clear: the picture alone
  const pairs::Pair pair{"x", dir / "before.tif", dir / "after.tif", ""};
  ReadingOptions reading;
  reading.images.bands = {2};
  reading.images.stretch = image::parse_stretch("0..2550");
  const auto file = write_heatmap(dir / "heat", pair, caption, reading);
  REQUIRE(file);
  const image::Image shown = image::load_image(*file);
  CHECK(shown.width == 48);
  CHECK(shown.height == 64);
  const image::Image scene = test::scene_image();
  for (const int x : {0, 20, 47}) {
    for (int c = 0; c < 3; ++c) CHECK(shown.pixel(x, 30)[c] == scene.pixel(x, 30)[1]);
  }
}

TEST_CASE("a map that says nothing gives its values and no picture") {
  const test::TempDir dir;
  test::write_picture(dir / "after.png", 1, 30, 10);
  engine::Caption caption;
  caption.grid = 2;
  for (const std::vector<float>& map :
       {std::vector<float>{0, 0, 0, 0}, {3, 3, 3, 3}, {0, 8e-18F, 0, 2e-18F}, {0, 1, 2, std::nanf("")}}) {
    caption.saliency = map;
    CHECK(is_empty_map(map));
    CHECK_FALSE(write_heatmap(dir / "heat", {"x", "", dir / "after.png", ""}, caption));
    CHECK(std::filesystem::exists(dir / "heat/x.npy"));
    CHECK_FALSE(std::filesystem::exists(dir / "heat/x.png"));
  }
  CHECK_FALSE(is_empty_map(std::vector<float>{0, 1e-3F, 0, 0}));
}
