// Areas of one extreme value that no tag calls empty: missing data in deep files, a warning in 8 bits, and what only
// looks like one.
#include <algorithm>
#include <cmath>

#include "core/image/read_pair.h"
#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/support/rasters.h"
#include "tests/support/warnings.h"

using namespace ccx;
using image::ReadPair;
using test::codes;

namespace {

ReadPair read(const std::filesystem::path& before, const std::filesystem::path& after) {
  return image::read_pair({before.string()}, {after.string()}, {}, 0);
}

// A drawn place whose pixels in `area` all are `value`.
test::RasterSpec filled(GDALDataType type, double factor, double value, const std::function<bool(int, int)>& area) {
  test::RasterSpec spec = test::scene_raster(type, factor, 2);
  const auto plain = spec.value;
  spec.value = [=](int x, int y, int band) { return area(x, y) ? value : plain(x, y, band); };
  return spec;
}

bool right_half(int x, int) {
  return x >= 32;
}

}  // namespace

TEST_CASE("large areas of one extreme value without a tag are missing data in files of more than 8 bits") {
  const test::TempDir dir;
  struct Kind {
    std::string name;
    GDALDataType type;
    double factor, value;
  };
  for (const Kind& kind : std::vector<Kind>{{"0", GDT_UInt16, 20, 0},
                                            {"65535", GDT_UInt16, 20, 65535},
                                            {"11 bits", GDT_UInt16, 8, 0},
                                            {"photograph", GDT_UInt16, 257, 0},
                                            {"white photograph", GDT_UInt16, 257, 65535},
                                            {"signed", GDT_Int16, 20, 0},
                                            {"signed largest", GDT_Int16, 20, 32767},
                                            {"32 bits", GDT_UInt32, 20, 0},
                                            {"float", GDT_Float32, 1.0 / 255, 0},
                                            {"largest value", GDT_UInt16, 8, 4095},
                                            {"float huge", GDT_Float32, 1.0 / 255, 1e20}}) {
    CAPTURE(kind.name);
    test::write_raster(dir / "a.tif", test::scene_raster(kind.type, kind.factor, 2));
    test::write_raster(dir / "b.tif", filled(kind.type, kind.factor, kind.value, right_half));
    const ReadPair pair = read(dir / "a.tif", dir / "b.tif");
    CHECK(codes(pair) == std::vector<std::string>{"nodata"});
    CHECK(pair.before.info.nodata == 0);
    CHECK(pair.after.info.nodata == 0.5);
    REQUIRE(pair.after.info.levels);
    CHECK(std::abs(pair.after.info.levels->high / pair.before.info.levels->high - 1) < 0.05);
    CHECK(std::equal(pair.before.image.pixel(40, 9), pair.before.image.pixel(63, 9), pair.after.image.pixel(40, 9)));
  }
  // A 0 amid values of both signs is no clipping, whatever lies beside it.
  test::RasterSpec about_zero = test::scene_raster(GDT_Int16, 20, 2);
  const auto plain = about_zero.value;
  about_zero.value = [plain](int x, int y, int band) { return plain(x, y, band) - 1600; };
  test::write_raster(dir / "a.tif", about_zero);
  about_zero.value = [plain](int x, int y, int band) { return x < 32 ? plain(x, y, band) - 1600 : 0; };
  test::write_raster(dir / "b.tif", about_zero);
  CHECK(read(dir / "a.tif", dir / "b.tif").after.info.nodata == 0.5);
  test::write_raster(dir / "a.tif", test::scene_raster(GDT_UInt16, 20, 2));
  // Corners of a turned swath, and holes where clouds were cut out.
  test::write_raster(dir / "b.tif", filled(GDT_UInt16, 20, 0, [](int x, int y) { return x + y < 30 || x + y > 100; }));
  CHECK(read(dir / "a.tif", dir / "b.tif").after.info.nodata > 0.1);
  test::write_raster(dir / "b.tif",
                     filled(GDT_UInt16, 20, 0, [](int x, int y) { return x > 20 && x < 40 && y > 20 && y < 40; }));
  CHECK(read(dir / "a.tif", dir / "b.tif").after.info.nodata > 0.05);
}

TEST_CASE("the end of the range amid a picture of far fewer bits is no data, and never darkens the rest") {
  const test::TempDir dir;
  test::write_raster(dir / "a.tif", test::scene_raster(GDT_UInt16, 8, 2));
  const auto is_inside = [](int x, int y) { return x > 20 && x < 40 && y > 20 && y < 40; };
  const auto is_scattered = [](int x, int y) { return x % 5 == 0 && y % 5 == 0; };
  for (const auto& [type, value] : {std::pair{GDT_UInt16, 65535.0}, std::pair{GDT_Int16, 32767.0}}) {
    test::write_raster(dir / "b.tif", filled(type, 8, value, is_inside));
    const ReadPair pair = read(dir / "a.tif", dir / "b.tif");
    CHECK(codes(pair) == std::vector<std::string>{"nodata"});
    CHECK(pair.after.info.nodata > 0.08);
    CHECK(pair.after.info.levels->high < 2048);
    // Single pixels are shown as white.
    test::write_raster(dir / "b.tif", filled(type, 8, value, is_scattered));
    const auto scattered = image::read_picture(dir / "b.tif");
    CHECK(scattered.info.nodata == 0);
    CHECK(scattered.info.levels->high < 2048);
    CHECK(scattered.image.pixel(5, 5)[0] == 255);
  }
  // A photograph of 16 bits whose lights are blown out keeps its range.
  test::RasterSpec photograph = test::scene_raster(GDT_UInt16, 256.5, 2);
  const auto plain = photograph.value;
  photograph.value = [=](int x, int y, int band) { return is_inside(x, y) ? 65535 : plain(x, y, band); };
  test::write_raster(dir / "b.tif", photograph);
  CHECK(image::read_picture(dir / "b.tif").info.levels->high == 65535);
}

