// One bit of a file changes on its way. What the format's checksums or its own rules show is an error or a warning;
// what no reader can know is counted here, so that it does not grow.
#include <opencv2/imgcodecs.hpp>

#include <cstdlib>

#include "core/image/read_pair.h"
#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/support/rasters.h"

using namespace ccx;
using image::Image;

namespace {

struct Outcome {
  int flips = 0;
  int refused = 0;
  int doubted = 0;
  int same = 0;                   // the picture's bytes
  int unknown = 0;                // other pixels, and not a word
  int visible = 0;                // of these: 5 % of the samples or more differ by more than 16 levels
  std::size_t first_unknown = 0;  // its byte
};

bool is_visible(const Image& a, const Image& b) {
  if (a.width != b.width || a.height != b.height) return true;
  std::size_t far = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) far += std::abs(a.rgb[i] - b.rgb[i]) > 16 ? 1 : 0;
  return far * 20 >= a.rgb.size();
}

// Changes every `step`-th bit of bytes [from, to), one at a time.
Outcome change_bits(const std::string& file, std::size_t from, std::size_t to, std::size_t step) {
  const Image good = image::decode_image(file, "whole");
  Outcome out;
  for (std::size_t bit = from * 8; bit < to * 8; bit += step) {
    std::string changed = file;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << bit % 8);
    ++out.flips;
    try {
      const image::Picture read = image::decode_picture(changed, "changed");
      if (!read.info.doubt.empty()) {
        ++out.doubted;
      } else if (read.image == good) {
        ++out.same;
      } else {
        if (out.unknown++ == 0) out.first_unknown = bit / 8;
        out.visible += is_visible(read.image, good) ? 1 : 0;
      }
    } catch (const image::DecodeError& error) {
      if (std::string(error.what()).find("changed") != std::string::npos) ++out.refused;
    }
  }
  CAPTURE(out.flips, out.refused, out.doubted, out.same, out.unknown, out.visible, out.first_unknown);
  CHECK(out.refused + out.doubted + out.same + out.unknown == out.flips);  // every error names the file
  return out;
}

std::string encoded(const char* extension, const std::vector<int>& parameters = {}) {
  Image scene = test::scene_image(64, 6);
  std::vector<uchar> out;
  cv::imencode(extension, cv::Mat(64, 64, CV_8UC3, scene.rgb.data()), out, parameters);
  return {out.begin(), out.end()};
}

std::string tiff(const std::vector<std::string>& options, GDALDataType type = GDT_Byte) {
  const test::TempDir dir;
  test::write_raster(dir / "a.tif", [&] {
    test::RasterSpec spec = test::scene_raster(type, type == GDT_Byte ? 1 : 8, 6);
    spec.options = options;
    return spec;
  }());
  return test::read_file(dir / "a.tif");
}

// Where the data of a TIFF that GDAL wrote begin: behind the directory, which is the first thing in it.
constexpr std::size_t kTiffData = 800;

}  // namespace

TEST_CASE("every changed bit of a PNG is found by its checksums") {
  const std::string png = encoded(".png");
  const Outcome out = change_bits(png, 0, png.size(), 5);
  CHECK(out.unknown == 0);
  CHECK(out.refused == out.flips);
}

TEST_CASE(
    "a changed bit in a TIFF's Deflate, LZMA or LERC data is found by their checksums, also where libtiff is silent") {
  using Options = std::vector<std::string>;
  for (const Options& options :
       {Options{"COMPRESS=DEFLATE"}, Options{"COMPRESS=DEFLATE", "INTERLEAVE=BAND"},
        Options{"COMPRESS=DEFLATE", "PREDICTOR=2", "TILED=YES", "BLOCKXSIZE=32", "BLOCKYSIZE=32"},
        Options{"COMPRESS=LZMA"}, Options{"COMPRESS=LERC"}}) {
    const std::string file = tiff(options);
    CAPTURE(options[0], file.size());
    const Outcome out = change_bits(file, kTiffData, file.size(), 23);
    CHECK(out.unknown == 0);
    CHECK(out.refused > out.flips * 9 / 10);
  }
  const std::string deep = tiff({"COMPRESS=DEFLATE"}, GDT_UInt16);
  CHECK(change_bits(deep, kTiffData, deep.size(), 23).unknown == 0);
}

