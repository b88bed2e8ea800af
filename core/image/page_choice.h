// Which of the pages of a TIFF is the picture: some writers put a thumbnail before it. Plain C++, shared with
// WebAssembly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ccx::image {

struct PageFacts {
  int64_t width = 0;  // pixels
  int64_t height = 0;
  bool is_reduced = false;  // marked as an overview or thumbnail
  bool is_mask = false;

  bool is_picture() const { return !is_reduced && !is_mask && width > 0 && height > 0; }
};

struct PageChoice {
  std::size_t page = 0;
  int alike = 1;     // pages of its size that are pictures, itself included
  std::string note;  // ReadInfo's `page_note`
};

// The first page; where that is marked as reduced, or is smaller than another of its shape, the largest of those that
// are marked neither as reduced nor as a mask. At least one page.
PageChoice choose_page(const std::vector<PageFacts>& pages);

}  // namespace ccx::image
