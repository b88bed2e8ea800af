// What tools for labels add to names (upload_names.h).
#include "core/pairs/naming/upload_names.h"

#include <algorithm>
#include <array>

#include "core/base/ascii.h"

namespace ccx::pairs {
namespace {

bool is_hexadecimal(char c) {
  return ascii::is_digit(c) || (c >= 'a' && c <= 'f');
}

}  // namespace

std::string_view without_upload_hash(std::string_view stem, std::string_view* hash) {
  constexpr std::size_t kPrefix = 8;
  constexpr std::string_view kRoboflow = ".rf.";
  if (const std::size_t at = stem.rfind(kRoboflow); at != std::string_view::npos && at > 0) {
    const std::string_view tail = stem.substr(at + kRoboflow.size());
    const auto is_part = [](char c) { return ascii::is_digit(c) || ascii::is_letter(c); };
    if (tail.size() >= 20 && std::all_of(tail.begin(), tail.end(), is_part)) {
      if (hash != nullptr) *hash = tail;
      std::string_view name = stem.substr(0, at);
      for (const std::string_view format : {"_png", "_jpg", "_jpeg", "_tif", "_tiff", "_bmp", "_webp"}) {
        if (name.size() <= format.size() || !name.ends_with(format)) continue;
        name.remove_suffix(format.size());
        break;
      }
      return name;
    }
  }
  const bool has_prefix = stem.size() > kPrefix + 1 && stem[kPrefix] == '-' &&
                          std::all_of(stem.begin(), stem.begin() + kPrefix, is_hexadecimal);
  if (!has_prefix) return stem;
  if (hash != nullptr) *hash = stem.substr(0, kPrefix);
  return stem.substr(kPrefix + 1);
}

}  // namespace ccx::pairs
