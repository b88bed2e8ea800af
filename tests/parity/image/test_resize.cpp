// Resizing and normalising equal Pillow and the reference's processor to the last bit: no tolerance anywhere.
#include <bit>

#include "core/image/normalise.h"
#include "core/image/resize.h"
#include "tests/support/catch.h"
#include "tests/support/formats.h"

using namespace ccx;
using image::Image;

namespace {

// The picture of tests/data/image/make_resize.py: noise, hard edges and flat areas in bands of 8 rows.
Image drawn(int width, int height) {
  Image out = image::filled_image(width, height);
  uint32_t i = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c, ++i) {
        const int band = (y / 8) % 3;
        out.rgb[i] = static_cast<uint8_t>(band == 0   ? (i * 2654435761u) >> 24
                                          : band == 1 ? static_cast<uint32_t>((x / 5 + y / 3 + c) % 2 * 255)
                                                      : static_cast<uint32_t>(x / 16 * 40 + c * 90));
      }
    }
  }
  return out;
}

}  // namespace

TEST_CASE("a resized picture has Pillow's bytes: up, down, odd sizes, one side kept, rows or columns first") {
  const auto expected = nlohmann::json::parse(std::ifstream(test::data_dir() / "image/resize.json"));
  REQUIRE(expected["cases"].size() > 20);
  for (const auto& one : expected["cases"]) {
    CAPTURE(one.dump());
    const Image out = image::resize_bicubic(drawn(one["from"][0], one["from"][1]), one["to"][0], one["to"][1]);
    CHECK(out.width == one["to"][0]);
    CHECK(out.height == one["to"][1]);
    CHECK(test::fnv1a(out.rgb) == one["fnv1a"].get<std::string>());
  }
}

TEST_CASE("resizing to the same size changes nothing") {
  const Image in = drawn(31, 17);
  CHECK(image::resize_bicubic(in, 31, 17) == in);
}

TEST_CASE("a flat picture stays flat at every size") {
  for (const int value : {0, 1, 127, 254, 255}) {
    const Image out = image::resize_bicubic(image::filled_image(40, 23, static_cast<uint8_t>(value)), 77, 9);
    CHECK(out == image::filled_image(77, 9, static_cast<uint8_t>(value)));
  }
}

TEST_CASE("a picture without pixels, with too few bytes, or a size below one is refused") {
  CHECK_THROWS_AS(image::resize_bicubic(Image{}, 4, 4), InputError);
  CHECK_THROWS_AS(image::resize_bicubic(Image{2, 2, std::vector<uint8_t>(11)}, 4, 4), InputError);
  CHECK_THROWS_WITH(image::resize_bicubic(drawn(2, 2), 0, 4), test::contains("0x4"));
  CHECK_THROWS_AS(image::filled_image(3, -1), InputError);
}

TEST_CASE("normalised pixels are planes in -1..1, rounded to float32 before and after the shift") {
  Image in{2, 1, {0, 1, 255, 128, 127, 64}};
  float chw[6];
  image::normalise(in, chw);
  // From numpy: (float32(float64(u8) * (1/255)) - float32(0.5)) / float32(0.5), as bits.
  const uint32_t bits[6] = {0xbf800000, 0x3b808100, 0xbf7dfdfe, 0xbb808080, 0x3f800000, 0xbefefefe};
  for (int i = 0; i < 6; ++i) {
    CAPTURE(i);
    CHECK(std::bit_cast<uint32_t>(chw[i]) == bits[i]);
  }
}
