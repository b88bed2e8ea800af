// Which bands are red, green and blue: by their names, by a sensor's numbers, by wavelengths, and when that is a guess.
#include "core/image/band_names.h"

#include <cmath>

#include "core/image/decode.h"
#include "core/image/read_pair.h"
#include "tests/support/catch.h"
#include "tests/support/rasters.h"
#include "tests/support/warnings.h"

using namespace ccx;
using image::BandChoice;
using image::BandsBy;
using Bands = std::vector<int>;
using Names = std::vector<std::string>;
using test::codes;

namespace {

BandChoice choice(const Names& names, const std::string& source = "") {
  std::vector<image::BandLabel> labels;
  for (const std::string& name : names) labels.push_back({name});
  return image::choose_bands(labels, source);
}

// The drawn place in 16 bits, its bands in the order of `colours` (0 red, 1 green, 2 blue, 3 and more something else).
test::RasterSpec ordered(const std::vector<int>& colours, const Names& names, GDALDataType type = GDT_UInt16) {
  test::RasterSpec spec = test::scene_raster(type, type == GDT_Byte ? 1 : 257);
  spec.bands = static_cast<int>(colours.size());
  spec.names = names;
  const double factor = type == GDT_Byte ? 1 : 257;
  spec.value = [colours, factor](int x, int y, int band) {
    const int colour = colours[static_cast<std::size_t>(band)];
    return (colour < 3 ? test::scene_value(x, y, colour) : 9 * colour) * factor;
  };
  return spec;
}

}  // namespace

TEST_CASE("names of bands that say which are red, green and blue choose them, whatever writes them") {
  struct Kind {
    Names names;
    Bands bands;
  };
  for (const Kind& kind : std::vector<Kind>{
           {{"Blue", "Green", "Red", "NIR"}, {3, 2, 1}},
           {{"NIR", "Red Edge", "Red", "Green", "Blue"}, {3, 4, 5}},
           {{"coastal_blue", "blue", "green_i", "green", "yellow", "red", "rededge", "nir"}, {6, 4, 2}},
           {{"Band 1 (Blue)", "Band 2 (Green)", "Band 3 (Red)", "Band 4 (NIR)"}, {3, 2, 1}},
           {{"SR_Red", "SR_Green", "SR_Blue"}, {1, 2, 3}},
           {{"bleu", "vert", "rouge", "pir"}, {3, 2, 1}},
           {{"B", "G", "R", "N"}, {3, 2, 1}},
           {{"BAND_C", "BAND_B", "BAND_G", "BAND_Y", "BAND_R", "BAND_RE", "BAND_N", "BAND_N2"}, {5, 3, 2}},
           {{"B2", "B3", "B4", "B8"}, {3, 2, 1}},
           {{"B4", "B3", "B2"}, {1, 2, 3}},
           {{"B02", "B03", "B04", "B08"}, {3, 2, 1}},
           {{"B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B8A", "B9", "B11", "B12"}, {4, 3, 2}},
           {{"B2_median", "B3_median", "B4_median", "B8_median"}, {3, 2, 1}},
           {{"S2_B2", "S2_B3", "S2_B4"}, {3, 2, 1}},
           {{"SR_B1", "SR_B2", "SR_B3"}, {3, 2, 1}},
           {{"SR_B1", "SR_B2", "SR_B3", "SR_B4", "SR_B5", "SR_B7"}, {3, 2, 1}},
           {{"SR_B1", "SR_B2", "SR_B3", "SR_B4", "SR_B5", "SR_B6", "SR_B7", "ST_B10"}, {4, 3, 2}},
           {{"SR_B1", "SR_B2", "SR_B3", "SR_B4", "SR_B5", "SR_B7", "ST_B6"}, {3, 2, 1}},
           {{"LT05_B1", "LT05_B2", "LT05_B3", "LT05_B4"}, {3, 2, 1}},
           {{"LC08_B1", "LC08_B2", "LC08_B3", "LC08_B4", "LC08_B5"}, {4, 3, 2}},
           {{"sur_refl_b01", "sur_refl_b02", "sur_refl_b03", "sur_refl_b04"}, {1, 4, 3}},
           {{"Oa04_radiance", "Oa06_radiance", "Oa08_radiance", "Oa17_radiance"}, {3, 2, 1}},
           {{"B2 (492.4 nm)", "B3 (559.8 nm)", "B4 (664.6 nm)", "B8 (832.8 nm)"}, {3, 2, 1}},
           {{"0.443 Micrometers", "0.482 Micrometers", "0.561 Micrometers", "0.655 Micrometers"}, {4, 3, 2}},
       }) {
    CAPTURE(kind.names);
    const BandChoice found = choice(kind.names);
    CHECK(found.bands == kind.bands);
    CHECK(found.doubt.empty());
  }
  // What the file or its metadata are called tells the sensor.
  const Names numbers = {"B1", "B2", "B3", "B4"};
  CHECK(choice(numbers, "LT05_L2SP_044034.tif").bands == Bands{3, 2, 1});
  CHECK(choice(numbers, "x.tif LANDSAT_8").bands == Bands{4, 3, 2});
  CHECK(choice({"Band 7", "Band 4", "Band 3", "Band 2"}, "LC09_x.tif").bands == Bands{2, 3, 4});
  // Four bands of Sentinel-2 that were counted anew.
  for (const Names& names : {Names{"Band 1", "Band 2", "Band 3", "Band 4"}, numbers}) {
    CHECK_FALSE(choice(names, "S2A_stack.tif").doubt.empty());
  }
}

