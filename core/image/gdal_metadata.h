// The XML that GDAL writes into a TIFF's tag 42112: <GDALMetadata><Item name="..."
// sample="0">...</Item>...</GDALMetadata>. Plain C++.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ccx::image {

struct MetadataText {
  std::string name;
  std::string domain;
  std::string role;  // "description", "colorinterp", ...
  std::string value;
  int sample = -1;  // its band, from 0; -1: it is the file's
};

// In the file's order. Text without elements, and elements of other names, say nothing; XML that is not whole throws
// InputError, as GDAL refuses it. Takes time and memory in proportion to the text, whatever is in it.
std::vector<MetadataText> gdal_metadata(std::string_view xml);

}  // namespace ccx::image
