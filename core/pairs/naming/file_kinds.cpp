// What a file or folder is by its name (file_kinds.h).
#include "core/pairs/naming/file_kinds.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/one_of.h"
#include "core/pairs/naming/dates.h"
#include "core/pairs/naming/roles.h"

namespace ccx::pairs {
namespace {

// Best first: a preview is rarely in a better format than its picture.
constexpr std::array<std::string_view, 12> kPictures = {".tif", ".tiff", ".jp2",  ".j2k",  ".img", ".vrt",
                                                        ".png", ".bmp",  ".webp", ".jpeg", ".jpg", ".jpe"};
constexpr std::array<std::string_view, 11> kRead = {".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff",
                                                    ".bmp", ".jp2", ".j2k",  ".vrt",  ".img"};

constexpr std::array<std::string_view, 26> kOtherPictures = {
    ".jpe", ".gif",  ".heic", ".heif", ".avif", ".jxl", ".tga", ".ppm", ".pgm", ".pnm", ".exr", ".hdr",  ".ecw",
    ".sid", ".nitf", ".ntf",  ".psd",  ".dng",  ".svg", ".h5",  ".hdf", ".nc",  ".npy", ".npz", ".jfif", ".pcx"};

constexpr std::array<std::string_view, 12> kPreviews = {"thumb",     "thumbs",     "thumbnail", "thumbnails",
                                                        "quicklook", "quicklooks", "preview",   "previews",
                                                        "browse",    "ql",         "pvi",       "overviews"};

constexpr std::array<std::string_view, 4> kSeparators = {"_", "-", ".", " "};

constexpr std::array<std::string_view, 7> kSmallerPictures = {"overview", "overviews", "lowres",     "small",
                                                              "tn",       "icon",      "browseimage"};

std::optional<BandName> band_at_end(std::string_view stem) {
  const std::vector<NamePart> parts = parts_of(stem);
  if (parts.empty()) return std::nullopt;
  std::size_t at = parts.size() - 1;
  const auto word = [&](std::size_t i) {
    return ascii::lower(stem.substr(parts[i].begin, parts[i].end - parts[i].begin));
  };
  std::size_t end = parts[at].end;
  // Copernicus Browser calls a band "..._B04_(Raw)".
  if (at > 0 && word(at) == "raw") {
    end = stem.size();
    --at;
  }
  if (at > 0 && (word(at) == "10m" || word(at) == "20m" || word(at) == "60m")) --at;  // Sentinel-2's resolution
  std::string band = word(at);
  std::size_t begin = parts[at].begin;
  static constexpr std::array<std::string_view, 10> kColours = {"red", "green", "blue", "nir", "r",
                                                                "g",   "tci",   "aot",  "wvp", "scl"};
  const bool is_colour = is_one_of(band, kColours);
  std::string digits;
  if (band.size() >= 2 && band[0] == 'b' && ascii::is_digit(band[1])) digits = band.substr(1);
  if (band.rfind("band", 0) == 0 && band.size() > 4) digits = band.substr(4);
  if (digits.empty() && at > 0 && word(at - 1) == "band") {
    digits = band;
    begin = parts[at - 1].begin;
  }
  if (!digits.empty()) {
    while (digits.size() > 1 && digits[0] == '0') digits.erase(0, 1);
    const bool is_number = std::all_of(digits.begin(), digits.end(), ascii::is_digit);
    if ((!is_number && digits != "8a") || digits.size() > 2) return std::nullopt;
    // "b7" in small letters is a tile of a grid as often as a band.
    if (band[0] == 'b' && band.rfind("band", 0) != 0 && begin == parts[at].begin && stem[begin] != 'B')
      return std::nullopt;
    band = "b" + digits;
  } else if (!is_colour && band != "b") {
    return std::nullopt;
  }
  std::string base(without_separators_behind(stem.substr(0, begin)));
  base += stem.substr(end);
  return BandName{base, band};
}

// Where the time begins that a name ends in, without the separator before it; the name's size where it ends in none.
std::size_t begin_of_last_time(std::string_view stem) {
  std::size_t begin = stem.size();
  for (const DateSpan& span : dates_in(stem)) {
    if (span.end == stem.size() && !span.is_noise) begin = span.begin;
  }
  for (const RoleSpan& role : roles_in(stem)) {
    if (role.end == stem.size() && role.family == RoleFamily::kWord) begin = role.begin;
  }
  while (begin > 0 && begin < stem.size() && is_one_of(stem.substr(begin - 1, 1), kSeparators)) --begin;
  return begin;
}

}  // namespace

std::string extension_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? "" : ascii::lower(name.substr(dot));
}

