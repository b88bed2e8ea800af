// Walking a TIFF's chain of directories (tiff_pages.h).
#include "core/image/tiff_pages.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ccx::image {

namespace {

constexpr std::size_t kMostPages = 4096;

struct Page {
  PageFacts facts;
  std::vector<uint64_t> below;  // directories of its own, which the chain does not reach
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

Page page_of(const TiffFile& file, const TiffDirectory& directory) {
  constexpr int64_t longest = int64_t{1} << 30;
  Page page;
  PageFacts& out = page.facts;
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
    if (entry.tag == 330) page.below = offsets_of(file, entry);
  }
  return page;
}

}  // namespace

TiffPage picture_page(const TiffFile& file) {
  std::vector<uint64_t> directories;
  std::vector<PageFacts> pages;
  std::vector<uint64_t> below;
  const auto take = [&](uint64_t offset) {
    std::optional<TiffDirectory> directory = file.directory(offset);
    if (!directory) return uint64_t{0};
    Page page = page_of(file, *directory);
    if (pages.empty() && !page.facts.is_picture()) below = std::move(page.below);
    directories.push_back(offset);
    pages.push_back(page.facts);
    return directory->next;
  };
  std::set<uint64_t> seen;
  for (uint64_t at = file.first(); at != 0 && pages.size() < kMostPages && seen.insert(at).second;) at = take(at);
  if (pages.empty()) return {};
  for (const uint64_t offset : below) take(offset);  // a camera's raw picture lies below its thumbnail
  TiffPage out{0, choose_page(pages)};
  if (out.choice.page != 0) out.directory = directories[out.choice.page];
  return out;
}

}  // namespace ccx::image
