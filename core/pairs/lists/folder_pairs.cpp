// Finding a list's pairs in a folder (folder_pairs.h).
#include "core/pairs/lists/folder_pairs.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/pairs/lists/picture_places.h"
#include "core/pairs/lists/values.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

void FolderPairs::look(const std::filesystem::path& root, const List& list) {
  root_ = root;
  PairSource source;
  source.in = root;
  PairList found;
  try {
    found = pairs_in_directory(source);
  } catch (const Error&) {
    return;
  }
  for (Pair& pair : found.pairs) {
    if (pair.before.empty() || pair.after.empty()) continue;
    const std::string name = last_part(pair.id);
    by_name_.emplace(name, std::move(pair));
  }
  const bool is_useful = std::any_of(list.pairs.begin(), list.pairs.end(), [&](const ListedPair& pair) {
    return by_name_.count(last_part(id_stem(shared_name(pair)))) != 0;
  });
  if (!is_useful) by_name_.clear();
}

std::string FolderPairs::below_root(const Pair& pair) const {
  const std::string below = std::filesystem::path(pair.before).lexically_relative(root_).string();
  return below.empty() ? pair.before : below;
}

void FolderPairs::give(const ListedPair& listed, const SplitFolders& splits, const std::string& where,
                       Pair& pair) const {
  const std::string stem = id_stem(shared_name(listed));
  const auto [first, last] = by_name_.equal_range(last_part(stem));
  std::vector<const Pair*> fitting;
  std::string elsewhere;
  for (auto at = first; at != last; ++at) {
    if (splits.may_hold(below_root(at->second), listed)) {
      fitting.push_back(&at->second);
    } else {
      elsewhere = at->second.before;
    }
  }
  const std::string& split = listed.folder.empty() ? listed.split : listed.folder;
  const auto is_of_split = [&](const Pair* found) {
    return ("/" + found->id + "/").find("/" + split + "/") != std::string::npos;
  };
  if (fitting.size() > 1 && !split.empty()) {
    fitting.erase(
        std::remove_if(fitting.begin(), fitting.end(), [&](const Pair* found) { return !is_of_split(found); }),
        fitting.end());
  }
  if (fitting.size() == 1) {
    pair.before = fitting[0]->before;
    pair.after = fitting[0]->after;
    return;
  }
  pair.missing = where + ": " + (fitting.empty() ? "no pictures" : "more than one pair of pictures") + " called " +
                 in_quotes(stem) + (split.empty() ? "" : " of " + in_quotes(split)) + " in " + root_.string() +
                 (elsewhere.empty() ? "" : "; " + elsewhere + " is of another split or place");
}

}  // namespace ccx::pairs
