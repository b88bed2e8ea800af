// Which folders of pictures may hold a pair of a list, by its split and by the folders in its own name: a picture of
// another split or site has the same name often enough.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "core/pairs/lists/list.h"

namespace ccx::pairs {

// The names of files and ids that the list has in more than one split.
std::set<std::string> names_in_several_splits(const List& list);

class SplitFolders {
 public:
  // `stem` is the list's own name, which may say the split of all: "train" of LevirCCcaptions_train.json.
  SplitFolders(const List& list, const std::string& stem, std::set<std::string> in_several_splits);

  // Whether the picture at this path below the root may be the pair's.
  bool may_hold(const std::string& path, const ListedPair& pair) const;

  // Whether the root itself is the folder of another split, where the name of the pair is in both and the pattern of
  // the pictures says no split.
  bool is_root_of_another(const std::filesystem::path& root, const std::string& pattern, const ListedPair& pair) const;

 private:
  bool is_split(const std::string& folder) const;
  bool names_split(const ListedPair& pair) const;
  bool is_asked(const std::string& folder, const ListedPair& pair) const;
  const std::string& split_of(const ListedPair& pair) const;

  std::set<std::string> known_;  // the list's own splits and folders
  std::string split_of_list_;
  std::set<std::string> in_several_splits_;
};

}  // namespace ccx::pairs
