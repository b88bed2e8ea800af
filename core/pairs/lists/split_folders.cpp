// Folders of splits and sites (split_folders.h).
#include "core/pairs/lists/split_folders.h"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/ascii.h"
#include "core/pairs/lists/data_folder.h"
#include "core/pairs/lists/picture_places.h"
#include "core/pairs/lists/place_names.h"
#include "core/pairs/lists/values.h"

namespace ccx::pairs {

namespace fs = std::filesystem;

std::set<std::string> names_in_several_splits(const List& list) {
  std::unordered_map<std::string, std::string> first;
  std::set<std::string> out;
  for (const ListedPair& pair : list.pairs) {
    const std::string name = id_stem(shared_name(pair));
    const auto [known, is_new] = first.emplace(name, pair.split);
    if (!is_new && !same_split(known->second, pair.split)) out.insert(name);
  }
  return out;
}

SplitFolders::SplitFolders(const List& list, const std::string& stem, std::set<std::string> in_several_splits)
    : split_of_list_(split_in_name(stem)), in_several_splits_(std::move(in_several_splits)) {
  for (const ListedPair& pair : list.pairs) {
    known_.insert(ascii::lower(pair.split));
    known_.insert(ascii::lower(pair.folder));
  }
  known_.erase("");
}

bool SplitFolders::is_split(const std::string& folder) const {
  return is_split_name(folder) || known_.count(folder) != 0;
}

const std::string& SplitFolders::split_of(const ListedPair& pair) const {
  return pair.split.empty() ? split_of_list_ : pair.split;
}

bool SplitFolders::is_asked(const std::string& folder, const ListedPair& pair) const {
  if (same_split(folder, split_of(pair))) return true;
  const std::vector<std::string> asked = place_folders(pair.folder + "/");
  const std::vector<std::string> named = place_folders(shared_name(pair));
  const auto holds = [&](const std::vector<std::string>& some) {
    return std::any_of(some.begin(), some.end(), [&](const std::string& part) { return same_split(part, folder); });
  };
  return holds(asked) || holds(named);
}

bool SplitFolders::may_hold(const std::string& path, const ListedPair& pair) const {
  const std::vector<std::string> folders = place_folders(path);
  std::vector<std::string> splits, sites;
  for (const std::string& folder : folders) (is_split(folder) ? splits : sites).push_back(folder);
  const bool is_any_split = splits.empty() || (split_of(pair).empty() && pair.folder.empty() && !names_split(pair));
  if (!is_any_split &&
      std::none_of(splits.begin(), splits.end(), [&](const std::string& folder) { return is_asked(folder, pair); })) {
    return false;
  }
  const std::vector<std::string> named = place_folders(shared_name(pair));
  return sites.empty() || std::all_of(named.begin(), named.end(), [&](const std::string& part) {
           return is_split(part) || std::find(sites.begin(), sites.end(), part) != sites.end();
         });
}

bool SplitFolders::names_split(const ListedPair& pair) const {
  const std::vector<std::string> named = place_folders(shared_name(pair));
  return std::any_of(named.begin(), named.end(), [&](const std::string& part) { return is_split(part); });
}

bool SplitFolders::is_root_of_another(const fs::path& root, const std::string& pattern, const ListedPair& pair) const {
  if (pattern.find("{split}") != std::string::npos || in_several_splits_.count(id_stem(shared_name(pair))) == 0)
    return false;
  const std::vector<std::string> above = place_folders((fs::absolute(root) / "x").lexically_normal().string());
  return !above.empty() && is_split(above[0]) && !is_asked(above[0], pair);
}

}  // namespace ccx::pairs
