// A file that is no picture is refused with what it is and what to do with it.
#include "core/image/no_picture.h"

#include "core/base/utf8.h"
#include "core/image/decode.h"
#include "core/image/read_pair.h"
#include "tests/support/catch.h"
#include "tests/support/formats.h"

using namespace ccx;
using test::contains;

namespace {

struct Case {
  const char* name;
  std::string bytes;
  const char* what;
  const char* advice;
};

std::string bytes(const char* text, std::size_t size) {
  return {text, size};
}

std::string refusal(const std::filesystem::path& path) {
  try {
    image::load_image(path);
  } catch (const image::DecodeError& error) {
    CHECK(error.reason() == image::DecodeError::Reason::kNotAnImage);
    return error.what();
  }
  FAIL("it was read");
  return "";
}

void check_all(const std::vector<Case>& cases) {
  const test::TempDir dir;
  for (const Case& each : cases) {
    CAPTURE(each.name, each.what);
    test::write_file(dir / each.name, each.bytes);
    const std::string message = refusal(dir / each.name);
    CHECK_THAT(message, contains(each.name) && contains(each.what) && contains(each.advice));
    CHECK_THAT(message, !contains("not a PNG"));
  }
}

}  // namespace

TEST_CASE("what a server or a clone left in a picture's place is told by its kind") {
  check_all({
      {"page.tif", "\n<!DOCTYPE html><html><head><title>Sign in</title>", "a web page (HTML)", "download"},
      {"upper.tif", "<HTML><BODY>404</BODY></HTML>", "a web page (HTML)", "download"},
      {"denied.tif", "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>", "XML (AccessDenied)",
       "download"},
      {"notes.xml", "<?xml version=\"1.0\"?>\n<Dimap_Document>", "XML and no picture", "name the picture"},
      {"lfs.png", "version https://git-lfs.github.com/spec/v1\noid sha256:4\nsize 9\n", "Git LFS", "git lfs pull"},
      {"annex.png", "/annex/objects/SHA256E-s3--4.png\n", "git-annex", "git annex get"},
      {"link.png", "../../data/x.png", "text and no picture (\"../../data/x.png\")", "picture itself"},
      {"answer.png", R"({"message":"Not Found"})", "text and no picture", "Not Found"},
      {"latin.png", "Zugriff verweigert f\xfcr alle Benutzer", "text and no picture", "picture itself"},
      {"base64.png", "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAI", "base64", "decode it"},
      {"zero.tif", std::string(4096, '\0'), "512 zero bytes", "get it again"},
  });
}

TEST_CASE("what is quoted of a file is UTF-8, whatever the file holds") {
  const std::string long_text = "a text that is longer than what is quoted of it, cut in the middle of ";
  for (const std::string& text : {"<Error><Code>Acc\xe8s refus\xe9 " + long_text + "</Code></Error>",
                                  "acc\xe8s refus\xe9 " + long_text, std::string(59, 'a') + "\xc3\xa9\xc3\xa9"}) {
    const std::string message = image::no_picture(text, "x.png");
    CAPTURE(message);
    CHECK(replace_invalid_utf8(message) == message);
    CHECK(message.size() < 200);
  }
}

TEST_CASE("nothing is quoted of what a link leads to") {
  const test::TempDir dir;
  test::write_file(dir / "secret", "root:x:0:0:root\n");
  std::filesystem::create_symlink(dir / "secret", dir / "x.png");
  const std::string message = refusal(dir / "x.png");
  CHECK_THAT(message, contains("text and no picture"));
  CHECK(message.find("root:") == std::string::npos);
}

TEST_CASE("archives in a picture's place are told from pictures, and unpacked") {
  std::string tar = "x.png" + std::string(252, '\0') + "ustar";
  check_all({
      {"a.tif", bytes("PK\3\4\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\5\0\0\0B.tif", 35),
       "(its first file is \"B.tif\")", "unpack"},
      {"b.tif", "PK\5\6", "a ZIP archive", "unpack"},
      {"c.tif", bytes("\x1f\x8b\x08\0\0\0", 6), "gzip", "unpack"},
      {"d.tif", tar, "a tar archive", "unpack"},
      {"e.tif", "7z\xbc\xaf\x27\x1c", "7-Zip", "unpack"},
  });
}

