// What every source of pairs shares: layout names, the choice between directory and manifest, unique ids (pairs.h).
#include "core/pairs/pairs.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <numeric>
#include <system_error>
#include <tuple>
#include <utility>

#include "core/graph/error.h"
#include "core/pairs/names.h"

namespace ccx::pairs {
namespace {

constexpr std::array<std::pair<Layout, const char*>, 5> kLayoutNames = {{{Layout::kAuto, "auto"},
                                                                         {Layout::kFolders, "folders"},
                                                                         {Layout::kPairFolders, "pair-folders"},
                                                                         {Layout::kSuffixes, "suffixes"},
                                                                         {Layout::kManifest, "manifest"}}};

std::string described(const Pair& pair) {
  return printable(utf8_name(pair.before.empty() ? pair.after : pair.before));
}

// A million ids are sorted by their places alone.
void require_unique_ids(const PairSource& source, const std::vector<Pair>& pairs) {
  std::vector<uint32_t> order(pairs.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return std::tie(pairs[a].id, a) < std::tie(pairs[b].id, b); });
  for (std::size_t i = 1; i < order.size(); ++i) {
    const Pair& first = pairs[order[i - 1]];
    const Pair& second = pairs[order[i]];
    if (first.id != second.id) continue;
    throw InputError(source.in.string() + ": the id '" + printable(first.id) + "' occurs twice, for " +
                     described(first) + " and " + described(second) +
                     "; rename one or list the pairs in a manifest with ids of their own");
  }
}

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

Series series_from_name(const std::string& name) {
  if (name.empty()) return Series::kRefuse;
  if (name == "consecutive") return Series::kConsecutive;
  if (name == "first-last") return Series::kFirstLast;
  if (name == "all") return Series::kAll;
  throw UsageError("unknown --series '" + name + "'; known are consecutive, first-last and all");
}

std::filesystem::path tidied(const std::filesystem::path& path) {
  if (std::find(path.begin(), path.end(), "..") != path.end()) return path;
  return path.lexically_normal();
}

PairList find_pairs(const PairSource& source) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(source.in, error);
  if (!std::filesystem::exists(status)) {
    throw InputError("no input at " + source.in.string() + ": " +
                     (error ? error.message() : std::string(std::strerror(ENOENT))));
  }
  const bool is_manifest = !std::filesystem::is_directory(status);
  if (is_manifest && source.layout != Layout::kAuto && source.layout != Layout::kManifest) {
    throw UsageError(source.in.string() + " is a file, and --layout " + layout_name(source.layout) +
                     " is for directories");
  }
  if (!is_manifest && source.layout == Layout::kManifest) {
    throw UsageError(source.in.string() + " is a directory, and --layout manifest is for files");
  }
  PairList list = is_manifest ? pairs_in_manifest(source) : pairs_in_directory(source);
  if (is_manifest) require_unique_ids(source, list.pairs);
  return list;
}

}  // namespace ccx::pairs
