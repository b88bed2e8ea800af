// Folders that tell a place (place_names.h).
#include "core/pairs/lists/place_names.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/ascii.h"
#include "core/base/one_of.h"
#include "core/pairs/lists/values.h"

namespace ccx::pairs {
namespace {

// Folders that say which date or what kind of file, and nothing of the place.
constexpr std::array<std::string_view, 43> kNoPlaces = {
    "a",      "b",      "before",  "after",   "pre",   "post",    "pre-event", "post-event", "t0",
    "t1",     "t2",     "time1",   "time2",   "im1",   "im2",     "img1",      "img2",       "image1",
    "image2", "imgs_1", "imgs_2",  "image_a", "img_a", "image_b", "img_b",     "imagea",     "imageb",
    "img",    "imgs",   "image",   "images",  "rgb",   "opt",     "data",      "dataset",    "pairs",
    "png",    "tif",    "patches", "tiles",   ".",     "..",      ""};

}  // namespace

std::vector<std::string> place_folders(const std::string& path) {
  std::vector<std::string> out;
  const std::string plain = with_slashes(path);
  std::size_t end = plain.rfind('/');
  while (end != std::string::npos) {
    const std::size_t start = end == 0 ? std::string::npos : plain.rfind('/', end - 1);
    const std::size_t from = start == std::string::npos ? 0 : start + 1;
    std::string folder = ascii::lower(plain.substr(from, end - from));
    if (!is_one_of(folder, kNoPlaces)) out.push_back(std::move(folder));
    end = start;
  }
  return out;
}

}  // namespace ccx::pairs
