// A TIFF's pages by their directories, and which of them is the picture.
#pragma once

#include <cstdint>

#include "core/image/page_choice.h"
#include "core/image/tiff_directory.h"

namespace ccx::image {

struct TiffPage {
  uint64_t directory = 0;  // where it lies; 0: the first
  PageChoice choice;
};

// By choose_page(). A directory that cannot be read ends the search.
TiffPage picture_page(const TiffFile& file);

}  // namespace ccx::image
