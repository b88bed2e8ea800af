// Pairs among names and folders that nothing but numbers tell apart (leftovers.h).
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/ascii.h"
#include "core/pairs/folder/leftovers.h"
#include "core/pairs/naming/end_number.h"
#include "core/pairs/naming/markers.h"

namespace ccx::pairs {
namespace {

// "x_2" of "x", "x-2", "x 2", "x(2)", "x (2)".
bool is_second_of(std::string_view first, std::string_view second) {
  if (second.size() <= first.size() || second.substr(0, first.size()) != first) return false;
  const std::string_view tail = second.substr(first.size());
  return tail == "_2" || tail == "-2" || tail == ".2" || tail == " 2" || tail == "(2)" || tail == " (2)" ||
         tail == "_(2)";
}

std::string how(const std::string& what, const NumberPair& numbers) {
  return "of " + what +
         (numbers.are_years ? ", which were taken for years" : ", of which the higher was taken for the later");
}

// What is counted behind a whole date is of one day: x_20180612 and x_20180612_2.
bool has_day(const Marked& name) {
  return std::any_of(name.slots.begin(), name.slots.end(),
                     [](const Slot& slot) { return slot.kind == SlotKind::kDate && slot.date.day != 0; });
}

// "x_1_1", "x_r1_2", "b_1": of a grid. "paris_1", "pair1_2" and "001_2" are not.
bool may_be_in_grid(std::string_view base) {
  const std::size_t last = base.find_last_of("_-.");
  const std::string_view token = last == std::string_view::npos ? base : base.substr(last + 1);
  if (last == std::string_view::npos && token.size() == 1) return true;
  if (token.size() > 2 && token[0] == '0') return false;
  const std::size_t letters = token.size() > 1 && !ascii::is_digit(token[0]) ? 1 : 0;
  return std::all_of(token.begin() + static_cast<std::ptrdiff_t>(letters), token.end(), ascii::is_digit);
}

}  // namespace

void Leftovers::pair_second_names() {
  for (const auto& [begin, end] : by_folder()) {
    std::unordered_map<std::string, uint32_t> stems;
    for (std::size_t i = begin; i < end; ++i) stems.emplace(pictures_.stem(left_[i].picture), left_[i].picture);
    for (const auto& [stem, picture] : stems) {
      for (const char* tail : {"_2", "-2", ".2", " 2", "(2)", " (2)", "_(2)"}) {
        const auto second = stems.find(stem + tail);
        if (second == stems.end() || !is_second_of(stem, second->first)) continue;
        const std::string third = stem + std::string(tail).replace(std::string(tail).find('2'), 1, "3");
        const std::string one = stem + std::string(tail).replace(std::string(tail).find('2'), 1, "1");
        if (stems.count(third) != 0 || stems.count(one) != 0) continue;
        if (has_day(pictures_.marked_names(picture).back())) continue;
        pair(builder_.id_of(pictures_.marked_names(picture), {}), picture, second->second, Layout::kSuffixes,
             "of a name and the same name with a 2 behind it, which was taken for the later");
        break;
      }
    }
  }
}

void Leftovers::pair_numbered_names() {
  for (const auto& [begin, end] : by_folder()) {
    std::vector<EndNumber> names;
    bool may_be_grid = false;
    for (std::size_t i = begin; i < end; ++i) {
      std::optional<EndNumber> name = end_number(pictures_.stem(left_[i].picture));
      if (!name || name->base.empty() || has_day(pictures_.marked_names(left_[i].picture).back())) break;
      may_be_grid = may_be_grid || (name->letter == 0 && may_be_in_grid(name->base));
      names.push_back(*std::move(name));
    }
    if (names.size() != end - begin || names.size() < 4) continue;
    const std::optional<NumberPair> numbers = number_pair(names);
    // x_1_1, x_1_2, x_2_1, x_2_2 is a grid of tiles.
    if (!numbers || (may_be_grid && names.size() < 6 && !numbers->of_two_centuries())) continue;
    std::map<std::string, std::array<std::vector<uint32_t>, 2>> bases;
    for (std::size_t i = 0; i < names.size(); ++i) {
      bases[names[i].base][names[i].value == numbers->after ? 1 : 0].push_back(left_[begin + i].picture);
    }
    const bool is_regular = std::all_of(bases.begin(), bases.end(), [](const auto& entry) {
      return entry.second[0].size() == 1 && entry.second[1].size() == 1;
    });
    if (!is_regular) continue;
    const uint32_t folder = pictures_.folder_of(left_[begin].picture);
    const std::string prefix = builder_.id_of(pictures_.marked_folders(folder), {});
    for (const auto& [base, both] : bases) {
      pair((prefix.empty() ? "" : prefix + "/") + composed(base), both[0][0], both[1][0], Layout::kSuffixes,
           how("names that end in two numbers", *numbers));
    }
  }
}

void Leftovers::pair_numbered_folders(bool surely) {
  // Two folders called by numbers that stand beside each other and hold the same names.
  const NameTree& tree = pictures_.tree();
  std::map<uint32_t, std::vector<std::pair<uint32_t, EndNumber>>> parents;
  for (uint32_t folder = 1; folder < tree.folder_count(); ++folder) {
    // 01 is 1, and 18 a year.
    std::string name(tree.folder_name(folder));
    if (name.size() == 2 && name[0] == '0' && name[1] <= '2') name = name.substr(1);
    const std::optional<EndNumber> number = end_number(name);
    if (number && number->base.empty()) parents[tree.folder(folder).parent].emplace_back(folder, *number);
  }
  std::unordered_map<uint32_t, std::map<std::string, uint32_t>> left;
  for (const auto& [begin, end] : by_folder()) {
    for (std::size_t i = begin; i < end; ++i) {
      left[pictures_.folder_of(left_[i].picture)].emplace(pictures_.stem(left_[i].picture), left_[i].picture);
    }
  }
  for (const auto& [parent, folders] : parents) {
    if (folders.size() != 2 || tree.folder(parent).subfolders != 2) continue;
    const std::optional<NumberPair> numbers = number_pair({folders[0].second, folders[1].second});
    if (!numbers) continue;
    const bool in_order = folders[0].second.value == numbers->before;
    const auto before = left.find(folders[in_order ? 0 : 1].first);
    const auto after = left.find(folders[in_order ? 1 : 0].first);
    if (before == left.end() || after == left.end()) continue;
    const std::string prefix = builder_.id_of(pictures_.marked_folders(parent), {});
    if (surely) {
      const auto same_names = [](const auto& a, const auto& b) { return a.first == b.first; };
      const bool are_same = before->second.size() == after->second.size() &&
                            std::equal(before->second.begin(), before->second.end(), after->second.begin(), same_names);
      const bool are_numbers = std::all_of(before->second.begin(), before->second.end(),
                                           [](const auto& entry) { return ascii::is_digit(entry.first.back()); });
      if (!are_same || (before->second.size() == 2 && are_numbers)) continue;
    }
    for (const auto& [stem, picture] : before->second) {
      const auto partner = after->second.find(stem);
      if (partner == after->second.end() || has_day(pictures_.marked_names(picture).back())) continue;
      pair((prefix.empty() ? "" : prefix + "/") + composed(stem), picture, partner->second, Layout::kFolders,
           how("folders that are called by two numbers", *numbers));
    }
  }
}

}  // namespace ccx::pairs
