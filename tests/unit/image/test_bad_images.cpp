// A file that is not a whole picture is refused with a DecodeError that names it; nothing else escapes, nothing hangs.
#include <sys/stat.h>
#include <unistd.h>

#include <random>

#include "core/image/decode.h"
#include "tests/support/catch.h"
#include "tests/support/formats.h"

using namespace ccx;
using image::DecodeError;
using Reason = image::DecodeError::Reason;

namespace {

// Why a file or some bytes are refused; fails the test where they are not.
template <typename Read>
Reason refusal(Read read, std::string* message = nullptr) {
  try {
    read();
  } catch (const DecodeError& error) {
    if (message != nullptr) *message = error.what();
    return error.reason();
  }
  FAIL("it was read");
  return Reason::kEmpty;
}

Reason refused_bytes(const std::string& bytes, std::string* message = nullptr) {
  return refusal([&] { image::decode_image(bytes, "picture", {}); }, message);
}

std::string big_endian(uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

std::string little_endian(uint32_t value) {
  const std::string big = big_endian(value);
  return {big.rbegin(), big.rend()};
}

uint32_t crc32(const std::string& bytes) {
  uint32_t crc = 0xffffffffu;
  for (const char byte : bytes) {
    crc ^= static_cast<uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? 0xedb88320u ^ crc >> 1 : crc >> 1;
  }
  return ~crc;
}

std::string png_chunk(const std::string& type, const std::string& data) {
  return big_endian(static_cast<uint32_t>(data.size())) + type + data + big_endian(crc32(type + data));
}

std::string png_of_size(uint32_t width, uint32_t height, const std::string& data) {
  const std::string header = big_endian(width) + big_endian(height) + std::string("\x08\x02\0\0\0", 5);
  return "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", header) + png_chunk("IDAT", data) + png_chunk("IEND", "");
}

std::string fixture(const std::string& name) {
  return test::read_file(test::data_dir() / "image/formats" / name);
}

}  // namespace

TEST_CASE("a path that is no readable regular file is refused with its name and reason, without waiting") {
  const test::TempDir dir;
  std::string message;
  CHECK(refusal([&] { image::load_image(dir / "absent.png"); }, &message) == Reason::kUnreadable);
  CHECK_THAT(message, test::contains("absent.png") && test::contains("No such file"));
  CHECK(refusal([&] { image::load_image(dir.path()); }, &message) == Reason::kUnreadable);
  CHECK_THAT(message, test::contains("directory"));
  REQUIRE(::mkfifo((dir / "pipe.png").c_str(), 0600) == 0);
  CHECK(refusal([&] { image::load_image(dir / "pipe.png"); }, &message) == Reason::kUnreadable);
  CHECK_THAT(message, test::contains("not a regular file"));
  CHECK(refusal([&] { image::load_image("/dev/zero"); }) == Reason::kUnreadable);
  std::filesystem::create_symlink("loop.png", dir / "loop.png");
  CHECK(refusal([&] { image::load_image(dir / "loop.png"); }) == Reason::kUnreadable);
  test::write_file(dir / "secret.png", fixture("rgb.png"));
  ::chmod((dir / "secret.png").c_str(), 0);
  if (::geteuid() != 0) CHECK(refusal([&] { image::load_image(dir / "secret.png"); }) == Reason::kUnreadable);
}

TEST_CASE("an empty file, a text and a picture of another format are refused") {
  const test::TempDir dir;
  std::string message;
  test::write_file(dir / "empty.png", "");
  CHECK(refusal([&] { image::load_image(dir / "empty.png"); }, &message) == Reason::kEmpty);
  CHECK_THAT(message, test::contains("empty.png") && test::contains("empty"));
  test::write_file(dir / "text.png", "This is a picture of a house beside a road.\n");
  CHECK(refusal([&] { image::load_image(dir / "text.png"); }, &message) == Reason::kNotAnImage);
  CHECK_THAT(message, test::contains("text.png") && test::contains("text and no picture"));
  CHECK(refused_bytes(std::string("GIF89a\1\0\1\0\0\0\0", 13)) == Reason::kNotAnImage);
}

