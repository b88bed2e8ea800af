// Two dates as a pair: what they share on the ground, and what makes them worth no trust.
#include "core/image/read_pair.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>

#include "core/image/resize.h"
#include "core/image/shift.h"
#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/support/rasters.h"
#include "tests/support/warnings.h"

using namespace ccx;
using image::Image;
using image::ReadPair;
using test::codes;

namespace {

ReadPair read(const std::filesystem::path& before, const std::filesystem::path& after, int size = 64,
              const image::ReadOptions& options = {}) {
  return image::read_pair({before.string()}, {after.string()}, options, size);
}

// A picture of `size` whose content is the drawn place, seen from (left, top).
Image part_of(int size, int left, int top, int houses = 6) {
  Image out = image::filled_image(size, size);
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) {
      for (int c = 0; c < 3; ++c) {
        out.pixel(x, y)[c] = static_cast<uint8_t>(test::scene_value(x + left, y + top, c, houses));
      }
    }
  }
  return out;
}

test::RasterSpec placed(double x, double y, int epsg = 32614, double pixel = 0.5, int houses = 6) {
  test::RasterSpec spec = test::scene_raster(GDT_Byte, 1, houses);
  spec.to_ground = {{x, pixel, 0, y, 0, -pixel}};
  spec.epsg = epsg;
  return spec;
}

// A TIFF with a page for each picture.
void write_pages(const std::filesystem::path& path, const std::vector<test::RasterSpec>& pages) {
  image::set_up_gdal();
  const std::string folder = "/vsimem/ccx-test-pages";
  VSIMkdir(folder.c_str(), 0700);
  CPLStringList options;
  for (const test::RasterSpec& page : pages) {
    GDALDataset* source = GetGDALDriverManager()->GetDriverByName("MEM")->Create("", page.width, page.height,
                                                                                 page.bands, page.type, nullptr);
    test::draw_bands(*source, page);
    GDALClose(GetGDALDriverManager()->GetDriverByName("GTiff")->CreateCopy(
        (folder + "/" + path.filename().string()).c_str(), source, FALSE, options.List(), nullptr, nullptr));
    GDALClose(source);
    options.SetNameValue("APPEND_SUBDATASET", "YES");
  }
  test::move_out_of_memory(folder, path.parent_path());
}

}  // namespace

TEST_CASE("of a file with several pages the first is shown, and that is said") {
  const test::TempDir dir;
  test::write_png(dir / "a.png", test::scene_image(64, 2));
  const test::RasterSpec page = test::scene_raster(GDT_Byte, 1, 6);
  test::RasterSpec thumbnail = page;
  thumbnail.width = thumbnail.height = 16;
  write_pages(dir / "b.tif", {page, page, thumbnail});
  const ReadPair pair = read(dir / "a.png", dir / "b.tif");
  REQUIRE(codes(pair) == std::vector<std::string>{"several_pages"});
  CHECK_THAT(pair.warnings[0].message, test::contains("the after image is the first of 2 pages"));
  write_pages(dir / "b.tif", {page, thumbnail});
  CHECK(codes(read(dir / "a.png", dir / "b.tif")).empty());
}

TEST_CASE("a collar of one colour is told, whatever the colour, and a lake of many is not") {
  const test::TempDir dir;
  test::write_png(dir / "a.png", test::scene_image(64, 2));
  const auto with = [&](const std::function<int(int, int)>& level) {
    Image after = test::scene_image(64, 6);
    for (int y = 0; y < 64; ++y) {
      for (int x = 0; x < 20; ++x) std::fill_n(after.pixel(x, y), 3, static_cast<uint8_t>(level(x, y)));
    }
    test::write_png(dir / "b.png", after);
    return read(dir / "a.png", dir / "b.png", 64);
  };
  const ReadPair collar = with([](int, int) { return 128; });
  REQUIRE(codes(collar) == std::vector<std::string>{"nodata"});
  CHECK_THAT(collar.warnings[0].message, test::contains("31.2 % of the after image is of one colour (128,128,128)"));
  CHECK(codes(with([](int x, int y) { return 126 + (x * 7 + y * 5) % 5; })).empty());
  // Where both dates have it, it hides nothing of one of them.
  std::filesystem::copy_file(dir / "b.png", dir / "c.png");
  CHECK(codes(read(dir / "b.png", dir / "c.png", 64)) == std::vector<std::string>{"same_image"});
}

