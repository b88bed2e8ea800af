// Every variant of the five formats decodes to PIL's RGB bytes, and the reference's pictures to its tensors.
#include <bit>
#include <cstdlib>
#include <cstring>

#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/image/normalise.h"
#include "core/image/resize.h"
#include "core/io/safetensors.h"
#include "tests/support/catch.h"
#include "tests/support/formats.h"
#include "tests/support/pictures.h"

using namespace ccx;
using image::Image;

TEST_CASE("PNG, JPEG, WebP, TIFF and BMP of every depth and colour model decode as PIL's convert(\"RGB\") does") {
  const auto fixtures = test::format_fixtures();
  REQUIRE(fixtures.size() > 100);
  for (const auto& fixture : fixtures) {
    CAPTURE(fixture.name);
    image::ReadOptions as_pillow;
    as_pillow.stretch.kind = image::Stretch::Kind::kNone;
    const Image out = image::decode_image(fixture.bytes, fixture.name, as_pillow);
    CHECK(out.width == fixture.width);
    CHECK(out.height == fixture.height);
    if (fixture.tolerance == 0) {
      CHECK(test::fnv1a(out.rgb) == fixture.fnv1a);
      continue;
    }
    // JPEG: equal with libjpeg-turbo; 2 leaves room for another inverse transform, and OpenCV's CMYK is 1 off.
    REQUIRE(out.rgb.size() == fixture.rgb.size());
    int largest = 0;
    for (std::size_t i = 0; i < out.rgb.size(); ++i) {
      largest = std::max(largest, std::abs(out.rgb[i] - static_cast<uint8_t>(fixture.rgb[i])));
    }
    CHECK(largest <= fixture.tolerance);
  }
}

TEST_CASE("the reference's pictures (RGB, grey, RGBA) preprocess to its 384x384 bytes and floats, bit for bit") {
  const auto folder = test::data_dir() / "reference";
  const io::SafetensorsFile expected(folder / "vectors/preprocess384_dev.safetensors");
  const auto details = nlohmann::json::parse(std::ifstream(folder / "vectors/preprocess384_dev.json"));
  for (const auto& [name, detail] : details.items()) {
    CAPTURE(name);
    const Image picture = image::load_image(folder / "images" / (name + ".png"));
    const Image resized = image::resize_bicubic(picture, 384, 384);
    const auto& planes = expected.at(name + ".uint8");
    REQUIRE(planes.bytes == resized.rgb.size());
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < resized.rgb.size(); ++i) {
      wrong += resized.rgb[i] != static_cast<uint8_t>(planes.data[i % 3 * 384 * 384 + i / 3]);
    }
    CHECK(wrong == 0);
    const std::vector<float> chw = image::preprocess(picture, 384);
    double sum = 0.0;
    for (const float value : chw) sum += static_cast<double>(value);
    CHECK(sum == Approx(detail["sum"].get<double>()).epsilon(1e-12));  // the order of summation alone differs
    for (std::size_t i = 0; i < 8; ++i) CHECK(chw[i] == detail["first8"][i].get<float>());
  }
}

TEST_CASE("pixel_values of the tiny model's dev pairs are equal bit for bit") {
  const auto own = test::data_dir() / "reference/vectors";
  for (const std::string pair : {"pair0", "pair1", "pair2"}) {
    const io::SafetensorsFile vectors(own / (pair + "_dev.safetensors"));
    const auto& pixels = vectors.at("pixel_values");  // [2, 3, S, S]
    REQUIRE(pixels.shape.size() == 4);
    const auto size = static_cast<int>(pixels.shape[3]);
    for (const std::size_t side : {0u, 1u}) {
      CAPTURE(pair, side);
      const auto picture = test::data_dir() / "reference/images" / (pair + (side == 0 ? "_A.png" : "_B.png"));
      const std::vector<float> chw = image::preprocess(image::load_image(picture), size);
      const std::size_t bytes = chw.size() * sizeof(float);
      REQUIRE(pixels.bytes == 2 * bytes);
      CHECK(std::memcmp(chw.data(), pixels.data + side * bytes, bytes) == 0);
    }
  }
}

TEST_CASE("a written PNG reads back exactly and its bytes are the same each time, a JPEG nearly") {
  const Image in = image::load_image(test::data_dir() / "reference/images/pair1_A.png");
  const test::TempDir dir;
  test::write_png(dir / "a.png", in);
  CHECK(image::load_image(dir / "a.png") == in);
  CHECK(test::read_file(dir / "a.png") == image::encode_png(in));
  const Image jpeg = image::decode_image(image::encode_jpeg(in, 95), "x");
  REQUIRE(jpeg.rgb.size() == in.rgb.size());
  double difference = 0.0;
  for (std::size_t i = 0; i < in.rgb.size(); ++i) difference += std::abs(in.rgb[i] - jpeg.rgb[i]);
  CHECK(difference / static_cast<double>(in.rgb.size()) < 10.0);  // grey levels; this noisy picture loses 6
  CHECK(image::encode_jpeg(in, 30).size() < image::encode_jpeg(in, 95).size());
  CHECK_THROWS_AS(image::encode_jpeg(in, 0), UsageError);
  CHECK_THROWS_AS(image::encode_png(Image{}), InputError);
}
