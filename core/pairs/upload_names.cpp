// What tools for labels add to names (upload_names.h).
#include "core/pairs/upload_names.h"

#include <algorithm>
#include <array>

#include "core/base/ascii.h"
#include "core/pairs/file_kinds.h"
#include "core/pairs/name_reader.h"
#include "core/pairs/names.h"

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
