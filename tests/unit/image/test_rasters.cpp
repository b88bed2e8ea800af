// Rasters of every kind that the field writes: the same place comes out alike whatever its samples are.
#include <cmath>
#include <thread>

#include "core/image/decode.h"
#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/support/rasters.h"

using namespace ccx;
using image::Image;
using image::Picture;
using image::ReadOptions;

namespace {

ReadOptions with_stretch(const std::string& text) {
  ReadOptions options;
  options.stretch = image::parse_stretch(text);
  return options;
}

ReadOptions with_bands(std::vector<int> bands) {
  ReadOptions options;
  options.bands = std::move(bands);
  return options;
}

std::string refusal(const std::filesystem::path& path, const ReadOptions& options = {}) {
  try {
    image::load_image(path, options);
  } catch (const image::DecodeError& error) {
    return error.what();
  }
  return "it was read";
}

// The largest difference of a straight line through the two pictures' brightnesses: how far one is from being the other
// at another contrast.
double largest_residual(const Image& a, const Image& b) {
  REQUIRE(a.rgb.size() == b.rgb.size());
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  const auto inside = [&](std::size_t i) { return b.rgb[i] > 0 && b.rgb[i] < 255; };
  for (std::size_t i = 0; i < a.rgb.size(); ++i) {
    if (!inside(i)) continue;
    n += 1;
    x += a.rgb[i];
    y += b.rgb[i];
    xx += a.rgb[i] * a.rgb[i];
    xy += a.rgb[i] * b.rgb[i];
  }
  const double slope = (n * xy - x * y) / (n * xx - x * x);
  const double base = (y - slope * x) / n;
  CHECK(slope > 0.8);  // nothing gets darker or duller by a stretch
  double largest = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) {
    if (inside(i)) largest = std::max(largest, std::abs(b.rgb[i] - base - slope * a.rgb[i]));
  }
  return largest;
}

}  // namespace

TEST_CASE("a lossless raster of 8-bit RGB gives its own bytes: every container, codec and order of samples") {
  const test::TempDir dir;
  const Image expected = test::scene_image();
  struct Kind {
    std::string driver, name;
    std::vector<std::string> options;
  };
  const std::vector<Kind> kinds = {
      {"GTiff", "none.tif", {}},
      {"GTiff", "lzw.tif", {"COMPRESS=LZW", "PREDICTOR=2"}},
      {"GTiff", "deflate.tif", {"COMPRESS=DEFLATE", "TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=32"}},
      {"GTiff", "zstd.tif", {"COMPRESS=ZSTD", "INTERLEAVE=BAND"}},
      {"GTiff", "lerc.tif", {"COMPRESS=LERC"}},
      {"GTiff", "packbits.tif", {"COMPRESS=PACKBITS"}},
      {"GTiff", "lzma.tif", {"COMPRESS=LZMA"}},
      {"GTiff", "big.tif", {"BIGTIFF=YES", "ENDIANNESS=BIG"}},
      {"GTiff", "planes.tif", {"INTERLEAVE=BAND", "TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"}},
      {"GTiff", "minisblack.tif", {"PHOTOMETRIC=MINISBLACK"}},
      {"ENVI", "bsq.img", {}},
      {"ENVI", "bip.dat", {"INTERLEAVE=BIP"}},
      {"HFA", "imagine.img", {}},
      {"HFA", "squeezed.img", {"COMPRESSED=YES"}},
      {"JP2OpenJPEG", "lossless.jp2", {"QUALITY=100", "REVERSIBLE=YES", "YCC=NO"}},
      {"BMP", "windows.bmp", {}},
  };
  for (const Kind& kind : kinds) {
    CAPTURE(kind.name);
    test::RasterSpec spec = test::scene_raster();
    spec.driver = kind.driver;
    spec.options = kind.options;
    test::write_raster(dir / kind.name, spec);
    const Picture out = image::read_picture(dir / kind.name);
    CHECK(out.image == expected);
    CHECK(out.info.is_plain());
  }
}

