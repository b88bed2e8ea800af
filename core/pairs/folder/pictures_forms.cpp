// Folders beside the pictures that hold the same names: the same pictures in another form, or maps made from them
// (name_reader.h).
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/hash.h"
#include "core/base/one_of.h"
#include "core/pairs/folder/name_reader.h"
#include "core/pairs/naming/dates.h"
#include "core/pairs/naming/dates_text.h"
#include "core/pairs/naming/names.h"
#include "core/pairs/naming/roles.h"

namespace ccx::pairs {
namespace {

constexpr std::array<std::string_view, 12> kPictures = {"image", "images", "img",   "imgs",    "rgb",      "picture",
                                                        "photo", "photos", "ortho", "optical", "pictures", "im"};

constexpr std::array<std::string_view, 6> kSplits = {"train", "val", "test", "valid", "validation", "dev"};

uint64_t below(uint64_t above, std::string_view name) {
  return mixed(above, small_name(name));
}

// Whether a name ends in a number that counts: of three digits it is a size, "A_512".
bool is_counted(std::string_view name) {
  constexpr std::size_t kDigitsOfSize = 3;
  const std::size_t last = name.find_last_not_of("0123456789");
  const std::size_t digits = last == std::string_view::npos ? name.size() : name.size() - 1 - last;
  return digits > 0 && digits < kDigitsOfSize;
}

bool says_time(std::string_view name) {
  return !roles_in(name).empty() || !dates_in(name).empty();
}
// A file's letter alone is its name.
bool file_says_time(std::string_view stem) {
  return parts_of(stem).size() > 1 && says_time(stem);
}

// "t1" of "t1_depth" and "cls_t1", "before" of "before-small"; empty for names that say more of a time or count
// something.
std::string role_folder_of(const std::string& name) {
  const std::vector<RoleSpan> roles = roles_in(name);
  if (roles.size() != 1 || !dates_in(name).empty()) return "";
  const auto [begin, end] = std::pair(roles[0].begin, roles[0].end);
  const bool is_first = begin == 0 && end + 1 < name.size() && is_separator(name[end]);
  const bool is_last = end == name.size() && begin > 1 && is_separator(name[begin - 1]);
  if (!is_first && !is_last) return "";
  const std::string rest = is_first ? name.substr(end + 1) : name.substr(0, begin - 1);
  return is_one_of(rest, kSplits) || is_counted(rest) ? "" : name.substr(begin, end - begin);
}

}  // namespace

// BANDON has imgs/CITY/t1/x.jpg and offset_st_resize256/CITY/t1/x.tif, others t1/x and t1_depth/x. Whatever such a
// folder is called, its pictures would be the same pairs once more.
std::unordered_set<uint32_t> Pictures::other_forms() const {
  const std::unordered_map<uint32_t, uint32_t> originals = possible_originals();
  if (originals.empty()) return {};
  const auto count = static_cast<uint32_t>(tree_.folder_count());
  std::unordered_map<uint32_t, std::unordered_set<uint64_t>> names;  // below each original
  std::unordered_set<uint32_t> with_times;                           // originals that say a time, or hold what does
  for (const auto& [form, original] : originals) names[original];
  std::unordered_map<uint32_t, std::array<std::size_t, 2>> same;  // of how many files how many have the same name
  constexpr uint32_t kNone = UINT32_MAX;
  std::vector<uint32_t> top(count, kNone);  // the folder that is compared which a folder lies in
  std::vector<uint64_t> place(count, 0);    // a hash of the names below it
  for (const bool are_forms : {false, true}) {
    for (uint32_t folder = 1; folder < count; ++folder) {
      const uint32_t parent = tree_.folder(folder).parent;
      const bool is_own = are_forms ? originals.count(folder) != 0 : names.count(folder) != 0;
      top[folder] = is_own ? folder : top[parent];
      place[folder] = is_own ? 0 : below(place[parent], tree_.folder_name(folder));
      if (top[folder] == kNone) continue;
      if (!are_forms && says_time(tree_.folder_name(folder))) with_times.insert(top[folder]);
      for (uint32_t file = tree_.folder(folder).first_file; file < tree_.folder(folder).last_file; ++file) {
        const uint64_t name = below(place[folder], file_stem(file));
        if (!are_forms) {
          names.at(top[folder]).insert(name);
          if (with_times.count(top[folder]) == 0 && file_says_time(file_stem(file))) with_times.insert(top[folder]);
        } else {
          std::array<std::size_t, 2>& counts = same[top[folder]];
          ++counts[0];
          counts[1] += names.at(originals.at(top[folder])).count(name);
        }
      }
    }
  }
  std::unordered_set<uint32_t> out;
  for (const auto& [folder, counts] : same) {
    // "photos" and "drone" may be the two dates, where neither holds pairs.
    if (10 * counts[1] >= 9 * counts[0] && with_times.count(originals.at(folder)) != 0) out.insert(folder);
  }
  return out;
}

// By folders that may hold another form the folder beside it whose pictures these would be.
std::unordered_map<uint32_t, uint32_t> Pictures::possible_originals() const {
  const auto count = static_cast<uint32_t>(tree_.folder_count());
  std::map<std::pair<uint32_t, std::string>, std::vector<uint32_t>> of_roles;  // by the role's folder
  std::unordered_map<uint32_t, std::vector<uint32_t>> pictures;                // by the folder above
  for (uint32_t folder = 1; folder < count; ++folder) {
    const std::string name = small_name(tree_.folder_name(folder));
    const uint32_t parent = tree_.folder(folder).parent;
    if (is_one_of(name, kPictures)) pictures[parent].push_back(folder);
    if (std::string role = role_folder_of(name); !role.empty()) of_roles[{parent, std::move(role)}].push_back(folder);
  }
  std::unordered_map<uint32_t, uint32_t> out;
  if (pictures.empty() && of_roles.empty()) return out;
  for (uint32_t folder = 1; folder < count; ++folder) {
    const std::string_view raw = tree_.folder_name(folder);
    const uint32_t parent = tree_.folder(folder).parent;
    if (const auto forms = of_roles.find({parent, small_name(raw)}); forms != of_roles.end()) {
      for (const uint32_t form : forms->second) out.emplace(form, folder);
    }
    const auto beside = pictures.find(parent);
    if (beside == pictures.end() || beside->second.size() > 1 || beside->second[0] == folder) continue;
    // One that says a date, or a number, is of another date or place.
    const bool is_number = std::all_of(raw.begin(), raw.end(), ascii::is_digit);
    if (is_number || is_counted(raw) || !roles_in(raw).empty() || !marked_folder(folder).slots.empty()) continue;
    out.emplace(folder, beside->second[0]);
  }
  return out;
}

}  // namespace ccx::pairs