TEST_CASE("a changed bit in a TIFF's directory is nearly always an error or a doubt") {
  const std::string file = tiff({"COMPRESS=DEFLATE"});
  const Outcome out = change_bits(file, 0, 200, 1);
  CHECK(out.unknown <= 5);  // of 1,600: tags that mean something else now, and nothing wrong
}

TEST_CASE("a JPEG whose data cannot be a picture's is refused or doubted, alone and in a TIFF") {
  const std::string plain = encoded(".jpg", {cv::IMWRITE_JPEG_QUALITY, 85});
  const std::string restarts = encoded(".jpg", {cv::IMWRITE_JPEG_QUALITY, 85, cv::IMWRITE_JPEG_RST_INTERVAL, 1});
  const std::string progressive = encoded(".jpg", {cv::IMWRITE_JPEG_QUALITY, 85, cv::IMWRITE_JPEG_PROGRESSIVE, 1});
  for (const auto& [name, file] : {std::pair{"plain", &plain}, std::pair{"restarts", &restarts}}) {
    CAPTURE(name);
    const Outcome out = change_bits(*file, file->find("\xff\xda"), file->size(), 7);
    // What is left changed a brightness within its range: every code behind it is as good as before.
    CHECK(out.refused + out.doubted > 2 * out.visible);
  }
  CHECK(change_bits(progressive, progressive.find("\xff\xda"), progressive.size(), 7).refused > 0);
  const std::string inside = tiff({"COMPRESS=JPEG", "PHOTOMETRIC=YCBCR"});
  const Outcome out = change_bits(inside, kTiffData, inside.size(), 7);
  CHECK(out.refused + out.doubted > out.visible);
}

TEST_CASE("a changed bit of uncompressed samples changes one sample and no more, WebP, LZW and ZSTD survive it") {
  const std::string file = tiff({});
  const Image good = image::decode_image(file, "whole");
  const std::size_t middle = file.size() / 2;
  std::string changed = file;
  changed[middle] = static_cast<char>(changed[middle] ^ 64);
  const Image read = image::decode_image(changed, "changed");
  int differ = 0;
  for (std::size_t i = 0; i < good.rgb.size(); ++i) differ += read.rgb[i] == good.rgb[i] ? 0 : 1;
  CHECK(differ == 1);
  const std::vector<std::string> others = {encoded(".webp", {cv::IMWRITE_WEBP_QUALITY, 80}),
                                           encoded(".webp", {cv::IMWRITE_WEBP_QUALITY, 101}), tiff({"COMPRESS=LZW"}),
                                           tiff({"COMPRESS=ZSTD"}), tiff({"COMPRESS=PACKBITS"})};
  for (const std::string& other : others) CHECK(change_bits(other, 0, other.size(), 61).refused > 0);
}

TEST_CASE("a picture that may be damaged is a pair's warning, and bytes behind a JPEG's last pixel are such a doubt") {
  const test::TempDir dir;
  test::write_png(dir / "a.png", test::scene_image(64, 2));
  std::string jpeg = encoded(".jpg");
  test::write_file(dir / "b.jpg", jpeg);
  const auto warnings = [&] {
    return image::read_pair({(dir / "a.png").string()}, {(dir / "b.jpg").string()}, {}, 32).warnings;
  };
  CHECK(warnings().empty());
  jpeg.insert(jpeg.size() - 2, std::string(40, '\x5a'));
  test::write_file(dir / "b.jpg", jpeg);
  const auto told = warnings();
  REQUIRE(told.size() == 1);
  CHECK(image::warning_name(told[0].code) == "damaged");
  CHECK_THAT(told[0].message, test::contains("the after image may be damaged") && test::contains("follow its pixel"));
}
