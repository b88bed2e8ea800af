// Marks of files that are taken for pictures (no_picture.h).
#include "core/image/no_picture.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <system_error>

#include "core/base/ascii.h"
#include "core/base/utf8.h"
#include "core/image/byte_reader.h"
#include "core/io/file.h"

namespace ccx::image {

namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

constexpr const char* kAgain = "download the picture again";
constexpr const char* kCopyAgain = "copy or download it again, as binary";
constexpr const char* kUnpack = "unpack it and name the picture in it";
constexpr const char* kConvert = "convert it to PNG, JPEG or TIFF";
constexpr const char* kTranslate = "make a GeoTIFF of it, with gdal_translate IN out.tif";
constexpr const char* kTranslatePart =
    "make a GeoTIFF of an image in it: gdalinfo lists them (SUBDATASET), gdal_translate makes it";
constexpr const char* kTranslateClosed =
    "make a GeoTIFF of it with gdal_translate or QGIS, where they are built with its driver";
constexpr const char* kDevelop = "develop it to TIFF or JPEG";
constexpr const char* kRender = "make a PNG of it";
constexpr const char* kFrame = "take a frame out of it as PNG";

struct Mark {
  std::size_t at;
  std::string_view bytes;
  const char* what;
  const char* advice;
};

constexpr std::array kMarks = {
    Mark{0, "\x1f\x8b"sv, "compressed with gzip", kUnpack},
    Mark{0, "BZh"sv, "compressed with bzip2", kUnpack},
    Mark{0, "\xfd\x37zXZ\0"sv, "compressed with xz", kUnpack},
    Mark{0, "\x28\xb5\x2f\xfd"sv, "compressed with zstd", kUnpack},
    Mark{0, "\x04\x22\x4d\x18"sv, "compressed with lz4", kUnpack},
    Mark{0, "7z\xbc\xaf\x27\x1c"sv, "a 7-Zip archive", kUnpack},
    Mark{0, "Rar!\x1a\x07"sv, "a RAR archive", kUnpack},
    Mark{257, "ustar"sv, "a tar archive", kUnpack},
    Mark{0, "GIF8"sv, "a GIF picture, which ccx does not read", kConvert},
    Mark{0, "8BPS"sv, "a Photoshop picture (PSD), which ccx does not read", kConvert},
    Mark{0, "\xff\x0a"sv, "a JPEG XL picture, which ccx does not read", kConvert},
    Mark{0, "\0\0\0\x0cJXL \r\n\x87\n"sv, "a JPEG XL picture, which ccx does not read", kConvert},
    Mark{0, "II\xbc"sv, "a JPEG XR picture, which ccx does not read", kConvert},
    Mark{0, "\x76\x2f\x31\x01"sv, "an OpenEXR picture, which ccx does not read", kConvert},
    Mark{0, "qoif"sv, "a QOI picture, which ccx does not read", kConvert},
    Mark{0, "DDS "sv, "a DirectDraw texture (DDS), which ccx does not read", kConvert},
    Mark{0, "gimp xcf"sv, "a GIMP picture (XCF), which ccx does not read", kConvert},
    Mark{128, "DICM"sv, "a DICOM picture, which ccx does not read", kConvert},
    Mark{0, "SIMPLE  ="sv, "a FITS picture, which ccx does not read", kTranslate},
    Mark{0, "%PDF"sv, "a PDF document and no picture", kRender},
    Mark{0, "%!PS"sv, "a PostScript document and no picture", kRender},
    Mark{0, "FUJIFILMCCD-RAW"sv, "a camera's raw picture, which ccx does not read", kDevelop},
    Mark{0, "IIU\0"sv, "a camera's raw picture, which ccx does not read", kDevelop},
    Mark{0, "IIRO"sv, "a camera's raw picture, which ccx does not read", kDevelop},
    Mark{0, "\x1a\x45\xdf\xa3"sv, "a film (Matroska) and no picture", kFrame},
    Mark{8, "AVI "sv, "a film (AVI) and no picture", kFrame},
    Mark{0, "\x93NUMPY"sv, "a NumPy array (.npy) and no picture",
         "write it as a picture, with PIL's Image.fromarray(a).save(\"x.png\") or rasterio"},
    Mark{0, "MATLAB 5.0"sv, "a MATLAB file and no picture", "write it as a picture, with imwrite or geotiffwrite"},
    Mark{0, "\x89HDF\r\n\x1a\n"sv, "an HDF5 file (also of NetCDF-4 and KEA), which ccx does not read", kTranslatePart},
    Mark{0, "\x0e\x03\x13\x01"sv, "an HDF4 file, which ccx does not read", kTranslatePart},
    Mark{0, "CDF\x01"sv, "a NetCDF file, which ccx does not read", kTranslatePart},
    Mark{0, "CDF\x02"sv, "a NetCDF file, which ccx does not read", kTranslatePart},
    Mark{0, "CDF\x05"sv, "a NetCDF file, which ccx does not read", kTranslatePart},
    Mark{0, "GRIB"sv, "a GRIB file, which ccx does not read", kTranslate},
    Mark{0, "NITF"sv, "a NITF picture, which ccx does not read", kTranslate},
    Mark{0, "NSIF"sv, "an NSIF picture, which ccx does not read", kTranslate},
    Mark{0, "PCIDSK"sv, "a PCIDSK picture, which ccx does not read", kTranslate},
    Mark{0, "DatasetHeader"sv, "an ERMapper header (.ers), which ccx does not read", kTranslate},
    Mark{0, "PRODUCT=\""sv, "an ENVISAT product, which ccx does not read", kTranslate},
    Mark{0, "DSAA"sv, "a Surfer grid, which ccx does not read", kTranslate},
    Mark{0, "DSBB"sv, "a Surfer grid, which ccx does not read", kTranslate},
    Mark{0, "DSRB"sv, "a Surfer grid, which ccx does not read", kTranslate},
    Mark{0, "msid"sv, "a MrSID picture, which ccx does not read", kTranslateClosed},
    Mark{0, "SQLite format 3"sv, "an SQLite file (GeoPackage, MBTiles), which ccx does not read", kTranslate},
    Mark{0, "\0\0\x27\x0a"sv, "a shapefile and no picture", "name the pictures"},
    Mark{0, "LASF"sv, "a cloud of points (LAS) and no picture", "name the pictures"},
    Mark{0, "PAR1"sv, "a Parquet table and no picture", "take the pictures out of it first"},
    Mark{0, "\0\x05\x16\x07"sv, "macOS's companion of a file (._NAME) and no picture",
         "name the file without ._ before its name"},
    Mark{0, "version https://git-lfs"sv, "a Git LFS pointer and not the picture itself",
         "run \"git lfs pull\" in its folder, or download the picture"},
    Mark{0, "/annex/objects/"sv, "a pointer of git-annex and not the picture itself",
         "run \"git annex get\" in its folder, or download the picture"},
    Mark{0, "outs:\n"sv, "a pointer of DVC and not the picture itself", "run \"dvc pull\""},
    Mark{0, "ENVI"sv, "an ENVI header and not the picture", "name the file beside it that holds the pixels"},
    Mark{0, "data:image/"sv, "a picture in base64 as text", "decode it first (base64 -d)"},
    Mark{0, "iVBORw0KGgo"sv, "a picture in base64 as text", "decode it first (base64 -d)"},
    Mark{0, "/9j/4"sv, "a picture in base64 as text", "decode it first (base64 -d)"},
    // Whole, these are read.
    Mark{0, "\x89PNG"sv, "a PNG picture whose line ends were changed, as if it were text", kCopyAgain},
    Mark{0, "\xef\xbf\xbdPNG"sv, "a PNG picture that was saved as text", kCopyAgain},
    Mark{0, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"sv, "a file of bytes that was saved as text", kCopyAgain},
};

bool begins(std::string_view text, std::string_view with) {
  return ascii::lower(text.substr(0, with.size())) == with;
}

std::string clause(const std::string& what, const std::string& advice) {
  return "it is " + what + ": " + advice;
}

// The first words of a text, in quotation marks.
std::string quoted_start(std::string_view text) {
  constexpr std::size_t most = 60;
  std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  const bool is_cut = line.size() > most;
  line = line.substr(0, most);
  line.remove_suffix(incomplete_utf8_suffix(line));
  return "\"" + replace_invalid_utf8(line) + (is_cut ? "...\"" : "\"");
}

std::string zip_archive(std::string_view head) {
  std::string first;
  if (head.size() > 30) {
    const std::size_t length = ByteReader(head, Endian::kLittle).u16(26);
    first = std::string(head.substr(30, length));
  }
  const bool is_name = !first.empty() && std::all_of(first.begin(), first.end(), [](char c) { return c >= ' '; });
  return clause("a ZIP archive" + (is_name ? " (its first file is " + quoted_start(first) + ")" : ""), kUnpack);
}

// Boxes of ISO 14496: HEIC, AVIF and films.
std::string boxes(std::string_view brand) {
  if (begins(brand, "avi")) return clause("an AVIF picture, which ccx does not read", kConvert);
  if (brand == "crx ") return clause("a camera's raw picture, which ccx does not read", kDevelop);
  for (const std::string_view known :
       {"heic"sv, "heix"sv, "heim"sv, "heis"sv, "hevc"sv, "hevx"sv, "mif1"sv, "msf1"sv}) {
    if (brand == known) return clause("a HEIC picture, which ccx does not read", kConvert);
  }
  return clause("a film (MP4) and no picture", kFrame);
}

// What lies between <Code> and </Code> in a store's answer: AccessDenied, NoSuchKey.
std::string code_of_error(std::string_view text) {
  const std::size_t begin = text.find("<Code>");
  const std::size_t end = text.find("</Code>");
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin + 6) return "";
  return " (" + replace_invalid_utf8(text.substr(begin + 6, std::min<std::size_t>(end - begin - 6, 40))) + ")";
}

// Text whose first letter is '<'.
std::string marked_up(std::string_view text) {
  const std::string lower = ascii::lower(text);
  const auto holds = [&](const char* word) { return lower.find(word) != std::string::npos; };
  if (holds("<svg")) return clause("an SVG drawing and no picture of pixels", kRender);
  if (holds("<html") || holds("<!doctype html") || holds("<head") || holds("<body") || holds("<script")) {
    return clause("a web page (HTML) and no picture, such as a page to log in at", kAgain);
  }
  if (holds("<error")) {
    return clause("a server's error as XML" + code_of_error(text) + " and no picture", kAgain);
  }
  if (holds("<pamdataset")) return clause("what GDAL notes of a picture (.aux.xml)", "name the picture beside it");
  if (holds("<gdal_wms") || holds("<gdal_wmts")) {
    return clause("a description of a map server, which ccx does not ask", kTranslate);
  }
  return clause("XML and no picture", "name the picture that belongs to it, or " + std::string(kAgain));
}

bool is_text(std::string_view head) {
  if (head.find('\0') != std::string_view::npos) return false;
  head.remove_suffix(incomplete_utf8_suffix(head));
  std::size_t strange = 0;
  for (std::size_t at = 0; at < head.size();) {
    const CodePoint point = code_point_at(head, at);
    const bool is_control = point.value < ' ' && point.value != '\t' && point.value != '\r' && point.value != '\n';
    if (is_control) return false;
    strange += point.valid ? 0 : 1;
    at += point.length;
  }
  return 8 * strange < head.size();  // an older encoding's letters
}

std::string text_words(std::string_view head, const fs::path& path) {
  std::string_view text = head;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return clause("empty lines and no picture", kAgain);
  text.remove_prefix(first);
  if (text.front() == '<') return marked_up(text);
  if (begins(text, "ncols") || begins(text, "nrows")) {
    return clause("an ESRI ASCII grid, which ccx does not read", kTranslate);
  }
  if (text.find("\"stac_version\"") != std::string_view::npos) {
    return clause("a STAC item and no picture", "download the pictures that its assets name");
  }
  // A link may lead to a file that is none of the pairs': its words are nobody's business.
  std::error_code ignored;
  const std::string words = fs::is_symlink(path, ignored) ? "" : " (" + quoted_start(text) + ")";
  return clause("text and no picture" + words, "get the picture itself, or mend what names it");
}

// PNM's P1 to P7 and a blank; PF and Pf.
bool is_pnm(std::string_view head) {
  if (head.size() < 3 || head[0] != 'P') return false;
  const bool is_kind = (head[1] >= '1' && head[1] <= '7') || head[1] == 'F' || head[1] == 'f';
  return is_kind && (head[2] == '\n' || head[2] == ' ' || head[2] == '\r' || head[2] == '\t' || head[2] == '#');
}

// Formats without a mark, and nothing.
std::string by_ending(std::string_view head, const fs::path& path) {
  const std::string ending = ascii::lower(path.extension().string());
  if (ending == ".ecw") return clause("an ECW picture, which ccx does not read", kTranslateClosed);
  if (ending == ".sid") return clause("a MrSID picture, which ccx does not read", kTranslateClosed);
  if (ending == ".tga") return clause("a Targa picture (TGA), which ccx does not read", kConvert);
  for (const char* raw : {".bsq", ".bil", ".bip", ".dat", ".raw", ".bin", ".img", ".envi", ".flt"}) {
    if (ending != raw) continue;
    return "it has no mark of a picture's format; where it holds bare pixels, an ENVI header (.hdr) is to lie beside "
           "it, or make a GeoTIFF of it";
  }
  if (std::all_of(head.begin(), head.end(), [](char c) { return c == '\0'; })) {
    return "it begins with " + std::to_string(head.size()) +
           " zero bytes: its download or copy did not come to its end; get it again";
  }
  return "";
}

bool is_zarr(const fs::path& path) {
  std::error_code ignored;
  for (const char* name : {".zgroup", ".zarray", ".zattrs", "zarr.json"}) {
    if (fs::exists(path / name, ignored)) return true;
  }
  return false;
}

bool is_geodatabase(const fs::path& path) {
  std::error_code ignored;
  return ascii::lower(path.extension().string()) == ".gdb" && fs::is_directory(path, ignored);
}

}  // namespace