TEST_CASE("names that leave it open are a doubt, those that say nothing are none") {
  CHECK(choice({"SR_B1", "SR_B2", "SR_B3", "SR_B4"}).doubt.find("Landsat 4 to 7") != std::string::npos);
  CHECK(choice({"B1", "B2", "B3"}).bands == Bands{1, 2, 3});
  CHECK(choice({"SR_B4", "SR_B3", "SR_B2"}).bands == Bands{1, 2, 3});
  CHECK(choice({"SR_B4", "SR_B3", "SR_B2"}, "LC08_x.tif").doubt.empty());
  for (const Names& names : {Names{"SR_B4", "SR_B3", "SR_B2"}, Names{"VNIR_Band3N", "VNIR_Band2", "VNIR_Band1"},
                             Names{"XS3", "XS2", "XS1"}, Names{"band 4", "band 3", "band 2"}, Names{"B1", "B2", "B3"},
                             Names{"B8", "B4", "B3"}, Names{"nir", "red", "green"}, Names{"VV", "VH", "ratio"},
                             Names{"red_2019", "green_2019", "blue_2019", "red_2020"}}) {
    CAPTURE(names);
    CHECK_FALSE(choice(names).doubt.empty());
  }
  for (const Names& names : {Names{"", "", ""}, Names{"Band 1", "Band 2", "Band 3"}, Names{"Layer_1", "Layer_2"}}) {
    CAPTURE(names);
    CHECK(choice(names).bands.empty());
    CHECK(choice(names).doubt.empty());
  }
}

TEST_CASE("a raster whose bands are called so is shown in its colours, and what was chosen is told") {
  const test::TempDir dir;
  const image::Image photograph = test::scene_image();
  test::write_raster(dir / "ee.tif", ordered({2, 1, 0, 3}, {"B2", "B3", "B4", "B8"}));
  const image::Picture named = image::read_picture(dir / "ee.tif");
  CHECK(named.image == photograph);
  CHECK(named.info.bands == Bands{3, 2, 1});
  CHECK(named.info.bands_by == BandsBy::kNames);
  // What writers of bytes call colours and alpha without being asked is less than a name.
  test::RasterSpec bytes = ordered({2, 1, 0, 3}, {"blue", "green", "red", "nir"}, GDT_Byte);
  bytes.meanings = {GCI_RedBand, GCI_GreenBand, GCI_BlueBand, GCI_AlphaBand};
  const auto colours = bytes.value;
  bytes.value = [colours](int x, int y, int band) { return band == 3 && x < 32 ? 0 : colours(x, y, band); };
  test::write_raster(dir / "bytes.tif", bytes);
  const image::Picture infrared = image::read_picture(dir / "bytes.tif");
  CHECK(infrared.image == photograph);
  CHECK(infrared.info.nodata == 0);
  CHECK_FALSE(infrared.info.bands_doubt.empty());
  test::RasterSpec envi = ordered({3, 2, 4, 1, 0, 5}, {});
  envi.driver = "ENVI";
  test::write_raster(dir / "e.dat", envi);
  std::string header = test::read_file(dir / "e.hdr");
  test::write_file(dir / "e.hdr", header + "wavelength units = Nanometers\n" +
                                      "wavelength = {443, 482, 520, 561, 655, 865}\ndefault bands = {6, 5, 4}\n");
  const image::Picture spectral = image::read_picture(dir / "e.dat");
  CHECK(spectral.info.bands == Bands{5, 4, 2});
  CHECK(spectral.info.bands_by == BandsBy::kWavelengths);
  CHECK(spectral.image == photograph);
}