std::string_view stem_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

std::string_view without_separators_behind(std::string_view base) {
  return base.substr(0, base.find_last_not_of("_-. ") + 1);
}

FileKind kind_of_file(std::string_view name) {
  const std::string extension = extension_of(name);
  if (is_one_of(extension, kRead)) return FileKind::kPicture;
  return is_one_of(extension, kOtherPictures) ? FileKind::kOtherPicture : FileKind::kOther;
}

std::vector<std::string> envi_data_names(std::string_view header) {
  std::vector<std::string> names;
  for (const char* extension : {"", ".dat", ".img", ".bsq", ".bil", ".bip", ".raw", ".bin", ".envi", ".tif"}) {
    names.push_back(std::string(stem_of(header)) + extension);
  }
  return names;
}

int extension_rank(std::string_view name) {
  const std::string extension = extension_of(name);
  return static_cast<int>(std::find(kPictures.begin(), kPictures.end(), extension) - kPictures.begin());
}

bool is_preview_name(std::string_view name) {
  const std::string text = ascii::lower(name);
  const std::vector<std::string_view> words = words_of(text);
  return std::any_of(words.begin(), words.end(), [](std::string_view word) {
    while (!word.empty() && ascii::is_digit(word.front())) word.remove_prefix(1);  // "2018thumb"
    return is_one_of(word, kPreviews);
  });
}

std::string picture_of_preview(std::string_view stem) {
  const std::vector<NamePart> parts = parts_of(stem);
  if (parts.size() < 2) return "";
  const auto is_smaller = [&](const NamePart& part) {
    return is_one_of(ascii::lower(stem.substr(part.begin, part.end - part.begin)), kSmallerPictures);
  };
  if (parts.back().end == stem.size() && is_smaller(parts.back())) {
    return std::string(stem.substr(0, parts[parts.size() - 2].end));
  }
  return is_smaller(parts[0]) ? std::string(stem.substr(parts[1].begin)) : "";
}

std::optional<BandName> band_name(std::string_view stem) {
  if (std::optional<BandName> band = band_at_end(stem)) return band;
  // "x_red_2018", "B04_before": only what can hardly be anything else, and only looked for where it may be.
  const std::string text = ascii::lower(stem);
  static constexpr std::array<std::string_view, 3> kColours = {"red", "green", "blue"};
  const auto occurs = [&](std::string_view colour) { return text.find(colour) != std::string::npos; };
  const bool is_sentinel = stem.find("B0") != std::string_view::npos;
  if (!is_sentinel && std::none_of(kColours.begin(), kColours.end(), occurs)) return std::nullopt;
  const std::size_t time = begin_of_last_time(stem);
  if (time == 0 || time == stem.size()) return std::nullopt;
  std::optional<BandName> band = band_at_end(stem.substr(0, time));
  const bool is_sure =
      band && (is_one_of(band->band, kColours) || (is_sentinel && time >= 3 && stem.substr(time - 3, 2) == "B0"));
  if (!is_sure) return std::nullopt;
  std::string_view tail = stem.substr(time);
  if (band->base.empty()) tail.remove_prefix(1);
  band->base += tail;
  return band;
}

}  // namespace ccx::pairs
