// Files that hold more than one picture: a TIFF's pages and thumbnails, frames of animated PNG and WebP.
#include <cstddef>
#include <opencv2/imgcodecs.hpp>
#include <optional>

#include "core/image/png_chunks.h"
#include "core/image/read_pair.h"
#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/support/rasters.h"
#include "tests/support/warnings.h"

using namespace ccx;
using image::Image;
using image::ReadPair;
using test::codes;

namespace {

using Codes = std::vector<std::string>;

struct Page {
  Image picture;
  uint32_t subfile = 0;         // tag 254; 0: left out
  bool is_below_first = false;  // a directory that only the first page names (tag 330)
};

// A TIFF of 8-bit RGB, one strip a page, little-endian.
std::string tiff(const std::vector<Page>& pages) {
  std::string out("II*\0\0\0\0\0", 8);
  const auto put = [&](std::size_t at, uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) out[at + i] = static_cast<char>(value >> (8 * i) & 0xff);
  };
  const auto append = [&](uint32_t value) {
    out.append(4, '\0');
    put(out.size() - 4, value);
  };
  std::size_t link = 4;  // where the next directory's offset belongs
  std::optional<std::size_t> below;
  for (const Page& page : pages) {
    const Image& picture = page.picture;
    const auto strip = static_cast<uint32_t>(out.size());
    out.append(picture.rgb.begin(), picture.rgb.end());
    if (out.size() % 2 != 0) out += '\0';
    const auto bits = static_cast<uint32_t>(out.size());
    out.append("\x08\0\x08\0\x08\0", 6);
    const auto here = static_cast<uint32_t>(out.size());
    std::vector<std::array<uint32_t, 4>> entries = {
        {256, 4, 1, static_cast<uint32_t>(picture.width)},
        {257, 4, 1, static_cast<uint32_t>(picture.height)},
        {258, 3, 3, bits},
        {259, 3, 1, 1},
        {262, 3, 1, 2},
        {273, 4, 1, strip},
        {277, 3, 1, 3},
        {278, 4, 1, static_cast<uint32_t>(picture.height)},
        {279, 4, 1, static_cast<uint32_t>(picture.rgb.size())},
    };
    if (page.subfile != 0) entries.insert(entries.begin(), {254, 4, 1, page.subfile});
    const bool names_below = &page == &pages.front() && pages.size() > 1 && pages[1].is_below_first;
    if (names_below) entries.push_back({330, 4, 1, 0});
    put(page.is_below_first ? *below : link, here);
    out.append({static_cast<char>(entries.size()), '\0'});
    for (const auto& [tag, type, count, value] : entries) {
      append(tag | type << 16);
      append(count);
      if (tag == 330) below = out.size();
      append(value);
    }
    if (!page.is_below_first) link = out.size();
    append(0);
  }
  return out;
}

// A picture of the drawn place that is not square.
Image scene(int width, int height, int houses) {
  Image out = image::filled_image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        const double value = test::scene_value(x * 64 / width, y * 48 / height, c, houses);
        out.pixel(x, y)[c] = static_cast<uint8_t>(value);
      }
    }
  }
  return out;
}

std::string note(const std::string& file) {
  return image::decode_picture(file, "p", {}).info.page_note;
}

std::string chunk(const std::string& type, const std::string& data) {
  std::string out = type;
  for (int i = 0; i < 4; ++i) out += static_cast<char>(data.size() >> (8 * i) & 0xff);
  return out + data + (data.size() % 2 != 0 ? std::string(1, '\0') : "");
}

std::string little(uint32_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
  return out;
}

// A WebP of that many frames, all of them the picture.
std::string animated_webp(const Image& picture, int frames) {
  cv::Mat mat(picture.height, picture.width, CV_8UC3, const_cast<uint8_t*>(picture.rgb.data()));
  std::vector<uint8_t> still;
  REQUIRE(cv::imencode(".webp", mat, still, {cv::IMWRITE_WEBP_QUALITY, 101}));
  const std::string bitstream(still.begin() + 12, still.end());  // chunks behind the head
  const std::string width = little(static_cast<uint32_t>(picture.width - 1), 3);
  const std::string height = little(static_cast<uint32_t>(picture.height - 1), 3);
  std::string body =
      "WEBP" + chunk("VP8X", std::string("\x02\0\0\0", 4) + width + height) + chunk("ANIM", std::string(6, '\0'));
  for (int i = 0; i < frames; ++i) {
    body += chunk("ANMF", std::string(6, '\0') + width + height + little(100, 3) + '\0' + bitstream);
  }
  return "RIFF" + little(static_cast<uint32_t>(body.size()), 4) + body;
}

// A PNG with that many frames behind its picture, which is the first of them or none.
std::string animated_png(const Image& picture, int frames, bool shows_picture) {
  const std::string still = image::encode_png(picture);
  const std::string control = image::png_chunk("fcTL", std::string(26, '\0'));
  std::string out = still.substr(0, image::kPngStart) + image::png_chunk("acTL", std::string(8, '\0'));
  if (shows_picture) out += control;
  const std::string end = image::png_chunk("IEND", "");
  out += still.substr(image::kPngStart, still.size() - image::kPngStart - end.size());
  for (int i = shows_picture ? 1 : 0; i < frames; ++i) out += control + image::png_chunk("fdAT", "frame");
  return out + end;
}

}  // namespace