std::string found_instead_of_picture(std::string_view head, const fs::path& path) {
  head = head.substr(0, kNoPictureHead);
  for (const Mark& mark : kMarks) {
    if (head.size() > mark.at && head.substr(mark.at).starts_with(mark.bytes)) return clause(mark.what, mark.advice);
  }
  for (const std::string_view zip : {"PK\x03\x04"sv, "PK\x05\x06"sv, "PK\x07\x08"sv}) {
    if (head.starts_with(zip)) return zip_archive(head);
  }
  if (head.size() >= 12 && head.substr(4, 4) == "ftyp") return boxes(head.substr(8, 4));
  if (is_pnm(head)) return clause("a PPM, PGM or PBM picture, which ccx does not read", kConvert);
  if (io::is_pickle(head)) {
    return clause("a Python pickle and no picture", "write the array in it as a picture");
  }
  if (is_text(head)) return text_words(head, path);
  return by_ending(head, path);
}

std::string no_picture(std::string_view head, const fs::path& path) {
  const std::string found = found_instead_of_picture(head, path);
  if (!found.empty()) return found;
  return "it is not a PNG, JPEG, WebP, TIFF, JPEG 2000, VRT, ENVI, Erdas Imagine or BMP picture";
}

bool is_raster_directory(const fs::path& path) {
  return is_zarr(path) || is_geodatabase(path);
}

std::string no_picture_but_directory(const fs::path& path) {
  std::error_code ignored;
  if (is_zarr(path)) return clause("a Zarr directory, which ccx does not read", kTranslatePart);
  if (is_geodatabase(path)) return clause("an ESRI geodatabase, a directory that ccx does not read", kTranslatePart);
  if (ascii::lower(path.extension().string()) == ".safe" || fs::exists(path / "manifest.safe", ignored)) {
    return clause("the directory of a Sentinel product",
                  "name the pictures below it (GRANULE/*/IMG_DATA, measurement)");
  }
  return "it is a directory and no picture";
}

}  // namespace ccx::image