TEST_CASE("a VRT shows its source, and COG's tiles and overviews change nothing") {
  const test::TempDir dir;
  test::write_raster(dir / "s.tif", test::scene_raster());
  std::string vrt = "<VRTDataset rasterXSize=\"64\" rasterYSize=\"64\">";
  for (const std::string band : {"1", "2", "3"}) {
    vrt += "<VRTRasterBand dataType=\"Byte\" band=\"" + band +
           "\"><SimpleSource><SourceFilename relativeToVRT=\"1\">s.tif" + "</SourceFilename><SourceBand>" + band +
           "</SourceBand></SimpleSource></VRTRasterBand>";
  }
  test::write_file(dir / "v.vrt", vrt + "</VRTDataset>");
  CHECK(image::load_image(dir / "v.vrt") == test::scene_image());
}

TEST_CASE("values of a sensor come out as the photograph that they are: 11 and 12 bits, reflectance, floats, signed") {
  const test::TempDir dir;
  const Image photograph = test::scene_image();
  struct Kind {
    std::string name;
    GDALDataType type;
    double factor;
    std::string driver = "GTiff";
    std::vector<std::string> options = {};
  };
  const std::vector<Kind> kinds = {
      {"bits11.tif", GDT_UInt16, 8},
      {"bits12.tif", GDT_UInt16, 16, "GTiff", {"NBITS=12"}},
      {"bits11_black.tif", GDT_UInt16, 8, "GTiff", {"PHOTOMETRIC=MINISBLACK", "INTERLEAVE=BAND"}},
      {"bits11.png", GDT_UInt16, 8, "PNG"},
      {"bits11.jp2", GDT_UInt16, 8, "JP2OpenJPEG", {"QUALITY=100", "REVERSIBLE=YES"}},
      {"reflectance.tif", GDT_UInt16, 20},
      {"signed.tif", GDT_Int16, 20},
      {"wide.tif", GDT_UInt32, 20000},
      {"wide_signed.tif", GDT_Int32, 20000},
      {"fraction.tif", GDT_Float32, 1.0 / 255, "GTiff", {"COMPRESS=DEFLATE", "PREDICTOR=3"}},
      {"lerc.tif", GDT_Float32, 1.0 / 255, "GTiff", {"COMPRESS=LERC", "MAX_Z_ERROR=0"}},
      {"double.tif", GDT_Float64, 1e-4},
      {"reflectance.img", GDT_Float32, 1.0 / 255, "HFA"},
      {"reflectance.dat", GDT_Float32, 1.0 / 255, "ENVI"},
  };
  for (const Kind& kind : kinds) {
    CAPTURE(kind.name);
    test::RasterSpec spec = test::scene_raster(kind.type, kind.factor);
    spec.driver = kind.driver;
    spec.options = kind.options;
    test::write_raster(dir / kind.name, spec);
    const Picture out = image::read_picture(dir / kind.name);
    REQUIRE(out.info.levels);
    CHECK(largest_residual(photograph, out.image) <= 1.5);  // one rounding, and the line's own
    CHECK_FALSE(out.info.is_plain());
    // Brightest roofs and darkest grass are white and black, or nearly.
    CHECK(*std::max_element(out.image.rgb.begin(), out.image.rgb.end()) == 255);
    CHECK(*std::min_element(out.image.rgb.begin(), out.image.rgb.end()) == 0);
  }
}

TEST_CASE("a photograph that was only stored in 16 bits keeps its brightness") {
  const test::TempDir dir;
  for (const double factor : {257.0, 256.0}) {
    test::write_raster(dir / "full.tif", test::scene_raster(GDT_UInt16, factor));
    CHECK(image::load_image(dir / "full.tif") == test::scene_image());
    CHECK(image::load_image(dir / "full.tif", with_stretch("none")) == test::scene_image());
    test::RasterSpec png = test::scene_raster(GDT_UInt16, factor);
    png.driver = "PNG";
    test::write_raster(dir / "full.png", png);
    CHECK(image::load_image(dir / "full.png") == test::scene_image());
  }
}

