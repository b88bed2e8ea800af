// Walking a TIFF's chain of directories (tiff_pages.h).
#include "core/image/tiff_pages.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>
#include <vector>

namespace ccx::image {

namespace {

constexpr std::size_t kMostPages = 4096;

struct Page {
  uint64_t directory = 0;
  int64_t width = 0;
  int64_t height = 0;
  bool is_reduced = false;
  bool is_mask = false;
  std::vector<uint64_t> below;  // directories of its own, which the chain does not reach

  bool is_picture() const { return !is_reduced && !is_mask && width > 0 && height > 0; }
  bool is_as_large_as(const Page& other) const { return width == other.width && height == other.height; }
  std::string size() const { return std::to_string(width) + "x" + std::to_string(height); }
};

// Where the directories lie that an entry names.
std::vector<uint64_t> offsets_of(const TiffFile& file, const TiffEntry& entry) {
  constexpr uint64_t most = 64;
  const std::size_t size = entry.value_size;
  if (size != 4 && size != 8) return {};
  const auto count = static_cast<std::size_t>(std::min(entry.values, most));
  const std::string all = count * size <= file.word() ? entry.place : file.fetch(file.offset(entry), count * size);
  std::vector<uint64_t> out;
  for (std::size_t i = 0; i < count && (i + 1) * size <= all.size(); ++i)
    out.push_back(file.number(all, i * size, size));
  return out;
}

Page page_of(const TiffFile& file, uint64_t offset, const TiffDirectory& directory) {
  constexpr int64_t longest = int64_t{1} << 30;
  Page out;
  out.directory = offset;
  for (const TiffEntry& entry : directory.entries) {
    const uint64_t value = file.value(entry);
    const auto side = static_cast<int64_t>(std::min<uint64_t>(value, longest));
    if (entry.tag == 254) {
      out.is_reduced = out.is_reduced || (value & 1) != 0;
      out.is_mask = out.is_mask || (value & 4) != 0;
    }
    if (entry.tag == 255 && value == 2) out.is_reduced = true;  // of old writers
    if (entry.tag == 256) out.width = side;
    if (entry.tag == 257) out.height = side;
    if (entry.tag == 262 && value == 4) out.is_mask = true;
    if (entry.tag == 330) out.below = offsets_of(file, entry);
  }
  return out;
}

std::vector<Page> pages_of(const TiffFile& file) {
  std::vector<Page> out;
  std::set<uint64_t> seen;
  for (uint64_t at = file.first(); at != 0 && out.size() < kMostPages && seen.insert(at).second;) {
    const std::optional<TiffDirectory> directory = file.directory(at);
    if (!directory) break;
    out.push_back(page_of(file, at, *directory));
    at = directory->next;
  }
  return out;
}

// The larger page reduced, but for what rounding its sides makes of it.
bool has_shape_of(const Page& small, const Page& large) {
  const int64_t off = std::abs(small.width * large.height - small.height * large.width);
  return off <= std::max(large.width, large.height);
}

}  // namespace

TiffPage picture_page(const TiffFile& file) {
  std::vector<Page> pages = pages_of(file);
  TiffPage out;
  if (pages.empty()) return out;
  const std::size_t in_chain = pages.size();
  const bool is_marked = !pages.front().is_picture();
  if (is_marked) {  // a camera's raw picture lies below its thumbnail
    for (const uint64_t offset : std::vector<uint64_t>(pages.front().below)) {
      if (const auto directory = file.directory(offset)) pages.push_back(page_of(file, offset, *directory));
    }
  }
  const Page& first = pages.front();
  const Page* largest = &first;
  for (const Page& page : pages) {
    if (page.is_picture() && page.width * page.height > largest->width * largest->height) largest = &page;
  }
  const bool is_other = largest != &first;
  const bool is_thumbnail = is_other && (is_marked || has_shape_of(first, *largest));
  const Page& read = is_thumbnail ? *largest : first;
  if (is_thumbnail) out.directory = read.directory;
  out.alike = static_cast<int>(std::count_if(pages.begin(), pages.end(), [&](const Page& page) {
    return &page == &read || (page.is_picture() && page.is_as_large_as(read));
  }));
  const std::string number = std::to_string(largest - pages.data() + 1);
  if (is_thumbnail && !is_marked) {
    out.note = "page " + number + " of its file, of " + read.size() + " pixels: the first, of " + first.size() +
               ", was taken for its thumbnail" +
               (out.alike > 1 ? ", and " + std::to_string(out.alike - 1) + " more of its size were not read" : "");
  } else if (is_other && !is_thumbnail) {
    out.note = "the first of " + std::to_string(in_chain) +
               " pages of its file, and the others were not read, though page " + number + " is larger, " +
               largest->size() + " pixels";
  } else if (out.alike > 1) {
    out.note = "the first of " + std::to_string(out.alike) + " pages of its file, and the others were not read";
  }
  return out;
}

}  // namespace ccx::image
