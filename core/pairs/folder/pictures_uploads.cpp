// Which folders hold names that a tool for labels added its hashes to (name_reader.h).
#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/base/ascii.h"
#include "core/pairs/folder/name_reader.h"
#include "core/pairs/naming/file_kinds.h"
#include "core/pairs/naming/names.h"
#include "core/pairs/naming/upload_names.h"

namespace ccx::pairs {

// A folder's names have such hashes where all do, each another one in all folders, most have a letter as numbers of
// places would not, and what is left is told apart.
void Pictures::learn_upload_hashes() {
  std::unordered_map<uint64_t, std::size_t> hashes;
  std::vector<uint32_t> folders;
  for (uint32_t folder = 0; folder < tree_.folder_count(); ++folder) {
    const NameTree::Folder& place = tree_.folder(folder);
    std::unordered_set<uint64_t> names;
    std::size_t with_letter = 0;
    for (uint32_t file = place.first_file; file < place.last_file; ++file) {
      const std::string_view stem = stem_of(tree_.file_name(file));
      std::string_view hash;
      const std::string_view name = without_upload_hash(stem, &hash);
      if (name.size() == stem.size() || !names.insert(stable_hash(name)).second) break;
      with_letter += std::all_of(hash.begin(), hash.end(), ascii::is_digit) ? 0 : 1;
      ++hashes[stable_hash(hash)];
    }
    const std::size_t count = place.last_file - place.first_file;
    if (count > 0 && names.size() == count && 2 * with_letter > count) folders.push_back(folder);
  }
  for (const uint32_t folder : folders) {
    const NameTree::Folder& place = tree_.folder(folder);
    bool is_once = true;
    for (uint32_t file = place.first_file; file < place.last_file && is_once; ++file) {
      std::string_view hash;
      without_upload_hash(stem_of(tree_.file_name(file)), &hash);
      is_once = hashes.at(stable_hash(hash)) == 1;
    }
    if (is_once) hashed_folders_.insert(folder);
  }
}

std::string_view Pictures::file_stem(uint32_t file) const {
  const std::string_view stem = stem_of(tree_.file_name(file));
  return hashed_folders_.count(tree_.folder_of(file)) != 0 ? without_upload_hash(stem) : stem;
}

}  // namespace ccx::pairs
