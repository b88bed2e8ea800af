// What is left beside the pairs: two pictures of a folder, numbered names and folders, halves of pairs (leftovers.h).
#include "core/pairs/folder/leftovers.h"
#include "core/base/counted.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/error.h"
#include "core/pairs/naming/end_number.h"
#include "core/pairs/naming/names.h"
#include "core/pairs/naming/panchromatic.h"
#include "core/pairs/naming/roles.h"

namespace ccx::pairs {
namespace {

const Slot* date_of(const Marked& name) {
  const auto found =
      std::find_if(name.slots.begin(), name.slots.end(), [](const Slot& slot) { return slot.kind == SlotKind::kDate; });
  return found == name.slots.end() ? nullptr : &*found;
}

// "before_after", as pictures that show both dates side by side are called.
bool is_of_both(const Marked& name) {
  std::array<bool, 2> sides{};
  for (const Slot& slot : name.slots) {
    if (slot.kind == SlotKind::kWord && !needs_partner(slot.text, false)) sides[slot.value == 0 ? 0 : 1] = true;
  }
  return sides[0] && sides[1];
}

// "0001", "tile_012": a zero before a number of three digits or more.
bool is_counted_with_zeros(const std::string& stem) {
  const std::size_t first = stem.find_last_not_of("0123456789") + 1;
  return stem.size() - first >= 3 && stem[first] == '0';
}

}  // namespace

void Leftovers::run() {
  std::sort(left_.begin(), left_.end(), [](const Leftover& a, const Leftover& b) { return a.picture < b.picture; });
  pair_other_satellites();
  pair_loose_names();
  pair_numbers_along();
  pair_dated_folders();
  pair_lone_pictures();
  const bool by_folders = options_.layout == Layout::kAuto || options_.layout == Layout::kFolders;
  if (by_folders) pair_numbered_folders(true);
  const bool within = options_.layout == Layout::kAuto || options_.layout == Layout::kPairFolders;
  if (within && !builder_.has_twin_folders()) pair_folders();
  if (options_.layout == Layout::kAuto || options_.layout == Layout::kSuffixes) {
    pair_second_names();
    pair_numbered_names();
  }
  if (by_folders) pair_numbered_folders(false);
  leave_halves();
  for (const auto& [how, found] : loose_) {
    builder_.note(counted(found.first, "pair") + " " + how + ", as " + found.second);
  }
}

void Leftovers::pair(const std::string& id, uint32_t before, uint32_t after, Layout layout, const std::string& how) {
  builder_.add(id.empty() ? options_.root_name : id, before, after, layout);
  if (how.empty()) return;
  auto& [count, first] = loose_[how];
  if (++count == 1) first = pictures_.shown(before) + " and " + pictures_.shown(after);
}

void Leftovers::drop_used() {
  std::erase_if(left_, [&](const Leftover& left) { return builder_.is_used(left.picture); });
}

std::vector<std::pair<std::size_t, std::size_t>> Leftovers::by_folder() {
  drop_used();
  std::stable_sort(left_.begin(), left_.end(), [&](const Leftover& a, const Leftover& b) {
    return pictures_.folder_of(a.picture) < pictures_.folder_of(b.picture);
  });
  std::vector<std::pair<std::size_t, std::size_t>> ranges;
  for (std::size_t i = 0; i < left_.size(); ++i) {
    const uint32_t folder = pictures_.folder_of(left_[i].picture);
    if (ranges.empty() || pictures_.folder_of(left_[ranges.back().first].picture) != folder) ranges.emplace_back(i, i);
    ranges.back().second = i + 1;
  }
  return ranges;
}

// --- halves ---------------------------------------------------------------------------------------------------------

Leftovers::Half Leftovers::half_of(const Leftover& left, const std::vector<Marked>& names) const {
  Half half;
  half.picture = left.picture;
  int strength = 0;
  std::size_t at = 0;
  for (std::size_t n = 0; n < names.size(); ++n) {
    const bool says_both = is_of_both(names[n]);
    for (const Slot& slot : names[n].slots) {
      const std::size_t index = at++;
      if (says_both && slot.kind == SlotKind::kWord) continue;
      const bool is_word = slot.kind == SlotKind::kWord;
      const bool is_number = slot.kind == SlotKind::kTime || slot.kind == SlotKind::kPicture;
      if (is_word && needs_partner(slot.text, slot.is_whole)) continue;
      if (slot.kind == SlotKind::kDate || slot.kind == SlotKind::kLetterTail) continue;
      if (slot.kind == SlotKind::kTime && is_span_of_time(slot.text)) continue;
      if (!is_word && !(slot.is_folder ? left.folder_may_have_side : left.may_have_side)) continue;
      if (!is_word && !slot.is_whole && (slot.is_folder || !slot.is_edge)) continue;
      const int64_t first = is_number ? 1 : 0;
      if (slot.value > first + 1) continue;
      if (slot.strength() <= strength) continue;
      strength = slot.strength();
      half.side = slot.value > first || (is_number && slot.value == 2) ? 1 : 0;
      half.name = n;
      half.slot = index;
      half.kind = slot.kind;
      half.is_folder = slot.is_folder;
      half.is_whole = slot.is_whole;
    }
  }
  return half;
}

std::string Leftovers::id_of(const Half& half, const std::vector<Marked>& names) const {
  std::size_t count = 0;
  for (const Marked& name : names) count += name.slots.size();
  std::vector<bool> restore(count, true);
  if (half.side >= 0) restore[half.slot] = false;
  const std::string id = builder_.id_of(names, restore);
  return id.empty() ? options_.root_name : id;
}

// --- pairs of other kinds -------------------------------------------------------------------------------------------

// Two folders beside each other that hold the same two names: they may be two dates of two places as well as two pairs.
std::set<uint32_t> Leftovers::twin_folders(const std::vector<std::pair<std::size_t, std::size_t>>& ranges) const {
  std::map<std::pair<uint32_t, std::string>, std::vector<uint32_t>> same;
  if (options_.layout != Layout::kAuto) return {};
  for (const auto& [begin, end] : ranges) {
    const uint32_t folder = pictures_.folder_of(left_[begin].picture);
    if (end - begin != 2 || folder == NameTree::kRoot) continue;
    std::array<std::string, 2> stems = {loosened(pictures_.stem(left_[begin].picture)),
                                        loosened(pictures_.stem(left_[begin + 1].picture))};
    std::sort(stems.begin(), stems.end());
    // 1 and 2 are the dates; 0001 and 0002 may be tiles.
    const std::optional<EndNumber> one = end_number(stems[0]);
    const std::optional<EndNumber> two = end_number(stems[1]);
    const bool may_be_tiles = is_counted_with_zeros(pictures_.stem(left_[begin].picture)) &&
                              is_counted_with_zeros(pictures_.stem(left_[begin + 1].picture));
    if (!may_be_tiles && one && two && one->base == two->base && number_pair({*one, *two})) continue;
    same[{pictures_.tree().folder(folder).parent, stems[0] + '/' + stems[1]}].push_back(folder);
  }
  std::set<uint32_t> twins;
  for (const auto& [key, folders] : same) {
    if (folders.size() == 2 && pictures_.tree().folder(key.first).subfolders == 2 && twins.empty())
      twins.insert(folders.begin(), folders.end());
  }
  return twins;
}

void Leftovers::refuse_twins(const std::set<uint32_t>& twins) const {
  const auto name = [&](uint32_t folder) { return printable(utf8_name(pictures_.tree().folder_name(folder))); };
  throw InputError(
      pictures_.shown_folder(*twins.begin()) + " and " + pictures_.shown_folder(*twins.rbegin()) +
      " hold the same two names, so each may be a pair, or one the earlier date of two pairs and the other "
      "the later: --layout pair-folders takes each for a pair, --before '" +
      name(*twins.begin()) + "/*' --after '" + name(*twins.rbegin()) + "/*' takes them for dates");
}

// x_98 is before x_05.
std::optional<bool> Leftovers::in_order_of_years(uint32_t first, uint32_t second) const {
  const std::optional<EndNumber> one = end_number(pictures_.stem(first));
  const std::optional<EndNumber> two = end_number(pictures_.stem(second));
  if (!one || !two || one->base != two->base) return std::nullopt;
  const std::optional<NumberPair> numbers = number_pair({*one, *two});
  if (!numbers || !numbers->of_two_centuries()) return std::nullopt;
  return one->value == numbers->before;
}

void Leftovers::pair_folders() {
  const auto ranges = by_folder();
  // Folders that are dates of one place: what lies together in one of them is of one day, and no pair by an accident of
  // names.
  std::unordered_map<uint64_t, std::set<int64_t>> dates;
  for (const auto& [begin, end] : ranges) {
    const uint32_t folder = pictures_.folder_of(left_[begin].picture);
    for (const Marked& name : pictures_.marked_folders(folder)) {
      if (const Slot* date = date_of(name)) dates[pictures_.folder_key_hash(folder)].insert(date->value);
    }
  }
  const std::set<uint32_t> twins = twin_folders(ranges);
  for (const auto& [begin, end] : ranges) {
    if (end - begin != 2) continue;
    const uint32_t folder = pictures_.folder_of(left_[begin].picture);
    if (builder_.folder_has_pairs(folder)) continue;
    uint32_t first = left_[begin].picture;
    uint32_t second = left_[begin + 1].picture;
    const std::vector<Marked> first_names = pictures_.marked_names(first);
    const std::vector<Marked> second_names = pictures_.marked_names(second);
    if (half_of(left_[begin], first_names).side >= 0 || half_of(left_[begin + 1], second_names).side >= 0) continue;
    const Slot* first_date = date_of(first_names.back());
    const Slot* second_date = date_of(second_names.back());
    const int order =
        first_date != nullptr && second_date != nullptr ? compare(first_date->date, second_date->date) : 0;
    const bool by_name = order == 0;
    // What is of one date, or shows one picture in other colours, is no pair by an accident of names.
    const bool is_one_date = first_date != nullptr && second_date != nullptr &&
                             first_date->value == second_date->value &&
                             !are_hours(pictures_.stem(first), pictures_.stem(second));
    if (is_one_date || (by_name && are_renderings(pictures_.stem(first), pictures_.stem(second)))) continue;
    if (by_name && dates[pictures_.folder_key_hash(folder)].size() > 1) continue;
    if (by_name && twins.count(folder) != 0) {
      if (builder_.complete() > 0) continue;
      refuse_twins(twins);
    }
    const std::optional<bool> by_century = by_name ? in_order_of_years(first, second) : std::nullopt;
    const bool is_reversed = by_century ? !*by_century : natural_less(pictures_.stem(second), pictures_.stem(first));
    if (order > 0 || (by_name && is_reversed)) std::swap(first, second);
    if (by_century) {
      builder_.note_guess("the numbers at the ends of the two names in " + pictures_.shown_folder(folder) +
                          " were taken for years of two centuries, so before is " + pictures_.file_name(first));
    } else if (by_name) {
      builder_.note_guess("the names do not say which of the two in " + pictures_.shown_folder(folder) +
                          " is first: taken in byte order, numbers by value, so before is " +
                          pictures_.file_name(first));
    }
    pair(builder_.id_of(pictures_.marked_folders(folder), {}), first, second, Layout::kPairFolders, "");
  }
}

// --- what has no partner --------------------------------------------------------------------------------------------

void Leftovers::leave_halves() {
  drop_used();
  // "a_overlay" is no half of a pair where no file's name has a B in its place.
  std::array<bool, 2> letters{builder_.has_letter_pairs(), builder_.has_letter_pairs()};
  const auto is_letter = [](const Half& half) { return half.kind == SlotKind::kLetter && !half.is_folder; };
  for (const Leftover& left : left_) {
    const Half half = half_of(left, pictures_.marked_names(left.picture));
    if (half.side >= 0 && is_letter(half)) letters[static_cast<std::size_t>(half.side)] = true;
  }
  for (const Leftover& left : left_) {
    const std::vector<Marked> names = pictures_.marked_names(left.picture);
    Half half = half_of(left, names);
    if (half.side >= 0 && is_letter(half) && !(letters[0] && letters[1])) half.side = -1;
    const uint32_t folder = pictures_.folder_of(left.picture);
    // ref beside im1 and im2, whatever the folder's name says.
    if (builder_.folder_is_pair(folder) && (half.is_whole || half.is_folder)) half.side = -1;
    if (half.side >= 0 && (!builder_.has_twin_folders() || half.is_folder || builder_.folder_has_pairs(folder))) {
      leave_half(half, names);
    } else if (builder_.folder_has_pairs(folder) || builder_.has_twin_folders()) {
      builder_.pass_over(left.picture);
    } else {
      const NameTree::Folder& place = pictures_.tree().folder(folder);
      const bool is_alone = folder != NameTree::kRoot && place.last_file - place.first_file == 1;
      const std::string id =
          is_alone ? builder_.id_of(pictures_.marked_folders(folder), {}) : builder_.id_of(names, {});
      builder_.add_half(id, left.picture, NamedPair::kNone, pictures_.shown(left.picture) + " has no partner", false);
    }
  }
}

void Leftovers::leave_half(const Half& half, const std::vector<Marked>& names) {
  std::string missing = pictures_.shown(half.picture) + " has no partner";
  if (half.is_folder) {
    const std::vector<uint32_t> way = pictures_.way_to(pictures_.folder_of(half.picture));
    const uint32_t parent = pictures_.tree().folder(way[half.name]).parent;
    const uint32_t twin = builder_.twin_of(parent, half.side == 0);
    std::string rest;
    for (std::size_t n = half.name + 1; n < names.size(); ++n) {
      rest += (rest.empty() ? "" : "/") + filled(names[n], std::vector<bool>(names[n].slots.size(), true));
    }
    missing =
        "there is no image '" + rest + "' " +
        (twin == NamedPair::kNone ? "beside " + pictures_.shown_folder(parent) : "in " + pictures_.shown_folder(twin));
  }
  const bool is_before = half.side == 0;
  builder_.add_half(id_of(half, names), is_before ? half.picture : NamedPair::kNone,
                    is_before ? NamedPair::kNone : half.picture, missing, true);
}

}  // namespace ccx::pairs
