// What a TIFF's tags say of its bands, taken as GDAL's driver takes them: the page has no GDAL. Plain C++.
#pragma once

#include <string>
#include <vector>

#include "core/image/band_choice.h"

namespace ccx::image {

struct TiffBandTags {
  int photometric = 1;     // tag 262
  int samples = 1;         // tag 277
  std::vector<int> extra;  // tag 338: of the last samples
  std::string metadata;    // tag 42112: GDAL's, as XML
};

// `path` is the file's name. Throws InputError for no samples, or more than a TIFF can have.
FileBands tiff_bands(const std::string& path, const TiffBandTags& tags);

}  // namespace ccx::image