TEST_CASE("stretches: none clips, a range and the sensor's depth are exact, percentiles leave outliers out") {
  const test::TempDir dir;
  test::write_raster(dir / "x.tif", test::scene_raster(GDT_UInt16, 8));
  const auto at = [&](const std::string& stretch) {
    return image::load_image(dir / "x.tif", with_stretch(stretch)).pixel(5, 60)[1];
  };
  const int value = static_cast<int>(test::scene_value(5, 60, 1)) * 8;
  CHECK(at("none") == value / 256);
  CHECK(at("0..2040") == value / 8);
  CHECK(at("sensor") == std::lround(value / 65535.0 * 255));
  CHECK(at("0..100") == 255);
  test::RasterSpec twelve = test::scene_raster(GDT_UInt16, 8);
  twelve.options = {"NBITS=12"};
  test::write_raster(dir / "x.tif", twelve);
  CHECK(at("sensor") == std::lround(value / 4095.0 * 255));
  // One dead pixel and one flash.
  test::RasterSpec outliers = test::scene_raster(GDT_UInt16, 8);
  const auto plain = outliers.value;
  outliers.value = [plain](int x, int y, int band) {
    return x == 0 && y < 2 ? (y == 0 ? 0 : 30000) : plain(x, y, band);
  };
  test::write_raster(dir / "o.tif", outliers);
  CHECK(image::read_picture(dir / "o.tif", with_stretch("minmax")).info.levels->high == 30000);
  CHECK(image::read_picture(dir / "o.tif", with_stretch("p2-p98")).info.levels->high < 2040);
  CHECK(image::read_picture(dir / "o.tif").info.levels->high < 2040);
  for (const char* wrong :
       {"", "p2", "p98-p2", "p-1-p50", "3000..0", "0..", "nan..1", "0..1e999", "2-98", "linear", "AUTO"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(image::parse_stretch(wrong), UsageError);
  }
  for (const char* right : {"auto", "none", "minmax", "sensor", "p2-p98", "p0.5-p99.5", "0..3000", "-0.2..1.5"}) {
    CHECK(image::stretch_text(image::parse_stretch(right)) == right);
  }
  test::write_raster(dir / "f.tif", test::scene_raster(GDT_Float32, 1.0 / 255));
  CHECK_THAT(refusal(dir / "f.tif", with_stretch("sensor")), test::contains("float32") && test::contains("LO..HI"));
}

TEST_CASE("bands are the file's own red, green and blue, else the first three, or those that are asked for") {
  const test::TempDir dir;
  const Image photograph = test::scene_image();
  test::RasterSpec eight = test::scene_raster();
  eight.bands = 8;
  eight.options = {"PHOTOMETRIC=MINISBLACK"};
  eight.value = [](int x, int y, int band) { return band < 3 ? test::scene_value(x, y, 2 - band) : 7; };  // blue first
  test::write_raster(dir / "eight.tif", eight);
  const Picture first = image::read_picture(dir / "eight.tif");
  CHECK(first.info.bands == std::vector<int>{1, 2, 3});
  CHECK(first.info.bands_in_file == 8);
  CHECK(image::load_image(dir / "eight.tif", with_bands({3, 2, 1})) == photograph);
  CHECK_THAT(refusal(dir / "eight.tif", with_bands({9, 2, 1})),
             test::contains("8 bands") && test::contains("--bands names 9"));
  const Picture one = image::read_picture(dir / "eight.tif", with_bands({2}));
  CHECK(one.info.bands == std::vector<int>{2});
  CHECK(one.image.pixel(9, 9)[0] == photograph.pixel(9, 9)[1]);
  eight.options = {};
  eight.meanings = {GCI_BlueBand,  GCI_GreenBand, GCI_RedBand,   GCI_Undefined,
                    GCI_Undefined, GCI_Undefined, GCI_Undefined, GCI_Undefined};
  test::write_raster(dir / "named.tif", eight);
  CHECK(image::load_image(dir / "named.tif") == photograph);
  test::write_png(dir / "p.png", photograph);
  CHECK(image::load_image(dir / "p.png", with_bands({3, 2, 1})).pixel(3, 3)[0] == photograph.pixel(3, 3)[2]);
  CHECK_THAT(refusal(dir / "p.png", with_bands({4, 2, 1})), test::contains("--bands names 4"));
  for (const char* wrong : {"", "0,1,2", "1,2", "1,2,3,4", "a", "1,,2", "-1", "1,2,3,", "99999999999"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(image::parse_bands(wrong), UsageError);
  }
}

TEST_CASE("what holds no data is in no statistics, becomes neutral, and its share is told") {
  const test::TempDir dir;
  const auto left_half = [](int x, int) { return x < 32; };
  struct Kind {
    std::string name;
    std::function<void(test::RasterSpec&)> change;
  };
  const std::vector<Kind> kinds = {
      {"nodata.tif", [](auto& spec) { spec.nodata = 65535; }},
      {"alpha.tif",
       [&](auto& spec) {
         spec.bands = 4;
         spec.meanings = {GCI_RedBand, GCI_GreenBand, GCI_BlueBand, GCI_AlphaBand};
       }},
      {"mask.tif", [&](auto& spec) { spec.mask = left_half; }},
      {"minus.tif", [](auto& spec) { spec.nodata = -9999, spec.type = GDT_Float32; }},
      {"nan.tif", [](auto& spec) { spec.type = GDT_Float32; }},
      {"nan_nodata.img", [](auto& spec) { spec.type = GDT_Float32, spec.driver = "HFA", spec.nodata = -3.4e38; }},
  };
  for (const Kind& kind : kinds) {
    CAPTURE(kind.name);
    test::RasterSpec spec = test::scene_raster(GDT_UInt16, 8);
    kind.change(spec);
    const double empty = spec.nodata ? *spec.nodata : spec.type == GDT_Float32 ? std::nan("") : 60000;
    spec.value = [=](int x, int y, int band) {
      if (band == 3) return x < 32 ? 65535.0 : 0.0;
      return x < 32 ? test::scene_value(x, y, band) * 8 : empty;
    };
    test::write_raster(dir / kind.name, spec);
    const Picture out = image::read_picture(dir / kind.name);
    CHECK(out.info.nodata == 0.5);
    REQUIRE(out.info.levels);
    CHECK(out.info.levels->high <= 2040);
    CHECK(out.info.levels->low >= 0);
    // One colour, between black and white.
    const uint8_t* fill = out.image.pixel(50, 20);
    CHECK(std::equal(fill, fill + 3, out.image.pixel(40, 60)));
    CHECK(fill[1] > 20);
    CHECK(fill[1] < 235);
    REQUIRE(out.missing.size() == 64 * 64);
    CHECK(out.missing[0] == 0);
    CHECK(out.missing[63] == 1);
  }
  // Nothing but nodata is read, and told.
  test::RasterSpec nothing = test::scene_raster();
  nothing.nodata = 0;
  nothing.value = [](int, int, int) { return 0; };
  test::write_raster(dir / "nothing.tif", nothing);
  CHECK(image::read_picture(dir / "nothing.tif").info.nodata == 1);
  // Black in one band alone is a colour.
  test::RasterSpec red = test::scene_raster();
  red.nodata = 0;
  red.value = [](int, int, int band) { return band == 0 ? 200 : 0; };
  test::write_raster(dir / "red.tif", red);
  CHECK(image::read_picture(dir / "red.tif").info.nodata == 0);
}

TEST_CASE("complex samples, cut strips and blocks too large for memory are refused in words") {
  const test::TempDir dir;
  test::write_raster(dir / "c.tif", test::scene_raster(GDT_CFloat32));
  CHECK_THAT(refusal(dir / "c.tif"), test::contains("complex"));
  struct Kind {
    std::string driver, name;
    std::vector<std::string> options;
    GDALDataType type = GDT_UInt16;
  };
  for (const Kind& kind :
       std::vector<Kind>{{"GTiff", "t.tif", {}},
                         {"GTiff", "d.tif", {"COMPRESS=DEFLATE", "TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"}},
                         {"GTiff", "z.tif", {"COMPRESS=ZSTD"}},
                         {"GTiff", "l.tif", {"COMPRESS=LERC"}},
                         {"GTiff", "j.tif", {"COMPRESS=JPEG"}, GDT_Byte},
                         {"ENVI", "e.dat", {}},
                         {"HFA", "h.img", {}},
                         {"JP2OpenJPEG", "j.jp2", {}},
                         {"BMP", "b.bmp", {}, GDT_Byte}}) {
    CAPTURE(kind.name);
    test::RasterSpec spec = test::scene_raster(kind.type, 1);
    spec.driver = kind.driver;
    spec.options = kind.options;
    test::write_raster(dir / kind.name, spec);
    CHECK(refusal(dir / kind.name) == "it was read");
    const std::string whole = test::read_file(dir / kind.name);
    for (const double part : {0.3, 0.6, 0.9}) {
      CAPTURE(part);
      test::write_file(dir / kind.name,
                       whole.substr(0, static_cast<std::size_t>(static_cast<double>(whole.size()) * part)));
      const std::string message = refusal(dir / kind.name);
      CHECK_THAT(message, test::contains("cannot read the image") && test::contains(kind.name));
    }
  }
  // A header that promises one strip of 12,000 x 12,000 pixels of 16 bits and 4 bands, compressed.
  test::RasterSpec deep = test::scene_raster(GDT_UInt16, 8);
  deep.options = {"COMPRESS=DEFLATE", "BLOCKYSIZE=64"};
  test::write_raster(dir / "large.tif", deep);
  ReadOptions narrow;
  narrow.limits.max_block_bytes = 1000;
  CHECK_THAT(refusal(dir / "large.tif", narrow), test::contains("tiles"));
}

TEST_CASE("a raster reaches no file outside its root, no network and no archive, whatever it names") {
  const test::TempDir dir;
  const test::TempDir elsewhere;
  test::write_raster(elsewhere / "secret.tif", test::scene_raster());
  const auto vrt = [](const std::string& source) {
    return "<VRTDataset rasterXSize=\"64\" rasterYSize=\"64\"><VRTRasterBand dataType=\"Byte\" "
           "band=\"1\"><SimpleSource>"
           "<SourceFilename relativeToVRT=\"0\">" +
           source + "</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>";
  };
  const std::string secret = (elsewhere / "secret.tif").string();
  test::write_file(dir / "v.vrt", vrt(secret));
  CHECK_THAT(refusal(dir / "v.vrt"), test::contains(secret) && test::contains("--allow-outside"));
  test::write_file(dir / "lost.vrt", vrt((dir / "absent.tif").string()));
  CHECK_THAT(refusal(dir / "lost.vrt"), test::contains("absent.tif") && test::contains("No such file"));
  ReadOptions options;
  options.root = dir.path();
  CHECK_THAT(refusal(dir / "v.vrt", options), test::contains(secret));
  options.root = elsewhere.path();
  CHECK(refusal(dir / "v.vrt", options) == "it was read");
  options.root.reset();
  options.allow_outside = true;
  CHECK(refusal(dir / "v.vrt", options) == "it was read");
  for (const std::string& source :
       std::vector<std::string>{"/vsicurl/http://127.0.0.1:9/x.tif", "http://127.0.0.1:9/x.tif", "/vsis3/bucket/x.tif",
                                "/vsizip/" + secret + "/x", "/vsisubfile/0_100," + secret, "/vsitar/" + secret,
                                "/vsigzip/" + secret, std::string("/dev/stdin"), std::string("/vsistdin/"),
                                std::string("nowhere.tif"), std::string("WMS:http://127.0.0.1/")}) {
    CAPTURE(source);
    test::write_file(dir / "n.vrt", vrt(source));
    CHECK_THAT(refusal(dir / "n.vrt"), test::contains("cannot read the image"));
    CHECK_THAT(refusal(dir / "n.vrt", options), test::contains("cannot read the image"));
  }
  // A mask, an overview or a header that is a link to elsewhere.
  test::write_raster(dir / "s.tif", test::scene_raster());
  std::filesystem::create_symlink(secret, dir / "s.tif.msk");
  CHECK_THAT(refusal(dir / "s.tif"), test::contains(secret));
  CHECK(refusal(dir / "s.tif", options) == "it was read");
}

TEST_CASE("rasters are read in several threads at once, each with its own result") {
  const test::TempDir dir;
  for (int i = 0; i < 4; ++i) {
    test::RasterSpec spec = test::scene_raster(i % 2 == 0 ? GDT_Byte : GDT_UInt16, i % 2 == 0 ? 1 : 257, i);
    spec.options = {"COMPRESS=DEFLATE"};
    test::write_raster(dir / (std::to_string(i) + ".tif"), spec);
  }
  std::vector<int> right(4, 0);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 25; ++round) {
        right[static_cast<std::size_t>(i)] +=
            image::load_image(dir / (std::to_string(i) + ".tif")) == test::scene_image(64, i) ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(right == std::vector<int>(4, 25));
}

TEST_CASE(
    "bands that are called red, green and blue are shown as that, in any order, bands that were passed over are told") {
  const test::TempDir dir;
  test::RasterSpec spec = test::scene_raster(GDT_UInt16, 10);
  spec.bands = 4;
  const auto place = [](int band) { return band == 3 ? 0 : 2 - band; };  // blue, green, red, infrared
  spec.value = [place](int x, int y, int band) { return test::scene_value(x, y, place(band)) * 10; };
  spec.names = {"Blue", "green", "red", "nir"};
  test::write_raster(dir / "planet.tif", spec);
  const Picture planet = image::read_picture(dir / "planet.tif");
  CHECK(planet.info.bands == std::vector<int>{3, 2, 1});
  spec.names = {"B02", "B03", "B04", "B08"};
  test::write_raster(dir / "sentinel.tif", spec);
  CHECK(image::load_image(dir / "sentinel.tif") == planet.image);
  spec.names = {"1", "2", "3", "4"};
  test::write_raster(dir / "unnamed.tif", spec);
  CHECK(image::read_picture(dir / "unnamed.tif").info.bands == std::vector<int>{1, 2, 3});

  test::RasterSpec bytes = test::scene_raster();
  test::write_raster(dir / "three.tif", bytes);
  CHECK(image::read_picture(dir / "three.tif").info.is_plain());
  bytes.bands = 5;
  test::write_raster(dir / "five.tif", bytes);
  const Picture five = image::read_picture(dir / "five.tif");
  CHECK_FALSE(five.info.is_plain());
  CHECK(five.info.bands == std::vector<int>{1, 2, 3});
}

TEST_CASE("what is transparent in a PNG is shown as it is stored, and its share is told") {
  const test::TempDir dir;
  test::RasterSpec spec = test::scene_raster();
  spec.driver = "PNG";
  spec.bands = 4;
  spec.value = [](int x, int y, int band) { return band == 3 ? (x < 16 ? 0 : 255) : test::scene_value(x, y, band); };
  test::write_raster(dir / "x.png", spec);
  const Picture picture = image::read_picture(dir / "x.png");
  CHECK(picture.info.nodata == 0.25);
  CHECK(picture.image == test::scene_image());
  CHECK(picture.missing.empty());
}

TEST_CASE("what gaps are usually filled with holds no data, whether or not the file says so") {
  const test::TempDir dir;
  struct Kind {
    GDALDataType type;
    double factor, filling;
  };
  for (const Kind& kind : {Kind{GDT_Float32, 1 / 255., -9999},
                           {GDT_Int16, 20, -32768},
                           {GDT_Float64, 1, -3.4e38},
                           {GDT_Int32, 20, -9999}}) {
    test::RasterSpec spec = test::scene_raster(kind.type, kind.factor);
    spec.value = [kind](int x, int y, int band) {
      return x < 16 ? kind.filling : test::scene_value(x, y, band) * kind.factor;
    };
    test::write_raster(dir / "untold.tif", spec);
    spec.nodata = kind.filling;
    test::write_raster(dir / "told.tif", spec);
    const Picture untold = image::read_picture(dir / "untold.tif");
    CHECK(untold.info.nodata == 0.25);
    CHECK(untold.image == image::load_image(dir / "told.tif"));
  }
}