TEST_CASE("the name of a file does not have to be UTF-8 or match its format") {
  const test::TempDir dir;
  const auto path = dir / "a b\n\xff.jpg";
  test::write_file(path, fixture("rgb.png"));
  CHECK(image::load_image(path).width == 21);
}

TEST_CASE("a header of 60,000 x 60,000 pixels is too large in every format, before memory is asked for") {
  std::string jpeg = fixture("rgb_444.jpg");
  const std::size_t frame = jpeg.find("\xff\xc0");
  REQUIRE(frame != std::string::npos);
  jpeg.replace(frame + 5, 4, "\xea\x60\xea\x60");
  // WebP's own limit is 16,384 a side, but its extended header can promise 2^24.
  std::string webp = fixture("lossy_alpha.webp");
  REQUIRE(webp.substr(12, 4) == "VP8X");
  webp.replace(24, 6, "\x5f\xea\0\x5f\xea\0", 6);
  std::string bmp = fixture("rgb.bmp");
  bmp.replace(18, 8, little_endian(60000) + little_endian(60000));
  std::string tiff = fixture("tiled.tif");  // II, long values
  for (const char tag : {'\x00', '\x01'}) {
    const std::size_t at = tiff.find(std::string{tag, '\x01', '\x04', '\0', '\x01', '\0', '\0', '\0'});
    REQUIRE(at != std::string::npos);
    tiff.replace(at + 8, 4, little_endian(60000));
  }
  for (const std::string& bytes : {png_of_size(60000, 60000, "x"), jpeg, webp, bmp, tiff}) {
    std::string message;
    CHECK(refused_bytes(bytes, &message) == Reason::kTooLarge);
    CHECK_THAT(message, test::contains("60000x60000"));
    CHECK_THROWS_AS(image::decode_image(bytes, "x"), image::ImageTooLarge);
  }
  try {
    image::decode_image(bmp, "x");
  } catch (const DecodeError& error) {
    CHECK(error.reason() == Reason::kTooLarge);
  }
}

TEST_CASE("limits are the caller's: on pixels and on the length of a file") {
  const test::TempDir dir;
  test::write_file(dir / "a.png", fixture("rgb.png"));
  image::ReadOptions options;
  image::DecodeLimits& limits = options.limits;
  limits.max_pixels = 21 * 13;
  CHECK(image::load_image(dir / "a.png", options).height == 13);
  limits.max_pixels = 21 * 13 - 1;
  CHECK(refusal([&] { image::load_image(dir / "a.png", options); }) == Reason::kTooLarge);
  limits = {};
  limits.max_file_bytes = 100;
  CHECK(refusal([&] { image::load_image(dir / "a.png", options); }) == Reason::kTooLarge);
}

TEST_CASE("a picture that promises far more pixels than its bytes can hold is refused without decoding") {
  std::string message;
  CHECK(refused_bytes(png_of_size(12000, 12000, std::string(1000, 'x')), &message) == Reason::kTruncated);
  CHECK_THAT(message, test::contains("too few bytes"));
  std::string bmp = fixture("rgb.bmp");
  bmp.replace(18, 8, little_endian(12000) + little_endian(12000));
  CHECK(refused_bytes(bmp) == Reason::kCorrupt);
}

TEST_CASE("a picture cut at any byte is refused") {
  for (const auto& one : test::format_fixtures()) {
    CAPTURE(one.name);
    // Only what carries no pixels may be missing: the padding of a BMP's last row, the marks after its last run.
    const bool bmp = one.name.find(".bmp") != std::string::npos;
    const std::size_t most = one.bytes.size() - (bmp ? 5 : 1);
    std::vector<std::size_t> accepted;
    for (std::size_t size = 0; size <= most; ++size) {
      try {
        image::decode_image(one.bytes.substr(0, size), one.name);
        accepted.push_back(size);
      } catch (const DecodeError& error) {
        CHECK(error.reason() != Reason::kTooLarge);
      }
    }
    CHECK(accepted.empty());
  }
}

