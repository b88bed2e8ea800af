// Pairs of looser kinds, and halves of pairs (leftovers.h).
#include "core/pairs/leftovers.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/error.h"
#include "core/pairs/roles.h"
#include "core/pairs/time_axis.h"

namespace ccx::pairs {
namespace {

// Small letters, and numbers without leading zeros.
std::string loosened(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = ascii::is_digit(text[i]) && (i == 0 || !ascii::is_digit(text[i - 1]));
    if (begins) {
      while (text[i] == '0' && i + 1 < text.size() && ascii::is_digit(text[i + 1])) ++i;
    }
    out += text[i];
  }
  return ascii::lower(out);
}

std::vector<std::string> small_words_of(const std::string& text) {
  std::vector<std::string> words;
  for (const std::string_view word : words_of(text)) words.push_back(ascii::lower(word));
  return words;
}

const Slot* date_of(const Marked& name) {
  const auto found =
      std::find_if(name.slots.begin(), name.slots.end(), [](const Slot& slot) { return slot.kind == SlotKind::kDate; });
  return found == name.slots.end() ? nullptr : &*found;
}

// "x_2" of "x", "x-2", "x 2", "x(2)", "x (2)".
bool is_second_of(std::string_view first, std::string_view second) {
  if (second.size() <= first.size() || second.substr(0, first.size()) != first) return false;
  const std::string_view tail = second.substr(first.size());
  return tail == "_2" || tail == "-2" || tail == ".2" || tail == " 2" || tail == "(2)" || tail == " (2)" ||
         tail == "_(2)";
}

}  // namespace