TEST_CASE("a picture of a format that is not read is named, with how to convert it") {
  check_all({
      {"a.heic",
       bytes("\0\0\0\x18"
             "ftypheic\0\0\0\0",
             16),
       "a HEIC picture", "convert"},
      {"a.avif",
       bytes("\0\0\0\x18"
             "ftypavif\0\0\0\0",
             16),
       "an AVIF picture", "convert"},
      {"a.mp4",
       bytes("\0\0\0\x18"
             "ftypisom\0\0\0\0",
             16),
       "a film", "frame"},
      {"a.gif", bytes("GIF89a\1\0\1\0", 10), "a GIF picture", "convert"},
      {"a.psd", bytes("8BPS\0\1", 6), "PSD", "convert"},
      {"a.dcm", std::string(128, '\0') + "DICM", "DICOM", "convert"},
      {"a.pdf", "%PDF-1.7", "a PDF document", "PNG"},
      {"a.npy", bytes("\x93NUMPY\1\0", 8), "a NumPy array", "fromarray"},
      {"a.ppm", "P6\n2 2\n255\n", "a PPM, PGM or PBM picture", "convert"},
      {"a.nc", bytes("CDF\1\0", 5), "a NetCDF file", "gdal_translate"},
      {"a.h5", bytes("\x89HDF\r\n\x1a\n\0", 9), "an HDF5 file", "SUBDATASET"},
      {"a.ntf", "NITF02.10", "a NITF picture", "gdal_translate IN out.tif"},
      {"a.grb", "GRIB", "a GRIB file", "gdal_translate"},
      {"a.pix", "PCIDSK  SDK V1.0", "a PCIDSK picture", "gdal_translate"},
      {"a.ers", "DatasetHeader Begin\n", "an ERMapper header", "gdal_translate"},
      {"a.asc", "ncols 3\nnrows 2\n", "an ESRI ASCII grid", "gdal_translate"},
      {"a.sid", bytes("msid\0\0", 6), "a MrSID picture", "driver"},
      {"a.ecw", bytes("\x65\2\4\0\1\1", 6), "an ECW picture", "driver"},
      {"header.hdr", "ENVI\nsamples = 3\n", "an ENVI header", "beside it"},
      {"raw.bsq", bytes("\1\0\7\3\0", 5), "bare pixels", ".hdr"},
  });
}

TEST_CASE("a picture that was changed as text is to be copied again") {
  check_all({
      {"a.png", bytes("\x89PNG\n\x1a\n\0\0\0\rIHDR", 15), "line ends were changed", "as binary"},
      {"b.png", bytes("\xef\xbf\xbdPNG\r\n\x1a\n\0\0\0\rIHDR", 18), "saved as text", "as binary"},
      {"c.jpg", bytes("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\0\x10JFIF", 18), "saved as text", "as binary"},
  });
}

TEST_CASE("what nothing is known of names the formats that are read") {
  const test::TempDir dir;
  test::write_file(dir / "x.tif", bytes("\x12\0\x34\1\2\3\xfe", 7));
  CHECK_THAT(refusal(dir / "x.tif"), contains("not a PNG, JPEG, WebP, TIFF"));
  CHECK(image::found_instead_of_picture(bytes("\xff\xd8\xff\xe0\0\x10JFIF", 10), "x.jpg").empty());
}

TEST_CASE("a directory in a picture's place is told, and a Zarr store by its name") {
  const test::TempDir dir;
  std::filesystem::create_directories(dir / "a.zarr");
  test::write_file(dir / "a.zarr/.zgroup", "{}");
  std::filesystem::create_directories(dir / "S2.SAFE");
  CHECK_THAT(image::no_picture_but_directory(dir / "a.zarr"), contains("Zarr") && contains("gdal_translate"));
  CHECK_THAT(image::no_picture_but_directory(dir / "S2.SAFE"), contains("Sentinel") && contains("IMG_DATA"));
  CHECK_THAT(image::no_picture_but_directory(dir.path()), contains("it is a directory"));
  CHECK(image::is_raster_directory(dir / "a.zarr"));
  CHECK_FALSE(image::is_raster_directory(dir / "S2.SAFE"));
}

TEST_CASE("a band of a picture says likewise what it is") {
  const test::TempDir dir;
  test::write_file(dir / "red.tif", "version https://git-lfs.github.com/spec/v1\noid sha256:4\nsize 9\n");
  test::write_file(dir / "rgb.png", test::read_file(test::data_dir() / "image/formats/rgb.png"));
  const std::string red = (dir / "red.tif").string(), whole = (dir / "rgb.png").string();
  CHECK_THROWS_WITH(image::read_pair({red, whole, whole}, {whole, whole, whole}, {}, 0), contains("Git LFS pointer"));
}