TEST_CASE("an ordinary pair has no warnings and comes out as the preprocessing makes it") {
  const test::TempDir dir;
  test::write_png(dir / "a.png", test::scene_image(64, 2));
  test::write_png(dir / "b.png", test::scene_image(64, 6));
  const ReadPair pair = read(dir / "a.png", dir / "b.png", 32);
  CHECK(codes(pair).empty());
  CHECK(pair.before.image == image::resize_bicubic(test::scene_image(64, 2), 32, 32));
  CHECK(read(dir / "a.png", dir / "b.png", 0).after.image == test::scene_image(64, 6));
}

TEST_CASE("pairs that cannot be trusted say so, each by its code and no other") {
  const test::TempDir dir;
  const Image scene = test::scene_image(64, 2);
  test::write_png(dir / "a.png", scene);
  const auto with = [&](const Image& after) {
    test::write_png(dir / "b.png", after);
    return codes(read(dir / "a.png", dir / "b.png", 32));
  };
  using Codes = std::vector<std::string>;
  CHECK(with(scene) == Codes{"same_image"});
  CHECK(with(test::scene_image(48, 6)) == Codes{"size_differs"});
  CHECK(with(test::scene_image(400, 6)) == Codes{"size_differs", "much_larger_than_model"});
  Image grey = test::scene_image(64, 6);
  for (std::size_t i = 0; i < grey.rgb.size(); ++i) grey.rgb[i] = grey.rgb[i / 3 * 3 + 1];
  CHECK(with(grey) == Codes{"grey"});
  Image flat = image::filled_image(64, 64, 90);
  for (std::size_t i = 0; i < flat.rgb.size(); i += 3) flat.rgb[i] = 100;
  CHECK(with(flat) == Codes{"low_contrast"});
  // 11-bit values taken as they are: nearly black.
  test::write_raster(dir / "a.tif", test::scene_raster(GDT_UInt16, 8, 2));
  test::write_raster(dir / "b.tif", test::scene_raster(GDT_UInt16, 8, 6));
  image::ReadOptions none;
  none.stretch.kind = image::Stretch::Kind::kNone;
  CHECK(codes(read(dir / "a.tif", dir / "b.tif", 32, none)) == Codes{"low_contrast"});
  CHECK(codes(read(dir / "a.tif", dir / "b.tif", 32)).empty());
  // A constant deep picture has nothing to stretch.
  test::RasterSpec constant = test::scene_raster(GDT_UInt16, 8, 2);
  constant.value = [](int x, int, int band) { return 700 + x % 2 + band; };
  test::write_raster(dir / "b.tif", constant);
  CHECK(codes(read(dir / "a.tif", dir / "b.tif", 32)) == Codes{"low_contrast"});
}

TEST_CASE("a picture that only moved is found by how far, in its own pixels, one that changed is not") {
  const test::TempDir dir;
  const int size = 128;
  test::write_png(dir / "a.png", part_of(size, 0, 0));
  for (const auto& [x, y] : std::vector<std::pair<int, int>>{{12, 9}, {-20, 5}, {0, 14}, {7, -31}}) {
    CAPTURE(x, y);
    test::write_png(dir / "b.png", part_of(size, x, y));
    const ReadPair pair = read(dir / "a.png", dir / "b.png", 64);
    REQUIRE(codes(pair) == std::vector<std::string>{"shifted"});
    const auto shift = *pair.warnings[0].shift;
    CHECK(std::abs(shift[0] - x) <= 1);  // the grid is 128 cells, and the peak is found between them
    CHECK(std::abs(shift[1] - y) <= 1);
  }
  // Another light, noise and a few new houses do not hide it.
  Image other = part_of(size, 10, 10, 3);
  for (std::size_t i = 0; i < other.rgb.size(); ++i) {
    other.rgb[i] = static_cast<uint8_t>(40 + other.rgb[i] * 0.6 + static_cast<double>(i * 2654435761U >> 29 & 7U));
  }
  test::write_png(dir / "b.png", other);
  CHECK(codes(read(dir / "a.png", dir / "b.png", 64)) == std::vector<std::string>{"shifted"});
  test::write_png(dir / "b.png", part_of(size, 0, 0, 1));
  CHECK(codes(read(dir / "a.png", dir / "b.png", 64)).empty());
  test::write_png(dir / "b.png", part_of(size, 1, 0));
  CHECK(codes(read(dir / "a.png", dir / "b.png", 64)).empty());
  CHECK_FALSE(image::find_shift(image::filled_image(40, 40, 9), image::filled_image(60, 60, 80)));
}