void Leftovers::run() {
  std::sort(left_.begin(), left_.end(), [](const Leftover& a, const Leftover& b) { return a.picture < b.picture; });
  pair_loose_names();
  pair_lone_pictures();
  const bool within = options_.layout == Layout::kAuto || options_.layout == Layout::kPairFolders;
  if (within && !builder_.has_twin_folders()) pair_folders();
  if (options_.layout == Layout::kAuto || options_.layout == Layout::kSuffixes) {
    pair_second_names();
    pair_numbered_names();
  }
  if (options_.layout == Layout::kAuto || options_.layout == Layout::kFolders) pair_numbered_folders();
  leave_halves();
  for (const auto& [how, found] : loose_) {
    builder_.note(plural(found.first, "pair") + " " + how + ", as " + found.second);
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

// --- halves
// -----------------------------------------------------------------------------------------------------------

Leftovers::Half Leftovers::half_of(const Leftover& left, const std::vector<Marked>& names) const {
  Half half;
  half.picture = left.picture;
  int strength = 0;
  std::size_t at = 0;
  for (std::size_t n = 0; n < names.size(); ++n) {
    for (const Slot& slot : names[n].slots) {
      const std::size_t index = at++;
      const bool is_word = slot.kind == SlotKind::kWord;
      const bool is_number = slot.kind == SlotKind::kTime || slot.kind == SlotKind::kPicture;
      if (slot.kind == SlotKind::kDate || slot.kind == SlotKind::kLetterTail) continue;
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

void Leftovers::pair_loose_names() {
  std::vector<Half> halves;
  std::vector<std::pair<std::string, std::size_t>> keys;
  std::array<std::size_t, 2> sides{};
  for (const Leftover& left : left_) {
    const std::vector<Marked> names = pictures_.marked_names(left.picture);
    const Half half = half_of(left, names);
    if (half.side < 0) continue;
    ++sides[static_cast<std::size_t>(half.side)];
    // The names with the telling slot alone taken out, the way to it as it is.
    std::string key = std::to_string(half.name) + (half.is_folder ? "/" : ":") + loosened(id_of(half, names));
    keys.emplace_back(std::move(key), halves.size());
    halves.push_back(half);
  }
  if (sides[0] == 0 || sides[1] == 0) return;
  std::sort(keys.begin(), keys.end());
  for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
    const bool two = keys[i].first == keys[i + 1].first &&
                     (i + 2 == keys.size() || keys[i + 2].first != keys[i].first) &&
                     (i == 0 || keys[i - 1].first != keys[i].first);
    const Half& a = halves[keys[i].second];
    const Half& b = halves[keys[i + 1].second];
    if (!two || a.side == b.side) continue;
    const Half& before = a.side == 0 ? a : b;
    const Half& after = a.side == 0 ? b : a;
    pair(id_of(before, pictures_.marked_names(before.picture)), before.picture, after.picture,
         before.is_folder ? Layout::kFolders : Layout::kSuffixes,
         "of names that differ in capitals, zeros or the word for the time");
  }
  // By the place in which the two sides stand beside each other.
  std::map<std::string, std::array<std::vector<Half>, 2>> places;
  for (const Half& half : halves) {
    if (builder_.is_used(half.picture)) continue;
    const std::vector<Marked> names = pictures_.marked_names(half.picture);
    std::string place = half.is_folder ? "/" : ":";
    for (std::size_t n = 0; n + 1 < names.size(); ++n) place += (n == half.name ? "*" : names[n].key) + "/";
    places[place][static_cast<std::size_t>(half.side)].push_back(half);
  }
  for (const auto& [place, both] : places) {
    if (!both[0].empty() && !both[1].empty()) pair_by_common_words(both[0], both[1]);
  }
}

// Words that all names of one side have and none of the other says nothing of the place: "x_optical" and "x_sar".
void Leftovers::pair_by_common_words(const std::vector<Half>& befores, const std::vector<Half>& afters) {
  struct SideWords {
    std::vector<std::vector<std::string>> words;
    std::set<std::string> common;
    std::set<std::string> any;
  };
  std::array<SideWords, 2> sides;
  for (int s = 0; s < 2; ++s) {
    SideWords& side = sides[static_cast<std::size_t>(s)];
    for (const Half& half : s == 0 ? befores : afters) {
      const std::vector<Marked> names = pictures_.marked_names(half.picture);
      std::vector<bool> restore(names.back().slots.size(), true);
      const std::size_t before_stem = [&] {
        std::size_t count = 0;
        for (std::size_t n = 0; n + 1 < names.size(); ++n) count += names[n].slots.size();
        return count;
      }();
      if (!half.is_folder) restore[half.slot - before_stem] = false;
      side.words.push_back(small_words_of(filled(names.back(), restore)));
      std::set<std::string> own(side.words.back().begin(), side.words.back().end());
      if (side.words.size() == 1) side.common = own;
      std::erase_if(side.common, [&](const std::string& word) { return own.count(word) == 0; });
      side.any.insert(own.begin(), own.end());
    }
  }
  std::array<std::map<std::string, std::vector<std::size_t>>, 2> rests;
  std::array<std::size_t, 2> removed{};
  for (std::size_t s = 0; s < 2; ++s) {
    for (std::size_t i = 0; i < sides[s].words.size(); ++i) {
      std::string rest;
      for (const std::string& word : sides[s].words[i]) {
        const bool is_common = sides[s].common.count(word) != 0 && sides[1 - s].any.count(word) == 0;
        removed[s] += is_common ? 1 : 0;
        if (!is_common) rest += loosened(word) + "_";
      }
      if (!rest.empty()) rests[s][rest].push_back(i);
    }
  }
  // Two single pictures with words of their own on both sides may be of any two places.
  if (removed[0] + removed[1] == 0) return;
  for (const auto& [rest, first] : rests[0]) {
    const auto second = rests[1].find(rest);
    if (first.size() != 1 || second == rests[1].end() || second->second.size() != 1) continue;
    const Half& before = befores[first[0]];
    pair(id_of(before, pictures_.marked_names(before.picture)), before.picture, afters[second->second[0]].picture,
         before.is_folder ? Layout::kFolders : Layout::kSuffixes, "of names in which all of one side have a word more");
  }
}

// --- pairs of other kinds
// ---------------------------------------------------------------------------------------------

void Leftovers::pair_lone_pictures() {
  if (options_.layout == Layout::kSuffixes || options_.layout == Layout::kPairFolders) return;
  std::map<uint64_t, std::vector<uint32_t>> groups;
  for (const auto& [begin, end] : by_folder()) {
    const uint32_t picture = left_[begin].picture;
    const uint32_t folder = pictures_.folder_of(picture);
    if (end - begin != 1 || builder_.folder_has_pairs(folder) || folder == NameTree::kRoot) continue;
    groups[pictures_.folder_key_hash(folder)].push_back(picture);
  }
  for (const auto& [hash, pictures] : groups) {
    if (pictures.size() < 2) continue;
    std::vector<std::vector<Slot>> slots;
    std::vector<std::vector<Marked>> names;
    std::set<std::vector<int64_t>> distinct;
    for (const uint32_t picture : pictures) {
      names.push_back(pictures_.marked_folders(pictures_.folder_of(picture)));
      slots.emplace_back();
      std::vector<int64_t> values;
      for (const Marked& name : names.back()) {
        for (const Slot& slot : name.slots) {
          slots.back().push_back(slot);
          values.push_back(slot.value);
        }
      }
      distinct.insert(values);
    }
    if (distinct.size() != pictures.size() || slots[0].empty()) continue;
    const Reading reading = read_group(slots);
    if (reading.time == Reading::kNone) continue;
    const SlotKind kind = slots[0][reading.time].kind;
    if (kind != SlotKind::kDate && kind != SlotKind::kWord) continue;
    for (const auto& place : reading.places) {
      if (place.size() < 2) continue;
      std::vector<bool> restore(reading.varies.size());
      for (std::size_t i = 0; i < restore.size(); ++i) restore[i] = reading.is_place[i] || !reading.varies[i];
      std::vector<PairBuilder::Dated> dated;
      for (const std::size_t at : place) dated.push_back({{pictures[at]}, slots[at][reading.time]});
      PairBuilder::Place out;
      out.id = builder_.id_of(names[place[0]], restore);
      out.time_is_folder = true;
      auto& [count, first] = loose_["of folders with one picture each, whose names differ"];
      if (++count == 1) first = pictures_.shown(pictures[place[0]]) + " and " + pictures_.shown(pictures[place[1]]);
      builder_.add_place(out, std::move(dated));
    }
  }
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
    if (by_name && dates[pictures_.folder_key_hash(folder)].size() > 1) continue;
    if (order > 0 || (by_name && natural_less(pictures_.stem(second), pictures_.stem(first)))) std::swap(first, second);
    if (by_name) {
      builder_.note_guess("the names do not say which of the two in " + pictures_.shown_folder(folder) +
                          " is first: taken in byte order, numbers by value, so before is " +
                          pictures_.file_name(first));
    }
    pair(builder_.id_of(pictures_.marked_folders(folder), {}), first, second, Layout::kPairFolders, "");
  }
}

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
        pair(builder_.id_of(pictures_.marked_names(picture), {}), picture, second->second, Layout::kSuffixes,
             "of a name and the same name with a 2 behind it, which was taken for the later");
        break;
      }
    }
  }
}

