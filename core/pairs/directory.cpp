// Pairs in a directory: its names are read from the disk, and the rules of names say what belongs together.
#include <filesystem>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/pairs/folder/by_names.h"
#include "core/pairs/folder/tree.h"
#include "core/pairs/naming/names.h"
#include "core/pairs/pairs.h"

namespace ccx::pairs {
namespace {

namespace fs = std::filesystem;

// What stands before a relative path: "pairs/", or nothing for the current directory.
std::string prefix_of(const fs::path& in) {
  std::string prefix = tidied(in / "x").string();
  prefix.pop_back();
  return prefix;
}

std::string name_of(const fs::path& in) {
  const fs::path whole = fs::absolute(in).lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

}  // namespace

PairList pairs_in_directory(const PairSource& source) {
  if (!source.split.empty()) {
    throw UsageError("--split is for lists that name splits, and " + source.in.string() + " is a directory");
  }
  const NameTree tree = find_images(source.in);
  NamingOptions options;
  options.layout = source.layout;
  options.series = source.series;
  const std::string prefix = prefix_of(source.in);
  options.root = prefix.empty() || prefix == "/" ? prefix : prefix.substr(0, prefix.size() - 1);
  options.root_name = name_of(source.in);
  NamedPairs found = pairs_by_names(tree, options);
  PairList list;
  list.layout = found.layout;
  list.notes = std::move(found.notes);
  list.pairs.reserve(found.pairs.size());
  const auto files = static_cast<uint32_t>(tree.file_count());
  const auto path = [&](uint32_t picture) { return prefix + tree.file_path(picture); };
  for (NamedPair& named : found.pairs) {
    Pair pair;
    pair.id = std::move(named.id);
    pair.missing = std::move(named.missing);
    const bool in_bands = (named.before != NamedPair::kNone && named.before >= files) ||
                          (named.after != NamedPair::kNone && named.after >= files);
    const auto set = [&](uint32_t picture, std::string& to) {
      if (picture == NamedPair::kNone) return;
      to = path(picture < files ? picture : found.composed[picture - files][0]);
      for (std::size_t band = 0; in_bands && band < 3; ++band) {
        pair.bands.push_back(path(picture < files ? picture : found.composed[picture - files][band]));
      }
    };
    set(named.before, pair.before);
    set(named.after, pair.after);
    if (pair.before.empty() || pair.after.empty()) pair.bands.clear();
    list.pairs.push_back(std::move(pair));
  }
  return list;
}

}  // namespace ccx::pairs