TEST_CASE("dates that lie in different places are an error that names both, the same grid is left alone") {
  const test::TempDir dir;
  test::write_raster(dir / "a.tif", placed(500000, 3300000));
  test::write_raster(dir / "b.tif", placed(700000, 3500000, 32615));
  try {
    read(dir / "a.tif", dir / "b.tif");
    FAIL("it was read");
  } catch (const image::DifferentPlace& error) {
    CHECK_THAT(error.what(), test::contains("a.tif") && test::contains("b.tif") && test::contains("UTM zone 15N"));
  }
  test::write_raster(dir / "b.tif", placed(500040, 3300000));
  CHECK_THROWS_AS(read(dir / "a.tif", dir / "b.tif"), image::DifferentPlace);
  test::write_raster(dir / "b.tif", placed(500000.1, 3300000, 32614, 0.5, 3));
  const ReadPair same = read(dir / "a.tif", dir / "b.tif", 0);
  CHECK_FALSE(same.aligned);
  CHECK(codes(same).empty());
  CHECK(same.before.image.width == 64);
  // One of the two says nothing.
  test::write_raster(dir / "b.tif", test::scene_raster(GDT_Byte, 1, 2));
  CHECK_FALSE(read(dir / "a.tif", dir / "b.tif").aligned);
}

TEST_CASE("different extents are cropped to what both show") {
  const test::TempDir dir;
  test::write_raster(dir / "a.tif", placed(500000, 3300000));
  // 16 pixels further east and 8 further south, and what is seen there.
  test::RasterSpec spec = placed(500008, 3299996);
  spec.value = [](int x, int y, int band) { return test::scene_value(x + 16, y + 8, band, 2); };
  test::write_raster(dir / "b.tif", spec);
  const ReadPair pair = read(dir / "a.tif", dir / "b.tif", 0);
  CHECK(pair.aligned);
  CHECK(codes(pair).empty());
  REQUIRE(pair.before.info.window);
  CHECK(*pair.before.info.window == image::Window{16, 8, 48, 56});
  CHECK(*pair.after.info.window == image::Window{0, 0, 48, 56});
  const Image whole = test::scene_image(64, 2);
  CHECK(std::equal(pair.after.image.row(3), pair.after.image.row(3) + 48 * 3, whole.pixel(16, 11)));
}

TEST_CASE("another resolution is cropped and told, another coordinate system is warped onto the before date's grid") {
  const test::TempDir dir;
  test::write_raster(dir / "a.tif", placed(500000, 3300000));
  test::RasterSpec coarse = placed(500000, 3300000, 32614, 1.0);
  coarse.width = coarse.height = 32;
  coarse.value = [](int x, int y, int band) { return test::scene_value(2 * x, 2 * y, band, 2); };
  test::write_raster(dir / "b.tif", coarse);
  const ReadPair scaled = read(dir / "a.tif", dir / "b.tif", 64);
  CHECK(codes(scaled) == std::vector<std::string>{"scale_differs"});
  // The same ground in the neighbouring zone: turned by about two degrees there.
  OGRSpatialReference from, to;
  from.importFromEPSG(32614);
  to.importFromEPSG(32615);
  OGRCoordinateTransformation* back = OGRCreateCoordinateTransformation(&to, &from);
  double x = 500000 + 16, y = 3300000 - 16;
  OGRCoordinateTransformation* forth = OGRCreateCoordinateTransformation(&from, &to);
  REQUIRE(forth->Transform(1, &x, &y));
  test::RasterSpec zone = placed(x - 24, y + 24, 32615);
  zone.width = zone.height = 96;
  const double left = x - 24, top = y + 24;
  zone.value = [=](int column, int row, int band) {
    double east = left + (column + 0.5) * 0.5, north = top - (row + 0.5) * 0.5;
    back->Transform(1, &east, &north);
    const double c = (east - 500000) / 0.5, r = (3300000 - north) / 0.5;
    return c < 0 || r < 0 || c >= 64 || r >= 64 ? 60
                                                : test::scene_value(static_cast<int>(c), static_cast<int>(r), band, 6);
  };
  test::write_raster(dir / "b.tif", zone);
  const ReadPair warped = read(dir / "a.tif", dir / "b.tif", 0);
  OGRCoordinateTransformation::DestroyCT(back);
  OGRCoordinateTransformation::DestroyCT(forth);
  CHECK(warped.aligned);
  CHECK(warped.after.info.warped);
  CHECK(warped.after.image.width == warped.before.image.width);
  double difference = 0;
  for (std::size_t i = 0; i < warped.after.image.rgb.size(); ++i) {
    difference += std::abs(warped.after.image.rgb[i] - warped.before.image.rgb[i]);
  }
  // Resampled noise of 8 levels; unaligned roofs would make it 20 and more.
  CHECK(difference / static_cast<double>(warped.after.image.rgb.size()) < 8);
}

