// Where pictures lie when their files do not say it themselves: world files, side files, control points, RPC.
#include <functional>

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

const std::string kHere = "0.5\n0\n0\n-0.5\n500000.25\n3299999.75\n";
const std::string kEast = "0.5\n0\n0\n-0.5\n500008.25\n3299999.75\n";  // 16 pixels
const std::string kFar = "0.5\n0\n0\n-0.5\n700000.25\n3499999.75\n";

test::RasterSpec placed(std::array<double, 6> to_ground, int epsg, int houses = 2) {
  test::RasterSpec spec = test::scene_raster(GDT_Byte, 1, houses);
  spec.to_ground = to_ground;
  spec.epsg = epsg;
  return spec;
}

// Adds to a written raster.
void change(const std::filesystem::path& path, const std::function<void(GDALDataset&)>& step) {
  test::change_raster(path, step);
}

}  // namespace

TEST_CASE("a PNG or JPEG with a world file or an .aux.xml is where that says, and keeps its pixels") {
  const test::TempDir dir;
  const image::Image before = test::scene_image(64, 2), after = test::scene_image(64, 6);
  test::write_png(dir / "a.png", before);
  test::write_png(dir / "b.png", after);
  const auto worlds = [&](const std::string& extension, const std::string& a, const std::string& b) {
    test::write_file(dir / ("a" + extension), a);
    test::write_file(dir / ("b" + extension), b);
  };
  for (const std::string extension : {".pgw", ".pngw", ".wld", ".PGW"}) {
    CAPTURE(extension);
    worlds(extension, kHere, kFar);
    CHECK_THROWS_AS(read(dir / "a.png", dir / "b.png"), image::DifferentPlace);
    worlds(extension, kHere, kHere);
    const ReadPair same = read(dir / "a.png", dir / "b.png");
    CHECK(same.before.image == before);
    CHECK(same.after.image == after);
    CHECK(codes(same).empty());
    worlds(extension, kHere, kEast);
    const ReadPair cropped = read(dir / "a.png", dir / "b.png");
    REQUIRE(cropped.before.info.window);
    CHECK(*cropped.before.info.window == image::Window{16, 0, 48, 64});
    CHECK(std::equal(cropped.before.image.row(3), cropped.before.image.row(3) + 48 * 3, before.pixel(16, 3)));
    for (const char* name : {"a", "b"}) std::filesystem::remove(dir / (name + extension));
  }
  // Pixels of no place.
  worlds(".pgw", "1\n0\n0\n-1\n0\n0\n", "1\n0\n0\n-1\n0.5\n-0.5\n");
  CHECK_FALSE(read(dir / "a.png", dir / "b.png").aligned);
  for (const char* name : {"a.pgw", "b.pgw"}) std::filesystem::remove(dir / name);
  const auto aux = [&](const std::string& name, const std::string& epsg, const std::string& origin) {
    test::write_file(
        dir / name, "<PAMDataset><SRS>EPSG:" + epsg + "</SRS><GeoTransform>" + origin + "</GeoTransform></PAMDataset>");
  };
  aux("a.png.aux.xml", "32614", "500000,0.5,0,3300000,0,-0.5");
  aux("b.png.aux.xml", "32615", "700000,0.5,0,3500000,0,-0.5");
  CHECK_THROWS_AS(read(dir / "a.png", dir / "b.png"), image::DifferentPlace);
  test::RasterSpec jpeg = test::scene_raster(GDT_Byte, 1, 2);
  jpeg.driver = "JPEG";
  test::write_raster(dir / "a.jpg", jpeg);
  test::write_raster(dir / "b.jpg", jpeg);
  test::write_file(dir / "a.jgw", kHere);
  test::write_file(dir / "b.jgw", kFar);
  CHECK_THROWS_AS(read(dir / "a.jpg", dir / "b.jpg"), image::DifferentPlace);
  // A TIFF that says nothing itself.
  test::write_raster(dir / "a.tif", test::scene_raster(GDT_Byte, 1, 2));
  test::write_raster(dir / "b.tif", test::scene_raster(GDT_Byte, 1, 6));
  test::write_file(dir / "a.tfw", kHere);
  test::write_file(dir / "b.tfw", kFar);
  CHECK_THROWS_AS(read(dir / "a.tif", dir / "b.tif"), image::DifferentPlace);
}

TEST_CASE("a .prj names the system of a world file, and without one numbers that do not meet are told") {
  const test::TempDir dir;
  test::write_png(dir / "a.png", test::scene_image(64, 2));
  test::write_file(dir / "a.pgw", kHere);
  test::write_raster(dir / "b.tif", placed({700000, 0.5, 0, 3500000, 0, -0.5}, 32614, 6));
  CHECK(codes(read(dir / "a.png", dir / "b.tif")) == std::vector<std::string>{"unaligned"});
  OGRSpatialReference system;
  system.importFromEPSG(32614);
  char* text = nullptr;
  system.exportToWkt(&text);
  test::write_file(dir / "a.prj", text);
  CPLFree(text);
  CHECK_THROWS_AS(read(dir / "a.png", dir / "b.tif"), image::DifferentPlace);
  // One that was cut names none, and the picture is read all the same.
  test::write_file(dir / "a.prj", "PROJCS[\"x\"]");
  CHECK(codes(read(dir / "a.png", dir / "b.tif")) == std::vector<std::string>{"unaligned"});
  // Degrees beside metres, both unnamed.
  test::write_png(dir / "c.png", test::scene_image(64, 6));
  test::write_file(dir / "c.pgw", "0.000005\n0\n0\n-0.000005\n-99\n29.83\n");
  std::filesystem::remove(dir / "a.prj");
  CHECK(codes(read(dir / "a.png", dir / "c.png")) == std::vector<std::string>{"unaligned"});
}

