// Pairs among pictures whose names differ in more than the time: in capitals and zeros, in a word that one side has, in
// all but the dates of their folders (leftovers.h).
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/base/ascii.h"
#include "core/pairs/folder/leftovers.h"
#include "core/pairs/folder/time_axis.h"
#include "core/pairs/naming/roles.h"

namespace ccx::pairs {
namespace {

std::vector<std::string> small_words_of(const std::string& text) {
  std::vector<std::string> words;
  for (const std::string_view word : words_of(text)) words.push_back(ascii::lower(word));
  return words;
}

}  // namespace

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
         before.is_folder ? Layout::kFolders : Layout::kSuffixes, kLooseNames);
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

// Folders of two dates whose files' names have other dates and words of their own: HRSCD's
// images_2006/14-2005-0415-LA93 and images_2012/14-2012-0415-LA93-0M50.
void Leftovers::pair_dated_folders() {
  if (options_.layout == Layout::kSuffixes || options_.layout == Layout::kPairFolders) return;
  drop_used();
  std::map<uint64_t, std::map<int64_t, std::vector<Half>>> groups;
  for (const Leftover& left : left_) {
    const uint32_t folder = pictures_.folder_of(left.picture);
    const std::vector<Marked> names = pictures_.marked_folders(folder);
    Half half;
    int64_t value = 0;
    std::size_t dates = 0;
    std::size_t at = 0;
    for (std::size_t n = 0; n < names.size(); ++n) {
      for (const Slot& slot : names[n].slots) {
        if (slot.kind == SlotKind::kDate) {
          ++dates;
          value = slot.value;
          half = {left.picture, -1, n, at, SlotKind::kDate, true};
        }
        ++at;
      }
    }
    if (dates == 1) groups[pictures_.folder_key_hash(folder)][value].push_back(half);
  }
  for (auto& [key, sides] : groups) {
    if (sides.size() != 2) continue;
    for (Half& half : sides.begin()->second) half.side = 0;
    for (Half& half : sides.rbegin()->second) half.side = 1;
    pair_by_common_words(sides.begin()->second, sides.rbegin()->second);
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
      for (std::size_t i = 0; i < restore.size() && half.kind == SlotKind::kDate; ++i) {
        if (names.back().slots[i].kind == SlotKind::kDate) restore[i] = false;
      }
      side.words.push_back(small_words_of(filled(names.back(), restore)));
      std::set<std::string> own(side.words.back().begin(), side.words.back().end());
      if (side.words.size() == 1) side.common = own;
      std::erase_if(side.common, [&](const std::string& word) { return own.count(word) == 0; });
      side.any.insert(own.begin(), own.end());
    }
  }
  // Where letters of files' names alone say the date, a number is rather the place: a_07 is no partner of b_12.
  const bool by_letters = !befores[0].is_folder && befores[0].kind == SlotKind::kLetter;
  std::array<std::map<std::string, std::vector<std::size_t>>, 2> rests;
  std::array<std::size_t, 2> removed{};
  for (std::size_t s = 0; s < 2; ++s) {
    for (std::size_t i = 0; i < sides[s].words.size(); ++i) {
      std::string rest;
      for (const std::string& word : sides[s].words[i]) {
        const bool is_number = std::all_of(word.begin(), word.end(), ascii::is_digit);
        const bool is_common =
            sides[s].common.count(word) != 0 && sides[1 - s].any.count(word) == 0 && !(by_letters && is_number);
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

}  // namespace ccx::pairs