TEST_CASE("where one date has no data, neither shows any, and the share is told") {
  const test::TempDir dir;
  test::RasterSpec spec = test::scene_raster(GDT_Byte, 1, 2);
  spec.nodata = 0;
  test::write_raster(dir / "a.tif", spec);
  spec.value = [](int x, int y, int band) { return x < 32 ? test::scene_value(x, y, band, 2) : 0; };
  test::write_raster(dir / "b.tif", spec);
  const ReadPair pair = read(dir / "a.tif", dir / "b.tif", 64);
  CHECK(codes(pair) == std::vector<std::string>{"nodata"});
  CHECK_THAT(pair.warnings[0].message, test::contains("50.0 % of the after image"));
  CHECK(pair.after.info.nodata == 0.5);
  CHECK(std::equal(pair.before.image.pixel(40, 9), pair.before.image.pixel(63, 9), pair.after.image.pixel(40, 9)));
  CHECK(std::equal(pair.before.image.pixel(0, 9), pair.before.image.pixel(30, 9), pair.after.image.pixel(0, 9)));
}

TEST_CASE("what was filled for want of data is not told again as an area of one colour") {
  const test::TempDir dir;
  test::write_raster(dir / "a.tif", test::scene_raster(GDT_Byte, 1, 2));
  for (const GDALDataType type : {GDT_Byte, GDT_Float32}) {
    test::RasterSpec after = test::scene_raster(type, 1, 6);
    after.nodata = 0;
    after.value = [](int x, int y, int band) { return x < 16 ? 0.0 : test::scene_value(x, y, band, 6); };
    test::write_raster(dir / "b.tif", after);
    for (const int size : {32, 64}) {
      const ReadPair pair = read(dir / "a.tif", dir / "b.tif", size);
      REQUIRE(codes(pair) == std::vector<std::string>{"nodata"});
      CHECK(pair.warnings[0].message == "no data in 0.0 % of the before image and 25.0 % of the after image");
    }
  }
}

TEST_CASE("bands that lie in files of their own are one picture, coarser ones stretched to the finest") {
  const test::TempDir dir;
  for (const std::string date : {"a", "b"}) {
    for (int band = 0; band < 3; ++band) {
      test::RasterSpec spec = test::scene_raster(GDT_UInt16, 20);
      spec.bands = 1;
      if (band == 2) spec.width = spec.height = 32;
      const int houses = date == "a" ? 2 : 6;
      spec.value = [band, houses](int x, int y, int) {
        return band == 2 ? test::scene_value(2 * x, 2 * y, 2, houses) * 20 : test::scene_value(x, y, band, houses) * 20;
      };
      test::write_raster(dir / (date + "/B0" + std::to_string(4 - band) + ".tif"), spec);
    }
  }
  const auto files = [&](const std::string& date) {
    return image::PictureFiles{(dir / (date + "/B04.tif")).string(), (dir / (date + "/B03.tif")).string(),
                               (dir / (date + "/B02.tif")).string()};
  };
  const ReadPair pair = image::read_pair(files("a"), files("b"), {}, 0);
  CHECK(codes(pair).empty());
  CHECK(pair.after.image.width == 64);
  CHECK(pair.after.info.bands == std::vector<int>{1, 2, 3});
  const uint8_t* roof = pair.after.image.pixel(4, 5);
  CHECK(roof[0] > roof[1]);
  CHECK(roof[1] > roof[2]);
}