TEST_CASE("dark water, saturated snow and scattered shadows of deep files are no missing data") {
  const test::TempDir dir;
  test::write_raster(dir / "a.tif", test::scene_raster(GDT_UInt16, 20, 2));
  // A shore that fades into exact zeros, and snow that fades into white.
  for (const auto& [factor, from, to] : std::vector<std::array<double, 3>>{{20, 0, 1}, {257, 1, 0}}) {
    CAPTURE(factor);
    test::RasterSpec spec = test::scene_raster(GDT_UInt16, factor, 2);
    const auto plain = spec.value;
    spec.value = [plain, factor = factor, dark = from == 0](int x, int y, int band) {
      const double light = std::clamp((44.0 - x) / 20, 0.0, 1.0);
      return dark ? plain(x, y, band) * light : plain(x, y, band) * light + 255 * factor * (1 - light);
    };
    static_cast<void>(to);
    test::write_raster(dir / "b.tif", spec);
    CHECK(image::read_picture(dir / "b.tif").info.nodata == 0);
  }
  test::write_raster(dir / "b.tif", filled(GDT_UInt16, 20, 0, [](int x, int y) { return x % 4 == 0 && y % 4 == 0; }));
  CHECK(image::read_picture(dir / "b.tif").info.nodata == 0);
}

TEST_CASE("8-bit pictures keep their pixels, and a black or white area of one date alone is told") {
  const test::TempDir dir;
  const image::Image before = test::scene_image(64, 2);
  test::write_png(dir / "a.png", before);
  for (const int value : {0, 255}) {
    CAPTURE(value);
    image::Image after = test::scene_image(64, 2);
    for (int y = 0; y < 64; ++y) std::fill(after.pixel(40, y), after.pixel(40, y) + 24 * 3, value);
    test::write_png(dir / "b.png", after);
    const ReadPair pair = read(dir / "a.png", dir / "b.png");
    CHECK(codes(pair) == std::vector<std::string>{"nodata"});
    CHECK_THAT(pair.warnings[0].message, test::contains("of the after image is pure"));
    CHECK(pair.after.image == after);
    // Both dates have it: nothing that could be told as a change.
    test::write_png(dir / "c.png", after);
    image::Image other = test::scene_image(64, 6);
    for (int y = 0; y < 64; ++y) std::fill(other.pixel(40, y), other.pixel(40, y) + 24 * 3, value);
    test::write_png(dir / "b.png", other);
    CHECK(codes(read(dir / "c.png", dir / "b.png")).empty());
  }
  // Water that is black in the middle and fades to its shores.
  image::Image lake = before;
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) {
      const double light = std::clamp((44.0 - x) / 20, 0.0, 1.0);
      for (int c = 0; c < 3; ++c) lake.pixel(x, y)[c] = static_cast<uint8_t>(lake.pixel(x, y)[c] * light);
    }
  }
  test::write_png(dir / "b.png", lake);
  CHECK(codes(read(dir / "a.png", dir / "b.png")).empty());
}

TEST_CASE("blank corners and strips that lossy compression has left ringing about are told") {
  const test::TempDir dir;
  const auto write = [&](const std::string& name, const char* driver, std::vector<std::string> options,
                         const std::function<double(int, int, int)>& value) {
    test::RasterSpec spec = test::scene_raster(GDT_Byte, 1, 2);
    spec.width = spec.height = 128;
    spec.driver = driver;
    spec.options = std::move(options);
    const auto plain = spec.value;
    spec.value = [=](int x, int y, int band) {
      const double filled = value(x, y, band);
      return filled < 0 ? plain(x, y, band) : filled;
    };
    test::write_raster(dir / name, spec);
    return dir / name;
  };
  const auto nothing = [](int, int, int) { return -1.0; };
  for (const double colour : {0.0, 255.0}) {
    const auto corner = [=](int x, int y, int) { return x + 1.3 * y < 68 ? colour : -1; };
    const auto strip = [=](int, int y, int) { return y < 21 ? colour : -1; };
    const auto turned = [=](int x, int y, int) {
      return x + 4 * y < 128 || 4 * x - y < 48 || 127 - x + 4 * (127 - y) < 128 ? colour : -1;
    };
    for (const char* quality : {"QUALITY=75", "QUALITY=85", "QUALITY=92"}) {
      CAPTURE(colour, quality);
      const auto a = write("a.jpg", "JPEG", {quality}, nothing);
      for (const auto& area : std::vector<std::function<double(int, int, int)>>{corner, strip, turned}) {
        const ReadPair pair = read(a, write("b.jpg", "JPEG", {quality}, area));
        REQUIRE(codes(pair) == std::vector<std::string>{"nodata"});
        CHECK_THAT(pair.warnings[0].message, test::contains(colour == 0 ? "pure black" : "pure white"));
      }
    }
  }
  // Shadows and roofs are ragged, and dark water fades: no filling is.
  const auto a = write("a.jpg", "JPEG", {"QUALITY=85"}, nothing);
  const auto ragged = [](int x, int y, int) { return x < 80 && (x * 7 + y * 13) % 5 < 3 ? 2.0 : -1; };
  CHECK(codes(read(a, write("b.jpg", "JPEG", {"QUALITY=85"}, ragged))).empty());
  const auto shore = [](int x, int y, int) { return y < 80 ? std::max(0.0, 0.8 * (x - 48)) : -1; };
  CHECK(codes(read(a, write("b.jpg", "JPEG", {"QUALITY=85"}, shore))).empty());
}