TEST_CASE("damage that the format's own checksum shows is an error, and so is a palette picture without palette") {
  std::string png = fixture("rgb.png");
  const std::size_t data = png.find("IDAT");
  png[data + 20] = static_cast<char>(png[data + 20] ^ 1);
  std::string message;
  CHECK(refused_bytes(png, &message) == Reason::kCorrupt);
  CHECK_THAT(message, test::contains("checksum") && test::contains("IDAT"));
  std::string palette = fixture("palette.png");
  palette.replace(palette.find("PLTE"), 4, "pLTe");
  CHECK(refused_bytes(palette) == Reason::kCorrupt);
}

TEST_CASE("a JPEG whose data end before the picture does, or make no sense, is refused instead of half grey") {
  for (const auto& one : test::format_fixtures()) {
    if (one.name.find(".jpg") == std::string::npos || one.width * one.height < 64) continue;
    CAPTURE(one.name);
    const std::size_t scan = one.bytes.rfind("\xff\xda");
    const std::size_t half = scan + (one.bytes.size() - scan) / 2;
    std::string message;
    CHECK(refused_bytes(one.bytes.substr(0, half) + "\xff\xd9", &message) == Reason::kCorrupt);
    CHECK_THAT(message, test::contains("end before the picture does"));
    // Bits that stand for nothing: no code of a Huffman table is all ones.
    std::string ones = one.bytes.substr(0, half);
    for (int i = 0; i < 20; ++i) ones += std::string("\xff\0", 2);
    ones += "\xff\xd9";
    CHECK(refused_bytes(ones) == Reason::kCorrupt);
  }
}

TEST_CASE("thousands of damaged files are either read or refused: no crash, no other exception") {
  std::mt19937 random(20260101);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  int read = 0;
  int refused = 0;
  for (const auto& one : test::format_fixtures()) {
    CAPTURE(one.name);
    const bool png = one.name.find(".png") != std::string::npos;
    for (int round = 0; round < 60; ++round) {
      std::string bytes = one.bytes;
      const std::size_t changes = 1 + below(6);
      // Headers are where the danger is: half of the changes go to the first and last 64 bytes.
      for (std::size_t i = 0; i < changes; ++i) {
        const std::size_t edge = std::min<std::size_t>(64, bytes.size());
        const std::size_t at = below(2) == 0   ? below(bytes.size())
                               : below(2) == 0 ? below(edge)
                                               : bytes.size() - 1 - below(edge);
        const uint8_t special[] = {0, 1, 0x7f, 0x80, 0xff, static_cast<uint8_t>(random())};
        bytes[at] = static_cast<char>(special[below(6)]);
      }
      if (below(8) == 0) bytes.resize(below(bytes.size() + 1));
      if (below(8) == 0) bytes.insert(below(bytes.size() + 1), std::string(1 + below(40), '\xff'));
      if (png) {  // checksums put right, so that the change gets past them
        for (std::size_t at = 8; at + 12 <= bytes.size();) {
          const auto* p = reinterpret_cast<const uint8_t*>(bytes.data()) + at;
          const std::size_t length = static_cast<std::size_t>(p[0]) << 24 | static_cast<std::size_t>(p[1]) << 16 |
                                     static_cast<std::size_t>(p[2]) << 8 | p[3];
          if (length > bytes.size() - at - 12) break;
          bytes.replace(at + 8 + length, 4, big_endian(crc32(bytes.substr(at + 4, length + 4))));
          at += 12 + length;
        }
      }
      image::ReadOptions options;
      options.limits.max_pixels = 1'000'000;  // keeps a hostile but honest header from taking the test's time
      try {
        const image::Image out = image::decode_image(bytes, one.name, options);
        REQUIRE(out.rgb.size() == static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height) * 3);
        ++read;
      } catch (const DecodeError&) {
        ++refused;
      }
    }
  }
  CHECK(read > 500);
  CHECK(refused > 2000);
}
