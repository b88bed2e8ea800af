// Which of a TIFF's pages is the picture: some writers put a thumbnail before it.
#pragma once

#include <cstdint>
#include <string>

#include "core/image/tiff_directory.h"

namespace ccx::image {

struct TiffPage {
  uint64_t directory = 0;  // where it lies; 0: the first
  int alike = 1;           // pages of its size that are pictures, itself included
  std::string note;        // ReadInfo's `page_note`
};

// The first page; where that is marked as reduced, or is smaller than another of its shape, the largest of those that
// are marked neither as reduced (overviews, thumbnails) nor as a mask. A directory that cannot be read ends the search.
TiffPage picture_page(const TiffFile& file);

}  // namespace ccx::image
