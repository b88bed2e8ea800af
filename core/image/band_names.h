// Which bands of a raster are red, green and blue, by what they are called and by their wavelengths. Plain C++.
#pragma once

#include <string>
#include <vector>

#include "core/image/read_options.h"

namespace ccx::image {

// What a file says of one band.
struct BandLabel {
  std::string name;       // its description; may be empty
  double nanometres = 0;  // its centre; 0 where none is given
  bool is_alpha = false;  // it is no colour, whatever it is called
};

struct BandChoice {
  std::vector<int> bands;  // red, green, blue, from 1; empty: the labels do not say
  BandsBy by = BandsBy::kOrder;
  std::string doubt;  // what speaks against the choice, or why there is none; empty: nothing does
};

// `source` may tell the sensor: the file's name, and what its metadata call the satellite. Names are colours in words
// ("Red", "band 3 (red)"), letters ("R", "BAND_R"), or a sensor's numbers ("B04", "SR_B4", "sur_refl_b01").
BandChoice choose_bands(const std::vector<BandLabel>& labels, const std::string& source);

// Whether a name says that a band was measured or computed, so that it is no alpha: "nir", "B8", "ndvi", ...
bool names_values(const std::string& name);

}  // namespace ccx::image
