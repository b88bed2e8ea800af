// How a file asks for its picture to be turned, which is told and not done.
#include "core/image/exif.h"

#include "core/image/encode.h"
#include "core/image/png_chunks.h"
#include "core/image/read_pair.h"
#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/support/rasters.h"

using namespace ccx;
using image::exif_orientation;

namespace {

// A TIFF of one directory: a make, and the orientation as a SHORT, in either order of bytes.
std::string tiff(int orientation, bool is_little, int type = 3) {
  const auto number = [&](int value, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += static_cast<char>((value >> 8 * (is_little ? i : count - 1 - i)) & 0xFF);
    return out;
  };
  return (is_little ? "II" : "MM") + number(42, 2) + number(8, 4) + number(2, 2) + number(271, 2) + number(2, 2) +
         number(2, 4) + std::string("A\0\0\0", 4) + number(274, 2) + number(type, 2) + number(1, 4) +
         number(orientation, 2) + number(0, 2) + number(0, 4);
}

std::string segment(char marker, const std::string& body) {
  const std::size_t length = body.size() + 2;
  return std::string("\xff") + marker + static_cast<char>(length >> 8) + static_cast<char>(length & 0xFF) + body;
}

std::string jpeg(const std::string& exif) {
  return "\xff\xd8" + segment('\xe0', "JFIF") + segment('\xe1', "http://ns.adobe.com/") + "\xff" +
         segment('\xe1', std::string("Exif\0\0", 6) + exif) + segment('\xda', "pixels");
}

std::string png(const image::Image& picture, const std::string& exif) {
  const std::string plain = image::encode_png(picture);
  return plain.substr(0, image::kPngStart) + image::png_chunk("eXIf", exif) + plain.substr(image::kPngStart);
}

std::string webp(const std::string& exif) {
  const auto chunk = [](const std::string& name, const std::string& body) {
    return name + static_cast<char>(body.size()) + std::string(3, '\0') + body + std::string(body.size() % 2, '\0');
  };
  return std::string("RIFF\0\0\0\0WEBP", 12) + chunk("VP8L", "odd") + chunk("EXIF", exif);
}

std::vector<std::string> messages_of(const std::filesystem::path& before, const std::filesystem::path& after) {
  std::vector<std::string> out;
  for (const image::PairWarning& warning : image::read_pair({before.string()}, {after.string()}, {}, 64).warnings) {
    if (warning.code == image::WarningCode::kTurned) out.push_back(warning.message);
  }
  return out;
}

}  // namespace

TEST_CASE("the orientation of a JPEG, PNG or WebP is read in either order of bytes, and what is cut or odd says none") {
  for (const bool is_little : {true, false}) {
    for (int orientation = 1; orientation <= 8; ++orientation) {
      const std::string exif = tiff(orientation, is_little);
      CHECK(exif_orientation(jpeg(exif)) == orientation);
      CHECK(exif_orientation(png(test::scene_image(8, 1), exif)) == orientation);
      CHECK(exif_orientation(webp(exif)) == orientation);
      CHECK(exif_orientation(webp(std::string("Exif\0\0", 6) + exif)) == orientation);
    }
    CHECK(exif_orientation(jpeg(tiff(0, is_little))) == 1);
    CHECK(exif_orientation(jpeg(tiff(9, is_little))) == 1);
    CHECK(exif_orientation(jpeg(tiff(6, is_little, 4))) == 1);  // LONG
    for (const std::string& whole : {jpeg(tiff(6, is_little)), webp(tiff(6, is_little))}) {
      for (std::size_t size = 0; size < whole.size(); ++size) {
        const int found = exif_orientation(whole.substr(0, size));
        CHECK((found == 1 || found == 6));
      }
    }
  }
  CHECK(exif_orientation("") == 1);
  CHECK(exif_orientation("\xff\xd8\xff") == 1);
  CHECK(exif_orientation(webp("II*")) == 1);
}

TEST_CASE("a pair of which a file asks to be turned is told, with what each asks for") {
  const test::TempDir dir;
  const image::Image picture = test::scene_image(64, 2);
  test::write_png(dir / "a.png", picture);
  test::write_file(dir / "b.png", png(test::scene_image(64, 6), tiff(3, true)));
  test::write_file(dir / "c.png", png(picture, tiff(3, false)));
  CHECK(messages_of(dir / "a.png", dir / "a.png").empty());
  const std::vector<std::string> askew = messages_of(dir / "a.png", dir / "b.png");
  REQUIRE(askew.size() == 1);
  CHECK_THAT(askew[0], test::contains("the before image asks to be shown as it lies, the after image turned by 180"));
  const std::vector<std::string> both = messages_of(dir / "b.png", dir / "c.png");
  REQUIRE(both.size() == 1);
  CHECK_THAT(both[0], test::contains("both files ask for their images to be shown turned by 180 degrees"));
}