TEST_CASE("a mask beside a PNG says where it has no data") {
  const test::TempDir dir;
  const image::Image before = test::scene_image(64, 2);
  test::write_png(dir / "a.png", before);
  test::write_png(dir / "b.png", test::scene_image(64, 6));
  test::RasterSpec mask = test::scene_raster();
  mask.bands = 1;
  mask.value = [](int x, int, int) { return x < 16 ? 0 : 255; };
  test::write_raster(dir / "b.png.msk", mask);
  // What GDAL writes: a TIFF that says to be the mask of all bands.
  change(dir / "b.png.msk", [](GDALDataset& dataset) { dataset.SetMetadataItem("INTERNAL_MASK_FLAGS_1", "2"); });
  const ReadPair pair = read(dir / "a.png", dir / "b.png");
  CHECK(pair.after.info.nodata == 0.25);
  CHECK(codes(pair) == std::vector<std::string>{"nodata"});
  CHECK(std::equal(pair.before.image.pixel(20, 9), pair.before.image.pixel(64, 9), before.pixel(20, 9)));
  CHECK(std::equal(pair.before.image.pixel(2, 9), pair.before.image.pixel(3, 9), pair.after.image.pixel(2, 9)));
}

TEST_CASE("ground control points and RPC tell different places, and never that two are the same by themselves") {
  const test::TempDir dir;
  const auto points = [&](const std::string& name, double x, double y, double bend, int houses) {
    test::write_raster(dir / name, test::scene_raster(GDT_Byte, 1, houses));
    change(dir / name, [&](GDALDataset& dataset) {
      std::vector<GDAL_GCP> gcps(9);
      for (int i = 0; i < 9; ++i) {
        GDALInitGCPs(1, &gcps[static_cast<std::size_t>(i)]);
        GDAL_GCP& gcp = gcps[static_cast<std::size_t>(i)];
        gcp.dfGCPPixel = i % 3 * 32;
        gcp.dfGCPLine = i / 3 * 32;  // NOLINT(bugprone-integer-division)
        gcp.dfGCPX = x + 0.5 * gcp.dfGCPPixel + (i == 4 ? bend : 0);
        gcp.dfGCPY = y - 0.5 * gcp.dfGCPLine;
      }
      OGRSpatialReference system;
      system.importFromEPSG(32614);
      dataset.SetGCPs(9, gcps.data(), &system);
      GDALDeinitGCPs(9, gcps.data());
    });
  };
  points("a.tif", 500000, 3300000, 0, 2);
  points("b.tif", 700000, 3500000, 0, 6);
  CHECK_THROWS_AS(read(dir / "a.tif", dir / "b.tif"), image::DifferentPlace);
  points("b.tif", 500000, 3300000, 0, 6);
  CHECK(codes(read(dir / "a.tif", dir / "b.tif")).empty());
  points("b.tif", 500008, 3300000, 0, 6);
  CHECK(read(dir / "a.tif", dir / "b.tif").before.info.window == image::Window{16, 0, 48, 64});
  points("b.tif", 500008, 3300000, 4, 6);  // no plane meets them
  CHECK(codes(read(dir / "a.tif", dir / "b.tif")) == std::vector<std::string>{"unaligned"});
  points("b.tif", 700000, 3500000, 4, 6);
  CHECK_THROWS_AS(read(dir / "a.tif", dir / "b.tif"), image::DifferentPlace);
  const auto rpc = [&](const std::string& name, const char* longitude, int houses) {
    test::write_raster(dir / name, test::scene_raster(GDT_Byte, 1, houses));
    change(dir / name, [&](GDALDataset& dataset) {
      CPLStringList items;
      for (const char* item : {"LINE_OFF", "SAMP_OFF", "HEIGHT_OFF", "LINE_SCALE", "SAMP_SCALE", "HEIGHT_SCALE"}) {
        items.SetNameValue(item, "32");
      }
      items.SetNameValue("LAT_OFF", "50");
      items.SetNameValue("LONG_OFF", longitude);
      items.SetNameValue("LAT_SCALE", "0.05");
      items.SetNameValue("LONG_SCALE", "0.05");
      for (const char* item : {"LINE_NUM_COEFF", "LINE_DEN_COEFF", "SAMP_NUM_COEFF", "SAMP_DEN_COEFF"}) {
        items.SetNameValue(item, "1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0");
      }
      dataset.SetMetadata(items.List(), "RPC");
    });
  };
  rpc("a.tif", "10", 2);
  rpc("b.tif", "12", 6);
  CHECK_THROWS_AS(read(dir / "a.tif", dir / "b.tif"), image::DifferentPlace);
  rpc("b.tif", "10.01", 6);
  CHECK(codes(read(dir / "a.tif", dir / "b.tif")) == std::vector<std::string>{"unaligned"});
}

TEST_CASE("one place in degrees of another turn about the date line is one place") {
  const test::TempDir dir;
  test::write_raster(dir / "a.tif", placed({179.98, 0.001, 0, 10, 0, -0.001}, 4326));
  test::write_raster(dir / "b.tif", placed({-180.02, 0.001, 0, 10, 0, -0.001}, 4326, 6));
  CHECK_FALSE(read(dir / "a.tif", dir / "b.tif").aligned);
  test::write_raster(dir / "b.tif", placed({-170.02, 0.001, 0, 10, 0, -0.001}, 4326, 6));
  CHECK_THROWS_AS(read(dir / "a.tif", dir / "b.tif"), image::DifferentPlace);
}