TEST_CASE("bands that are a guess are a warning, unless --bands says them") {
  const test::TempDir dir;
  const auto both = [&](const test::RasterSpec& before, const test::RasterSpec& after,
                        const image::ReadOptions& options = {}) {
    test::write_raster(dir / "a.tif", before);
    test::RasterSpec later = after;
    const auto value = after.value;
    later.value = [value](int x, int y, int band) {
      return x > 50 && y > 50 ? value(y, x - 40, band) : value(x, y, band);
    };
    test::write_raster(dir / "b.tif", later);
    return codes(image::read_pair({(dir / "a.tif").string()}, {(dir / "b.tif").string()}, options, 0));
  };
  using Codes = std::vector<std::string>;
  const test::RasterSpec named = ordered({2, 1, 0, 3}, {"blue", "green", "red", "nir"});
  const test::RasterSpec unnamed = ordered({2, 1, 0, 3}, {});
  CHECK(both(named, named).empty());
  CHECK(both(unnamed, unnamed) == Codes{"bands_unclear"});
  CHECK(both(named, unnamed) == Codes{"bands_unclear"});
  image::ReadOptions asked;
  asked.bands = {3, 2, 1};
  CHECK(both(unnamed, unnamed, asked).empty());
  CHECK(both(ordered({0, 1, 2}, {}), ordered({0, 1, 2}, {})).empty());
  CHECK(both(ordered({2, 1, 0}, {"blue", "green", "red"}), ordered({2, 1, 0}, {})) == Codes{"bands_unclear"});
  CHECK(both(ordered({0, 1, 2}, {"red", "green", "blue"}), ordered({2, 1, 0}, {"blue", "green", "red"})).empty());
}

TEST_CASE("shallow brightnesses fill the byte, and 16-bit files whose 0 is white are stretched") {
  const test::TempDir dir;
  test::RasterSpec four = test::scene_raster(GDT_Byte, 1.0 / 16);
  four.bands = 1;
  four.options = {"NBITS=4"};
  test::write_raster(dir / "four.tif", four);
  const image::Picture shallow = image::read_picture(dir / "four.tif");
  for (const int y : {3, 30, 60}) {
    CHECK(shallow.image.pixel(5, y)[0] == std::lround(test::scene_value(5, y, 0) / 16) * 17);
  }
  test::RasterSpec white = test::scene_raster(GDT_UInt16, 8);
  white.bands = 1;
  white.options = {"PHOTOMETRIC=MINISWHITE"};
  test::write_raster(dir / "white.tif", white);
  const image::Picture inverted = image::read_picture(dir / "white.tif");
  CHECK(inverted.info.type == image::SampleType::kUint16);
  REQUIRE(inverted.info.levels);
  CHECK(inverted.info.levels->high < 2041);
  CHECK(inverted.image.pixel(31, 60)[0] < inverted.image.pixel(5, 60)[0]);  // the road is brighter than grass
  // ICC's L*a*b* is no red, green and blue.
  test::RasterSpec lab = test::scene_raster();
  lab.options = {"PHOTOMETRIC=ICCLAB"};
  test::write_raster(dir / "lab.tif", lab);
  try {
    image::load_image(dir / "lab.tif");
    FAIL("it was read");
  } catch (const image::DecodeError& error) {
    CHECK_THAT(error.what(), test::contains("L*a*b*") && test::contains("convert it to RGB"));
  }
}