void Leftovers::pair_numbered_names() {
  for (const auto& [begin, end] : by_folder()) {
    std::map<std::string, std::array<std::vector<uint32_t>, 2>> bases;
    bool is_regular = true;
    int lowest = 9;
    for (std::size_t i = begin; i < end && is_regular; ++i) {
      const std::string stem = pictures_.stem(left_[i].picture);
      const std::size_t size = stem.size();
      is_regular = size > 2 && (stem[size - 2] == '_' || stem[size - 2] == '-') && stem[size - 1] >= '0' &&
                   stem[size - 1] <= '2';
      if (is_regular) lowest = std::min(lowest, stem[size - 1] - '0');
    }
    if (!is_regular) continue;
    for (std::size_t i = begin; i < end && is_regular; ++i) {
      const std::string stem = pictures_.stem(left_[i].picture);
      const int number = stem.back() - '0' - lowest;
      is_regular = number <= 1;
      if (is_regular)
        bases[stem.substr(0, stem.size() - 2)][static_cast<std::size_t>(number)].push_back(left_[i].picture);
    }
    // x_1_1, x_1_2, x_2_1, x_2_2 is a grid of tiles.
    is_regular = is_regular && bases.size() >= 3;
    for (const auto& [base, both] : bases) is_regular = is_regular && both[0].size() == 1 && both[1].size() == 1;
    if (!is_regular) continue;
    const uint32_t folder = pictures_.folder_of(left_[begin].picture);
    const std::string prefix = builder_.id_of(pictures_.marked_folders(folder), {});
    for (const auto& [base, both] : bases) {
      pair((prefix.empty() ? "" : prefix + "/") + composed(base), both[0][0], both[1][0], Layout::kSuffixes,
           "of names that end in two numbers, of which the higher was taken for the later");
    }
  }
}

void Leftovers::pair_numbered_folders() {
  // Folders called 1 and 2 (or 0 and 1) that stand beside each other and hold the same names.
  std::map<uint32_t, std::map<int, uint32_t>> parents;
  const NameTree& tree = pictures_.tree();
  for (uint32_t folder = 1; folder < tree.folder_count(); ++folder) {
    const std::string name = loosened(tree.folder_name(folder));
    if (name == "0" || name == "1" || name == "2") parents[tree.folder(folder).parent].emplace(name[0] - '0', folder);
  }
  std::unordered_map<uint32_t, std::map<std::string, uint32_t>> left;
  for (const auto& [begin, end] : by_folder()) {
    for (std::size_t i = begin; i < end; ++i) {
      left[pictures_.folder_of(left_[i].picture)].emplace(pictures_.stem(left_[i].picture), left_[i].picture);
    }
  }
  for (const auto& [parent, numbers] : parents) {
    if (numbers.size() != 2 || tree.folder(parent).subfolders != 2) continue;
    const auto before = left.find(numbers.begin()->second);
    const auto after = left.find(numbers.rbegin()->second);
    if (before == left.end() || after == left.end()) continue;
    if (numbers.rbegin()->first - numbers.begin()->first != 1) continue;
    const std::string prefix = builder_.id_of(pictures_.marked_folders(parent), {});
    for (const auto& [stem, picture] : before->second) {
      const auto partner = after->second.find(stem);
      if (partner == after->second.end()) continue;
      pair((prefix.empty() ? "" : prefix + "/") + composed(stem), picture, partner->second, Layout::kFolders,
           "of folders that are called by two numbers, of which the higher was taken for the later");
    }
  }
}

// --- what has no partner
// ------------------------------------------------------------------------------------------------

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
