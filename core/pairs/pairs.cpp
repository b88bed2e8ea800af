// What every source of pairs shares: the names of layouts, tidy paths (pairs.h).
#include "core/pairs/pairs.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/error.h"

namespace ccx::pairs {
namespace {

constexpr std::array<std::pair<Layout, const char*>, 5> kLayoutNames = {{{Layout::kAuto, "auto"},
                                                                         {Layout::kFolders, "folders"},
                                                                         {Layout::kPairFolders, "pair-folders"},
                                                                         {Layout::kSuffixes, "suffixes"},
                                                                         {Layout::kManifest, "manifest"}}};

constexpr std::array<std::pair<Series, const char*>, 4> kSeriesNames = {{{Series::kRefuse, ""},
                                                                         {Series::kConsecutive, "consecutive"},
                                                                         {Series::kFirstLast, "first-last"},
                                                                         {Series::kAll, "all"}}};

}  // namespace

std::string layout_name(Layout layout) {
  for (const auto& [value, name] : kLayoutNames) {
    if (value == layout) return name;
  }
  return "auto";
}

Layout layout_from_name(const std::string& name) {
  std::string known;
  for (const auto& [value, text] : kLayoutNames) {
    if (name == text) return value;
    known += std::string(known.empty() ? "" : ", ") + text;
  }
  throw UsageError("unknown layout '" + name + "'; known are " + known);
}

std::string series_name(Series series) {
  for (const auto& [value, name] : kSeriesNames) {
    if (value == series) return name;
  }
  return "";
}

Series series_from_name(const std::string& name) {
  for (const auto& [value, text] : kSeriesNames) {
    if (name == text) return value;
  }
  throw UsageError("unknown --series '" + name + "'; known are consecutive, first-last and all");
}

std::filesystem::path tidied(const std::filesystem::path& path) {
  if (std::find(path.begin(), path.end(), "..") != path.end()) return path;
  return path.lexically_normal();
}

}  // namespace ccx::pairs
