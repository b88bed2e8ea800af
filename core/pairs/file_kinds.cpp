// What a file or folder is by its name (file_kinds.h).
#include "core/pairs/file_kinds.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/one_of.h"
#include "core/pairs/roles.h"

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

constexpr std::array<std::string_view, 30> kLabelParts = {
    "label",       "labels", "mask",  "masks", "gt",       "gts",       "groundtruth",  "target",
    "targets",     "sem",    "seg",   "segs",  "semantic", "semantics", "segmentation", "annotation",
    "annotations", "anno",   "annos", "annot", "lbl",      "lbls",      "changemap",    "changemaps",
    "cdmap",       "udm",    "udm2",  "scl",   "msk",      "bqa"};
constexpr std::array<std::string_view, 15> kLabelNames = {
    "cm",    "heatmap",  "heatmaps",      "pred",    "preds", "prediction", "predictions", "edge",
    "edges", "__macosx", "reference_map", "qi_data", "cmap",  "truth",      "differences"};
constexpr std::array<std::string_view, 8> kWeakFolders = {"out",  "change", "changes",    "changed",
                                                          "diff", "diffs",  "difference", "damage"};
constexpr std::array<std::string_view, 8> kWeakLast = {"change", "changes", "diff",   "difference",
                                                       "out",    "cm",      "damage", "heatmap"};

constexpr std::array<std::string_view, 11> kPreviews = {"thumb",     "thumbs",     "thumbnail", "thumbnails",
                                                        "quicklook", "quicklooks", "preview",   "previews",
                                                        "browse",    "ql",         "pvi"};

// "label1" and "mask256" are labels too.
std::string_view without_digits(std::string_view word) {
  while (!word.empty() && ascii::is_digit(word.back()) && word != "udm2") word.remove_suffix(1);
  return word;
}

bool is_label_part(std::string_view word) {
  return is_one_of(without_digits(word), kLabelParts);
}

// Two words that make one: ground truth, change map, damage map.
bool is_label_pair(std::string_view first, std::string_view second) {
  const bool is_map = second == "map" || second == "maps";
  return (first == "ground" && second == "truth") ||
         (is_map && (first == "change" || first == "damage" || first == "label" || first == "cd")) ||
         (first == "building" && second == "damage") || (first == "qa" && second == "pixel");
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

LabelWord label_folder(std::string_view name) {
  const std::string text = ascii::lower(name);
  if (is_one_of(text, kLabelNames)) return LabelWord::kStrong;
  const std::vector<std::string_view> words = words_of(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_label_part(words[i])) return LabelWord::kStrong;
    if (i + 1 < words.size() && is_label_pair(words[i], words[i + 1])) return LabelWord::kStrong;
  }
  return is_one_of(text, kWeakFolders) ? LabelWord::kWeak : LabelWord::kNone;
}

LabelWord label_word(std::string_view stem, std::string* base) {
  const std::string text = ascii::lower(stem);
  const std::vector<NamePart> parts = parts_of(text);
  if (parts.empty()) return LabelWord::kNone;
  const auto word = [&](std::size_t i) {
    return std::string_view(text).substr(parts[i].begin, parts[i].end - parts[i].begin);
  };
  const std::size_t last = parts.size() - 1;
  const auto cut = [&](std::size_t begin, std::size_t end) {
    if (base == nullptr) return;
    *base = std::string(stem.substr(0, begin)) + std::string(stem.substr(end));
    while (!base->empty() &&
           (base->back() == '_' || base->back() == '-' || base->back() == '.' || base->back() == ' ')) {
      base->pop_back();
    }
  };
  if (is_label_part(word(last)) &&
      !(last > 0 && word(last) != without_digits(word(last)) && word(last).substr(0, 2) == "gt")) {
    cut(parts[last].begin, parts[last].end);
    return LabelWord::kStrong;
  }
  if (last > 0 && is_label_pair(word(last - 1), word(last))) {
    cut(parts[last - 1].begin, parts[last].end);
    return LabelWord::kStrong;
  }
  if (last > 0 && is_label_part(word(0))) {
    cut(0, parts[1].begin);
    return LabelWord::kStrong;
  }
  if (is_one_of(word(last), kWeakLast)) {
    cut(parts[last].begin, parts[last].end);
    return LabelWord::kWeak;
  }
  return LabelWord::kNone;
}

bool is_preview_name(std::string_view name) {
  const std::string text = ascii::lower(name);
  const std::vector<std::string_view> words = words_of(text);
  return std::any_of(words.begin(), words.end(), [](std::string_view word) { return is_one_of(word, kPreviews); });
}

std::optional<BandName> band_name(std::string_view stem) {
  const std::vector<NamePart> parts = parts_of(stem);
  if (parts.empty()) return std::nullopt;
  std::size_t at = parts.size() - 1;
  const auto word = [&](std::size_t i) {
    return ascii::lower(stem.substr(parts[i].begin, parts[i].end - parts[i].begin));
  };
  std::size_t end = parts[at].end;
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
  std::string base(stem.substr(0, begin));
  while (!base.empty() && (base.back() == '_' || base.back() == '-' || base.back() == '.' || base.back() == ' '))
    base.pop_back();
  base += stem.substr(end);
  return BandName{base, band};
}

}  // namespace ccx::pairs