TEST_CASE("a TIFF whose first page is a thumbnail shows the page that it was made of") {
  const Image full = scene(64, 48, 6);
  const auto read = [](const std::vector<Page>& pages) { return image::decode_picture(tiff(pages), "p.tif", {}); };
  const image::Picture marked = read({{scene(16, 16, 6), 1}, {full}, {scene(32, 24, 6), 1}, {full, 4}});
  CHECK(marked.image == full);
  CHECK(marked.info.page_note.empty());  // the file says it
  CHECK(read({{scene(16, 12, 6), 1}, {full, 0, true}}).image == full);
  const image::Picture guessed = read({{scene(16, 12, 6)}, {full}});
  CHECK(guessed.image == full);
  CHECK_THAT(guessed.info.page_note,
             test::contains("page 2 of its file, of 64x48 pixels: the first, of 16x12, was taken for its thumbnail"));
  // 13 x 10 is what rounding makes of it.
  CHECK(read({{scene(13, 10, 6)}, {full}, {full}}).image == full);
  CHECK_THAT(read({{scene(13, 10, 6)}, {full}, {full}}).info.page_note, test::contains("1 more of its size"));
}

TEST_CASE("of pages that are no thumbnail of one another the first is shown, and that is said where it may be wrong") {
  const Image first = scene(64, 48, 6);
  CHECK(note(tiff({{first}, {scene(32, 24, 6), 1}, {scene(16, 16, 6)}, {first, 4}})).empty());
  CHECK_THAT(note(tiff({{first}, {first}, {first, 2}})), test::contains("the first of 3 pages of its file"));
  const std::string larger = tiff({{first}, {scene(100, 48, 6)}});
  CHECK(image::decode_picture(larger, "p", {}).image == first);
  CHECK_THAT(note(larger), test::contains("page 2 is larger, 100x48 pixels"));
  // Marks that leave no picture, and chains that bite their tails.
  const std::string all = tiff({{first, 1}, {scene(32, 24, 6), 1}});
  CHECK(image::decode_picture(all, "p", {}).image == first);
  CHECK(note(all).empty());
  std::string loop = tiff({{first}});
  const std::string here = loop.substr(4, 4);
  loop.replace(loop.size() - 4, 4, here);
  CHECK(note(loop).empty());
}

TEST_CASE("a pair of files with thumbnails in front compares their pictures, by their tags and what lies beside them") {
  const test::TempDir dir;
  test::write_file(dir / "a.tif", tiff({{test::scene_image(16, 2)}, {test::scene_image(64, 2)}}));
  test::write_file(dir / "b.tif", tiff({{test::scene_image(16, 6)}, {test::scene_image(64, 6)}}));
  const auto read = [&] { return image::read_pair({(dir / "a.tif").string()}, {(dir / "b.tif").string()}, {}, 0); };
  ReadPair pair = read();
  CHECK(codes(pair) == Codes{"several_pages"});
  CHECK(pair.after.image == test::scene_image(64, 6));
  CHECK_THAT(pair.warnings[0].message, test::contains("each image is page 2 of its file"));
  test::write_file(dir / "a.tfw", "0.5\n0\n0\n-0.5\n500000.25\n3299999.75\n");
  test::write_file(dir / "b.tfw", "0.5\n0\n0\n-0.5\n500008.25\n3299999.75\n");
  pair = read();
  CHECK(pair.before.info.window == image::Window{16, 0, 48, 64});
  // Red, green and blue from files of their own.
  const std::vector<std::string> bands = {(dir / "a.tif").string(), (dir / "b.tif").string(), (dir / "a.tif").string()};
  CHECK(image::read_pair(bands, {(dir / "b.tif").string()}, {}, 0).before.info.width == 64);
}

TEST_CASE("a TIFF that its orientation tag lays on its side is told of as it is shown") {
  std::string file = tiff({{scene(64, 48, 6), 1}});
  const std::size_t entry = file.find(std::string("\xfe\0\4\0", 4));  // tag 254: nothing needs it here
  REQUIRE(entry != std::string::npos);
  file.replace(entry, 12, std::string("\x12\1\3\0\1\0\0\0\6\0\0\0", 12));
  const image::Picture picture = image::decode_picture(file, "p", {});
  CHECK(picture.image.width == 48);
  CHECK(picture.info.width == 48);
  CHECK(picture.info.height == 64);
}

TEST_CASE("an animated PNG or WebP shows its first frame, and that is said") {
  const Image picture = test::scene_image(64, 6);
  CHECK(note(animated_webp(picture, 3)) == "the first of 3 frames of its animation, and the others were not read");
  CHECK(note(animated_webp(picture, 1)).empty());
  CHECK(image::decode_picture(animated_png(picture, 2, true), "p", {}).image == picture);
  CHECK_THAT(note(animated_png(picture, 2, true)), test::contains("the first of 2 frames"));
  CHECK_THAT(note(animated_png(picture, 2, false)), test::contains("the first of 3 frames"));
  CHECK(note(animated_png(picture, 1, true)).empty());
  CHECK(note(image::encode_png(picture)).empty());
  const test::TempDir dir;
  test::write_png(dir / "a.png", test::scene_image(64, 2));
  test::write_file(dir / "b.png", animated_png(picture, 2, true));
  const ReadPair pair = image::read_pair({(dir / "a.png").string()}, {(dir / "b.png").string()}, {}, 0);
  CHECK(codes(pair) == Codes{"several_pages"});
  CHECK_THAT(pair.warnings[0].message, test::contains("the after image is the first of 2 frames"));
}
