// The names of sensors' bands, by number: "B04", "SR_B4", "sur_refl_b01". Plain C++.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/image/band_names.h"

namespace ccx::image {

using Words = std::vector<std::string>;

enum class Numbering {
  kNone,
  kGeneric,  // "Band 1", "layer_2": says no more than the order
  kPlain,    // "B4"
  kSurface,  // "SR_B4", of Landsat's surface reflectance
  kModis,    // "sur_refl_b01"
  kOther,    // of a sensor's own: Sentinel-3's "Oa08", VIIRS' "M5"
};

// What a name says.
struct BandName {
  Words words;
  int colour = -1;  // by a word
  int letter = -1;  // by its last letter
  bool is_other = false;
  int number = -1;
  Numbering numbering = Numbering::kNone;
  bool is_padded = false;  // "B04"
  bool is_8a = false;
  bool is_thermal = false;  // "ST_B10"
};

// "SR_B4" is "sr", "b4"; "RedEdge" is "red", "edge". Bytes of other alphabets count as letters.
Words words_of(std::string_view name);

// Finds the number in `out.words`.
void parse_number(BandName& out);

// Red, green and blue by the numbering of the sensor that these are of, as far as they and `source` tell it.
BandChoice choose_numbered(const std::vector<BandName>& bands, const std::string& source);

}  // namespace ccx::image
