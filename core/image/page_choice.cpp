#include "core/image/page_choice.h"

#include <algorithm>
#include <cstdlib>

namespace ccx::image {

namespace {

bool is_as_large(const PageFacts& a, const PageFacts& b) {
  return a.width == b.width && a.height == b.height;
}

std::string size_of(const PageFacts& page) {
  return std::to_string(page.width) + "x" + std::to_string(page.height);
}

// The larger page reduced, but for what rounding its sides makes of it.
bool has_shape_of(const PageFacts& small, const PageFacts& large) {
  const int64_t off = std::abs(small.width * large.height - small.height * large.width);
  return off <= std::max(large.width, large.height);
}

}  // namespace

PageChoice choose_page(const std::vector<PageFacts>& pages) {
  PageChoice out;
  const PageFacts& first = pages.front();
  std::size_t largest = 0;
  for (std::size_t i = 1; i < pages.size(); ++i) {
    const PageFacts& known = pages[largest];
    if (pages[i].is_picture() && pages[i].width * pages[i].height > known.width * known.height) largest = i;
  }
  const bool is_thumbnail = largest != 0 && (!first.is_picture() || has_shape_of(first, pages[largest]));
  if (is_thumbnail) out.page = largest;
  const PageFacts& read = pages[out.page];
  const auto others = std::count_if(pages.begin(), pages.end(), [&](const PageFacts& page) {
    return &page != &read && page.is_picture() && is_as_large(page, read);
  });
  out.alike += static_cast<int>(others);
  const std::string number = std::to_string(largest + 1);
  if (is_thumbnail && first.is_picture()) {
    out.note = "page " + number + " of its file, of " + size_of(read) + " pixels: the first, of " + size_of(first) +
               ", was taken for its thumbnail" +
               (others > 0 ? ", and " + std::to_string(others) + " more of its size were not read" : "");
  } else if (largest != 0 && !is_thumbnail) {
    out.note = "the first of " + std::to_string(pages.size()) +
               " pages of its file, and the others were not read, though page " + number + " is larger, " +
               size_of(pages[largest]) + " pixels";
  } else if (others > 0) {
    out.note = "the first of " + std::to_string(out.alike) + " pages of its file, and the others were not read";
  }
  return out;
}

}  // namespace ccx::image
