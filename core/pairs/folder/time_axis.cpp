// Which of the differences between names is the time (time_axis.h).
#include "core/pairs/folder/time_axis.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/one_of.h"
#include "core/pairs/naming/role_words.h"

namespace ccx::pairs {
namespace {

using Names = std::vector<std::vector<Slot>>;
using Slots = std::vector<std::size_t>;

std::vector<int64_t> values_of(const Names& names, std::size_t slot) {
  std::vector<int64_t> values;
  values.reserve(names.size());
  for (const auto& name : names) values.push_back(name[slot].value);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

// One way of reading: a slot for the time, some for the places; the others must go along with the time.
struct Attempt {
  std::size_t time = 0;
  Slots place;
  std::vector<std::vector<std::size_t>> places;
  std::size_t paired = 0;  // pictures that are not alone in their place
  bool contradicts_dates = false;
};

// Whether `slot` may differ together with the time between two pictures of one place.
bool goes_along(const Slot& earlier, const Slot& later, bool time_is_date, bool* contradicts) {
  if (earlier.value == later.value) return true;
  if (earlier.kind == SlotKind::kDate) {
    if (earlier.value > later.value) *contradicts = true;
    return true;
  }
  if (earlier.value > later.value) return false;
  return time_is_date || may_be_times(earlier.kind, {earlier.value, later.value});
}

std::optional<Attempt> attempt(const Names& names, const Slots& varying, std::size_t time, Slots place) {
  Attempt out;
  out.time = time;
  std::map<std::vector<int64_t>, std::vector<std::size_t>> by_place;
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::vector<int64_t> key;
    for (const std::size_t slot : place) key.push_back(names[i][slot].value);
    by_place[key].push_back(i);
  }
  for (auto& [key, pictures] : by_place) {
    std::sort(pictures.begin(), pictures.end(),
              [&](std::size_t a, std::size_t b) { return names[a][time].value < names[b][time].value; });
    for (std::size_t i = 1; i < pictures.size(); ++i) {
      const auto& earlier = names[pictures[i - 1]];
      const auto& later = names[pictures[i]];
      if (earlier[time].value == later[time].value) return std::nullopt;
      for (const std::size_t slot : varying) {
        if (slot == time || std::find(place.begin(), place.end(), slot) != place.end()) continue;
        const bool time_is_date = earlier[time].kind == SlotKind::kDate;
        if (!goes_along(earlier[slot], later[slot], time_is_date, &out.contradicts_dates)) return std::nullopt;
      }
    }
    if (pictures.size() > 1) out.paired += pictures.size();
    out.places.push_back(std::move(pictures));
  }
  out.place = std::move(place);
  return out;
}

// Whether one value of `slot` stands with one value of `other` and the other way round.
bool repeats(const Names& names, std::size_t slot, std::size_t other) {
  std::map<int64_t, int64_t> there;
  std::map<int64_t, int64_t> back;
  for (const auto& name : names) {
    const int64_t a = name[slot].value;
    const int64_t b = name[other].value;
    if (there.emplace(a, b).first->second != b || back.emplace(b, a).first->second != a) return false;
  }
  return true;
}

// A letter inside a file's name that also tells one date for all names parts places: site_a_2019, site_b_2019.
bool is_site_letter(const Names& names, std::size_t slot, const Slots& varying) {
  const Slot& letter = names[0][slot];
  if (letter.kind != SlotKind::kLetter || letter.is_folder) return false;
  for (std::size_t i = 0; i < names[0].size(); ++i) {
    const bool is_constant = std::find(varying.begin(), varying.end(), i) == varying.end();
    if (names[0][i].kind == SlotKind::kDate && is_constant) return true;
  }
  return false;
}

// Words that also part places: the old and the new town, first and second street.
bool is_word_of_places(const Slot& slot) {
  static constexpr std::array<std::string_view, 17> kWords = {
      "old", "new",   "first", "second",  "1st",     "2nd",    "early",    "late",      "start",
      "end", "final", "past",  "present", "current", "modern", "historic", "historical"};
  if (slot.kind != SlotKind::kWord || slot.is_whole) return false;
  const std::string word = ascii::lower(slot.text);
  return is_one_of(word, kWords) || weak_word_side(word) >= 0;
}

// Where the files are called by a whole date and nothing else, folders a and b are places; A and B are, where the dates
// have a month: pictures may be called by numbers that look like years.
bool is_letter_of_places(const Slot& letter, const Slot& date) {
  if (letter.kind != SlotKind::kLetter || !letter.is_folder || !letter.is_whole) return false;
  if (date.kind != SlotKind::kDate || date.is_folder || !date.is_whole) return false;
  return date.date.month != 0 || letter.text == ascii::lower(letter.text);
}

// img1 and img2 count the pairs where a letter stands at an edge of the same name (img1_A, img1_B, as img3_B would
// show) or a date anywhere. Folders im1 and im2 do beside whole dates with a month.
bool is_count_of_pairs(const Slot& picture, const Slot& other) {
  if (picture.kind != SlotKind::kPicture) return false;
  if (!picture.is_folder && other.kind == SlotKind::kLetter) return !other.is_folder && other.is_edge;
  if (other.kind != SlotKind::kDate) return false;
  return !picture.is_folder || (!other.is_folder && other.is_whole && other.date.month != 0);
}

// A_2018, A_2021, B_2018, ... and T1_2018, T1_2021, ...: what begins a file's name before a date is the place where it
// stands with two of them. With more the dates may count scenes.
bool is_place_before_dates(const Names& names, std::size_t slot, std::size_t date) {
  const Slot& own = names[0][slot];
  if (own.kind != SlotKind::kLetter && own.kind != SlotKind::kTime) return false;
  if (own.is_folder || !own.is_edge || slot > date || names[0][date].is_folder) return false;
  std::map<int64_t, std::set<int64_t>> dates;
  std::size_t most = 0;
  for (const auto& name : names) {
    std::set<int64_t>& of_place = dates[name[slot].value];
    of_place.insert(name[date].value);
    most = std::max(most, of_place.size());
  }
  return most == 2;
}

// How surely a slot tells the time in these names.
int strength_in(const Names& names, const Slots& times, std::size_t slot) {
  constexpr int kBelowDates = 45;
  const Slot& own = names[0][slot];
  int strength = own.strength();
  for (const std::size_t other : times) {
    const Slot& date = names[0][other];
    // The old and the new town, each before and after.
    const bool is_surer = (date.kind == SlotKind::kWord && !is_word_of_places(date)) || date.kind == SlotKind::kTime;
    if (other != slot && is_surer && is_word_of_places(own)) strength = std::min(strength, date.strength() - 1);
    if (other != slot && is_count_of_pairs(own, date)) strength = std::min(strength, date.strength() - 1);
    if (date.kind != SlotKind::kDate) continue;
    const bool is_span = own.kind == SlotKind::kTime && is_span_of_time(own.text);
    if (is_span || is_place_before_dates(names, slot, other)) strength = std::min(strength, date.strength() - 1);
    if (is_word_of_places(own) || is_letter_of_places(own, date)) return std::min(strength, kBelowDates);
  }
  return strength;
}

}  // namespace

bool may_be_times(SlotKind kind, const std::vector<int64_t>& values) {
  switch (kind) {
    case SlotKind::kWord:
    case SlotKind::kDate:
    case SlotKind::kTime:
      return true;
    case SlotKind::kPicture:
      return values.size() <= 2 && values.front() <= 1 && values.back() <= 2 && values.back() - values.front() <= 1;
    case SlotKind::kLetter:
    case SlotKind::kLetterTail:
      return values.size() <= 2 && values.back() <= 1;
  }
  return false;
}

void choose_dates(std::vector<std::vector<Slot>>& names) {
  for (std::size_t slot = 0; slot < names[0].size(); ++slot) {
    const std::size_t count = names[0][slot].dates.size();
    const auto has_other_count = [&](const std::vector<Slot>& name) { return name[slot].dates.size() != count; };
    if (count == 0 || std::any_of(names.begin(), names.end(), has_other_count)) continue;
    std::vector<std::size_t> differing;
    for (std::size_t at = 0; at < count; ++at) {
      const auto differs = [&](const std::vector<Slot>& name) {
        return !(name[slot].dates[at] == names[0][slot].dates[at]);
      };
      if (std::any_of(names.begin(), names.end(), differs)) differing.push_back(at);
    }
    if (differing.size() != 1) continue;
    for (std::vector<Slot>& name : names) {
      name[slot].date = name[slot].dates[differing[0]];
      name[slot].value = packed_value(name[slot].date);
    }
  }
}

bool choose_signs(std::vector<std::vector<Slot>>& names) {
  bool is_open = false;
  const auto has_line = [](const Slot& slot) { return slot.text.find('-') != std::string::npos; };
  for (std::size_t slot = 0; slot < names[0].size(); ++slot) {
    if (names[0][slot].kind != SlotKind::kTime) continue;
    const auto lines =
        std::count_if(names.begin(), names.end(), [&](const auto& name) { return has_line(name[slot]); });
    const auto same = [&](const auto& name) { return name[slot].value == names[0][slot].value; };
    if (lines == static_cast<std::ptrdiff_t>(names.size())) is_open = !std::all_of(names.begin(), names.end(), same);
    if (lines == 0 || lines == static_cast<std::ptrdiff_t>(names.size())) continue;
    for (std::vector<Slot>& name : names) {
      if (has_line(name[slot]) && name[slot].value > 0) name[slot].value = -name[slot].value;
    }
  }
  return is_open;
}

Reading read_group(const Names& names) {
  Reading reading;
  const std::size_t count = names[0].size();
  reading.is_place.assign(count, false);
  reading.varies.assign(count, false);
  Slots varying;
  for (std::size_t slot = 0; slot < count; ++slot) {
    if (values_of(names, slot).size() > 1) varying.push_back(slot);
  }
  for (const std::size_t slot : varying) reading.varies[slot] = true;
  Slots times;
  for (const std::size_t slot : varying) {
    if (may_be_times(names[0][slot].kind, values_of(names, slot)) && !is_site_letter(names, slot, varying)) {
      times.push_back(slot);
    }
  }
  const Slots candidates = times;
  std::stable_sort(times.begin(), times.end(), [&](std::size_t a, std::size_t b) {
    return strength_in(names, candidates, a) > strength_in(names, candidates, b);
  });
  std::optional<Attempt> best;
  for (const std::size_t time : times) {
    Slots roles;
    Slots free_roles;  // that do not repeat the time, as in A/x_A and B/x_B
    Slots all;
    for (const std::size_t slot : varying) {
      if (slot == time) continue;
      all.push_back(slot);
      if (names[0][slot].kind == SlotKind::kDate) continue;
      roles.push_back(slot);
      if (!repeats(names, slot, time)) free_roles.push_back(slot);
    }
    for (const Slots& place : {Slots{}, free_roles, roles, all}) {
      std::optional<Attempt> next = attempt(names, varying, time, place);
      if (!next) continue;
      if (!best || next->paired > best->paired) best = std::move(next);
      if (best->paired == names.size()) break;
    }
    if (best && best->paired * 2 >= names.size()) break;
  }
  if (!best || best->paired == 0) {
    for (const std::size_t slot : varying) reading.is_place[slot] = true;
    return reading;
  }
  reading.time = best->time;
  for (const std::size_t slot : best->place) {
    reading.is_place[slot] = true;
    const bool may_be_time = std::find(times.begin(), times.end(), slot) != times.end();
    if (may_be_time && reading.rival == Reading::kNone) reading.rival = slot;
  }
  reading.contradicts_dates = best->contradicts_dates;
  reading.places = std::move(best->places);
  return reading;
}

}  // namespace ccx::pairs
