// The pairs that a folder holds by the names of its pictures, for a list that names no two pictures a pair.
#pragma once

#include <filesystem>
#include <string>
#include <unordered_map>

#include "core/pairs/lists/list.h"
#include "core/pairs/lists/split_folders.h"
#include "core/pairs/pairs.h"

namespace ccx::pairs {

class FolderPairs {
 public:
  // Looks through the folder; holds nothing where no pair of it has a name of the list.
  void look(const std::filesystem::path& root, const List& list);
  bool empty() const { return by_name_.empty(); }

  // Gives `pair` the pictures of the listed one's name, of its split and site; says in `missing` why there are none.
  void give(const ListedPair& listed, const SplitFolders& splits, const std::string& where, Pair& pair) const;

 private:
  std::string below_root(const Pair& pair) const;

  std::filesystem::path root_;
  std::unordered_multimap<std::string, Pair> by_name_;
};

}  // namespace ccx::pairs
