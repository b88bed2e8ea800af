// How pictures are read, and what was made of one. Plain data.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/image/stretch.h"

namespace ccx::image {

// What is too large to be tried at all.
struct DecodeLimits {
  int64_t max_pixels = 178'956'970;              // PIL's own decompression-bomb error
  int64_t max_file_bytes = int64_t{1} << 30;     // of formats that are read whole: PNG, JPEG, WebP
  int64_t max_block_bytes = int64_t{512} << 20;  // of a raster's strip or tile, all its bands
};

struct ReadOptions {
  std::vector<int> bands;  // `--bands`: which are red, green and blue, or the one that is grey; from 1. Empty: its own
  Stretch stretch;         // `--stretch`
  // Files that a picture refers to (a VRT's sources, a header, masks and overviews beside it) lie in here, links
  // resolved; unset: in the picture's own folder.
  std::optional<std::filesystem::path> root;
  bool allow_outside = false;  // or anywhere on this machine's disks, never on a network
  DecodeLimits limits;
  bool checked = true;  // of a pair: its dates are compared for warnings
};

// "4,3,2" or "1". Throws UsageError for anything but one or three numbers from 1.
std::vector<int> parse_bands(const std::string& text);
std::string bands_text(const std::vector<int>& bands);

// By what the bands shown were chosen.
enum class BandsBy {
  kColours,      // the file's colour interpretation; or there is no choice
  kNames,        // what its bands are called
  kWavelengths,  // where in the spectrum they lie
  kOrder,        // they are the first
  kAsked,        // `--bands`
};

std::string bands_by_name(BandsBy by);  // "colours", "names", ...

// A rectangle of pixels.
struct Window {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;

  friend bool operator==(const Window&, const Window&) = default;
};

// What was read and what was done to it.
struct ReadInfo {
  int width = 0;  // of the whole picture as it lies in its file, but turned as a TIFF's orientation tag asks
  int height = 0;
  SampleType type = SampleType::kUint8;
  int bands_in_file = 3;
  std::vector<int> bands;  // shown as red, green, blue; one: shown as grey
  BandsBy bands_by = BandsBy::kColours;
  std::string bands_doubt;           // why these may not be red, green and blue; empty: nothing speaks against it
  bool has_other_bands = false;      // that hold more than was shown: infrared, ...
  std::optional<Levels> levels;      // the stretch; unset where values were taken as they are
  double nodata = 0;                 // share of the pixels shown that hold no data, 0..1
  std::optional<Window> window;      // the part that was shown, where not all was
  bool warped = false;               // brought to the other date's grid; `window` is unset then
  bool is_nearly_one_value = false;  // before the stretch
  uint64_t content = 0;              // hash of the 8-bit pixels shown
  int orientation = 1;               // EXIF's 1..8 that a JPEG, PNG or WebP asks for; not applied
  int turned = 1;         // EXIF's 1..8 by which it was turned for north to be up; `window` is as before that
  int pages = 1;          // of the picture's size in a TIFF, of which the first was read
  std::string page_note;  // which of several pictures of its file it is, "the first of 2 pages of its file, ...";
                          // empty: the only one, or the one that the file says is the picture
  std::string doubt;      // what of the file looks damaged, though it can be read; empty: nothing

  // 8-bit colour, whole and as it is: nothing that a record would have to tell.
  bool is_plain() const;
};

}  // namespace ccx::image
