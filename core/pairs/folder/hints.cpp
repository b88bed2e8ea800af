// What a message may propose where names alone give no pair (hints.h).
#include "core/pairs/folder/hints.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

std::string file_of(const Pictures& pictures, uint32_t picture) {
  return printable(utf8_name(pictures.file_name(picture)));
}

// The pictures of each folder that are numbered 1 to 3, or 0 to 2, and no others of their name: im1, im2, im3.
std::vector<std::array<uint32_t, 3>> three_numbered(const Pictures& pictures) {
  std::map<std::pair<uint32_t, std::string>, std::map<int64_t, uint32_t>> groups;
  for (const uint32_t picture : pictures.all()) {
    if (pictures.is_composed(picture)) continue;
    const Marked name = pictures.marked_names(picture).back();
    if (name.slots.size() != 1 || name.slots[0].kind != SlotKind::kPicture) continue;
    groups[{pictures.folder_of(picture), name.key}][name.slots[0].value] = picture;
  }
  std::vector<std::array<uint32_t, 3>> found;
  for (const auto& [place, numbers] : groups) {
    if (numbers.size() != 3 || numbers.begin()->first > 1 || numbers.rbegin()->first - numbers.begin()->first != 2) {
      continue;
    }
    const auto second = std::next(numbers.begin());
    found.push_back({numbers.begin()->second, second->second, std::next(second)->second});
  }
  return found;
}

std::string hint_of_numbers(const Pictures& pictures) {
  const std::vector<std::array<uint32_t, 3>> found = three_numbered(pictures);
  if (found.empty()) return "";
  const auto& [first, second, third] = found[0];
  std::string hint = " Three pictures are numbered in " + pictures.shown_folder(pictures.folder_of(first)) +
                     ", of which two may be the dates and one a map of the change: ";
  if (found.size() == 1) {
    return hint + "ccx caption '" + pictures.shown(first) + "' '" + pictures.shown(second) + "' takes the first two";
  }
  return hint + "--before '**/" + file_of(pictures, first) + "' --after '**/" + file_of(pictures, second) +
         "' takes the first two of each folder";
}

// Two folders beside each other that hold the same names, for the most part.
std::pair<uint32_t, uint32_t> alike_folders(const Pictures& pictures) {
  constexpr std::size_t kMostSiblings = 6;
  std::map<uint32_t, std::map<uint32_t, std::set<std::string>>> parents;
  for (const uint32_t picture : pictures.all()) {
    const uint32_t folder = pictures.folder_of(picture);
    if (folder == NameTree::kRoot) continue;
    parents[pictures.tree().folder(folder).parent][folder].insert(pictures.stem(picture));
  }
  for (const auto& [parent, folders] : parents) {
    if (folders.size() > kMostSiblings) continue;
    for (auto first = folders.begin(); first != folders.end(); ++first) {
      for (auto second = std::next(first); second != folders.end(); ++second) {
        std::vector<std::string> common;
        std::set_intersection(first->second.begin(), first->second.end(), second->second.begin(), second->second.end(),
                              std::back_inserter(common));
        const std::size_t least = std::min(first->second.size(), second->second.size());
        if (!common.empty() && 2 * common.size() >= least) return {first->first, second->first};
      }
    }
  }
  return {NameTree::kRoot, NameTree::kRoot};
}

std::string hint_of_folders(const Pictures& pictures) {
  const auto [first, second] = alike_folders(pictures);
  if (first == second) return "";
  const auto path = [&](uint32_t folder) { return printable(utf8_name(pictures.tree().folder_path(folder))); };
  return " " + pictures.shown_folder(first) + " and " + pictures.shown_folder(second) +
         " hold the same names: where the first is the earlier date, give --before '" + path(first) + "/*' --after '" +
         path(second) + "/*'";
}

}  // namespace

std::string hint_of(const Pictures& pictures) {
  const std::string hint = hint_of_numbers(pictures);
  return hint.empty() ? hint_of_folders(pictures) : hint;
}

}  // namespace ccx::pairs
