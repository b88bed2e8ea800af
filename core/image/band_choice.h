// What a file says of its bands, and which of them are shown for it. Plain C++: the command asks GDAL, the page the
// tags.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "core/image/band_names.h"

namespace ccx::image {

// By a file's colour interpretation.
enum class BandMeaning { kNone, kRed, kGreen, kBlue, kCyan, kMagenta, kYellow, kBlack, kAlpha };

// Bands are numbered from 1; 0 is none.
struct FileBands {
  std::vector<BandLabel> labels;  // of each band
  std::array<int, 3> colours{};
  std::array<int, 4> inks{};
  int alpha = 0;
  std::string source;  // what may tell the sensor

  // The next band. Writers call the fourth band of bytes alpha without being asked: not so where its name says that it
  // was measured.
  void add(BandLabel label, BandMeaning meaning);
};

struct ShownBands {
  std::vector<int> read;  // red, green and blue; one that is grey; four inks
  BandsBy by = BandsBy::kColours;
  std::string doubt;  // as ReadInfo's
  bool cmyk = false;
};

// The bands that are meant as red, green and blue; else the first three, or the first.
ShownBands shown_bands(const FileBands& file);

// What a file's metadata say under a name, in any case; null for nothing. `domain` is "" for most.
using MetadataItem = std::function<const char*(const char* name, const char* domain)>;

// The centre of a band, in whichever way its metadata tell it; 0 where none does.
double nanometres(const MetadataItem& of_band);

// The name of the file `path` and what its metadata call the satellite: FileBands::source.
std::string sensor_text(const std::string& path, const MetadataItem& of_file);

}  // namespace ccx::image
