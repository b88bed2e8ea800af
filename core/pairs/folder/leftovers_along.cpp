// Pairs among names in which numbers change with the date, or are written with zeros on one side alone: 01_before/x and
// 02_after/x, flight1_2021-05-01/x and flight2_2021-09-14/x, 2018/tile_007 and 2021/tile_7 (leftovers.h).
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/one_of.h"
#include "core/pairs/folder/leftovers.h"
#include "core/pairs/naming/dates_text.h"
#include "core/pairs/naming/roles.h"

namespace ccx::pairs {
namespace {

// A number in the key of a name.
struct Run {
  std::size_t name = 0;  // which of the names
  std::size_t begin = 0;
  std::size_t end = 0;
  int64_t value = 0;
};

struct Numbered {
  uint32_t picture = 0;
  std::vector<Marked> names;
  std::vector<Slot> slots;        // of all names
  std::vector<std::size_t> owns;  // the name of each slot
  std::vector<Run> runs;
};

// The keys of all names with '#' for each number. Longer ones than nine digits are no counts.
std::string shape_of(Numbered& item) {
  std::string shape;
  for (std::size_t n = 0; n < item.names.size(); ++n) {
    const std::string& key = item.names[n].key;
    for (std::size_t i = 0; i < key.size();) {
      std::size_t end = i;
      while (end < key.size() && ascii::is_digit(key[end])) ++end;
      if (end == i || end - i > 9) {
        end = std::max(end, i + 1);
        shape.append(key, i, end - i);
      } else {
        item.runs.push_back({n, i, end, std::stoll(key.substr(i, end - i))});
        shape += '#';
      }
      i = end;
    }
    shape += '/';
    for (const Slot& slot : item.names[n].slots) {
      item.slots.push_back(slot);
      item.owns.push_back(n);
    }
  }
  return shape;
}

int64_t lowest(const std::vector<Numbered>& items, std::size_t slot) {
  int64_t value = items[0].slots[slot].value;
  for (const Numbered& item : items) value = std::min(value, item.slots[slot].value);
  return value;
}

// Letters and numbered pictures count places here.
bool tells_time(const Slot& slot) {
  return slot.kind == SlotKind::kWord || slot.kind == SlotKind::kDate;
}

// The slot that tells two times, a word or a date: all that differ must say the same.
std::optional<std::size_t> time_of(const std::vector<Numbered>& items) {
  std::vector<std::size_t> differing;
  for (std::size_t slot = 0; slot < items[0].slots.size(); ++slot) {
    std::set<int64_t> values;
    for (const Numbered& item : items) values.insert(item.slots[slot].value);
    if (values.size() == 1 || !tells_time(items[0].slots[slot])) continue;
    if (values.size() != 2) return std::nullopt;
    differing.push_back(slot);
  }
  if (differing.empty()) return std::nullopt;
  const std::size_t time = *std::max_element(differing.begin(), differing.end(), [&](std::size_t a, std::size_t b) {
    return items[0].slots[a].strength() < items[0].slots[b].strength();
  });
  const int64_t first = lowest(items, time);
  for (const std::size_t slot : differing) {
    const int64_t first_here = lowest(items, slot);
    for (const Numbered& item : items) {
      if ((item.slots[slot].value == first_here) != (item.slots[time].value == first)) return std::nullopt;
    }
  }
  return time;
}

// Pictures that one slot parts into two times.
class AlongTime {
 public:
  // items: must outlive this object.
  AlongTime(const std::vector<Numbered>& items, std::size_t time) : items_(items), time_(time) {
    const int64_t first = lowest(items, time);
    for (const Numbered& item : items) late_.push_back(item.slots[time].value != first);
    for (std::size_t run = 0; run < items[0].runs.size(); ++run) {
      std::array<std::set<int64_t>, 2> values;
      for (std::size_t i = 0; i < items.size(); ++i) values[late_[i] ? 1 : 0].insert(items[i].runs[run].value);
      const bool is_along = values[0].size() == 1 && values[1].size() == 1 && values[0] != values[1];
      (is_along ? along_ : places_).push_back(run);
    }
    pair_up();
  }

  const std::vector<std::pair<std::size_t, std::size_t>>& pairs() const { return pairs_; }
  const std::vector<std::size_t>& along() const { return along_; }
  const std::vector<Numbered>& items() const { return items_; }
  std::size_t time() const { return time_; }

  // The names without the numbers that change with the time, and which slots of them tell the place.
  std::vector<Marked> names_of_place(std::size_t item) const {
    std::vector<Marked> names = items_[item].names;
    for (auto at = along_.rbegin(); at != along_.rend(); ++at) {
      const Run& run = items_[item].runs[*at];
      std::string& key = names[run.name].key;
      key.erase(run.begin, run.end - run.begin);
      // "1_dam" is "dam".
      const bool begins = run.begin == 0 || is_separator(key[run.begin - 1]);
      while (begins && run.begin < key.size() && is_separator(key[run.begin])) key.erase(run.begin, 1);
    }
    return names;
  }
  std::vector<bool> slots_of_place() const {
    std::vector<bool> out;
    for (std::size_t slot = 0; slot < items_[0].slots.size(); ++slot) {
      const auto differs = [&](const Numbered& item) { return item.slots[slot].value != items_[0].slots[slot].value; };
      out.push_back(!tells_time(items_[0].slots[slot]) || std::none_of(items_.begin(), items_.end(), differs));
    }
    return out;
  }

  // Whether most are paired, and by numbers that stand in the name that tells the time.
  bool is_likely() const {
    const auto is_elsewhere = [&](std::size_t run) { return items_[0].runs[run].name != items_[0].owns[time_]; };
    return !pairs_.empty() && pairs_.size() * 4 >= items_.size() &&
           std::none_of(along_.begin(), along_.end(), is_elsewhere);
  }

  // One pair alone may be of two places: the names must count it, as 1_before and 2_after do, or 3_dam_before and
  // 4_dam_after.
  bool is_sure_alone() const {
    if (pairs_.size() > 1 || along_.empty()) return true;
    const std::string& key = items_[0].names[items_[0].owns[time_]].key;
    if (items_[0].slots[time_].kind != SlotKind::kWord) return are_flights(key);
    const bool has_words = std::any_of(key.begin(), key.end(), ascii::is_letter);
    return std::any_of(along_.begin(), along_.end(), [&](std::size_t run) {
      const int64_t before = items_[pairs_[0].first].runs[run].value;
      const int64_t after = items_[pairs_[0].second].runs[run].value;
      return after == before + 1 && (before <= 1 || has_words);
    });
  }

 private:
  // Flight1_2023-05-12 and Flight2_2023-08-20: of a word that counts flights, the number and the date rise together.
  bool are_flights(const std::string& key) const {
    static constexpr std::array<std::string_view, 16> kFlights = {
        "flight", "flights", "mission", "sortie",     "run",   "overflight", "drone", "uav",
        "uas",    "flug",    "vol",     "befliegung", "vuelo", "voo",        "volo",  "inspection"};
    const std::size_t begin = key.find_first_of("0123456789");
    if (begin == std::string::npos || items_[0].slots[time_].kind != SlotKind::kDate) return false;
    const std::vector<std::string_view> words = words_of(std::string_view(key).substr(0, begin));
    if (words.empty() || !is_one_of(ascii::lower(words.back()), kFlights)) return false;
    return std::all_of(along_.begin(), along_.end(), [&](std::size_t run) {
      return items_[pairs_[0].first].runs[run].value < items_[pairs_[0].second].runs[run].value;
    });
  }

  void pair_up() {
    std::map<std::vector<int64_t>, std::array<std::vector<std::size_t>, 2>> places;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      std::vector<int64_t> place;
      for (const std::size_t run : places_) place.push_back(items_[i].runs[run].value);
      for (const Slot& slot : items_[i].slots) {
        if (!tells_time(slot)) place.push_back(slot.value);
      }
      places[place][late_[i] ? 1 : 0].push_back(i);
    }
    for (const auto& [place, both] : places) {
      if (both[0].size() > 1 || both[1].size() > 1) {
        pairs_.clear();
        return;
      }
      if (both[0].size() == 1 && both[1].size() == 1) pairs_.emplace_back(both[0][0], both[1][0]);
    }
  }

  const std::vector<Numbered>& items_;
  std::size_t time_;
  std::vector<bool> late_;
  std::vector<std::size_t> along_, places_;  // numbers that change with the time, and that count places
  std::vector<std::pair<std::size_t, std::size_t>> pairs_;
};

}  // namespace

void Leftovers::pair_numbers_along() {
  drop_used();
  std::map<std::string, std::vector<Numbered>> shapes;
  for (const Leftover& left : left_) {
    Numbered item{left.picture, pictures_.marked_names(left.picture), {}, {}, {}};
    std::string shape = shape_of(item);
    if (!item.slots.empty() && !item.runs.empty()) shapes[std::move(shape)].push_back(std::move(item));
  }
  std::vector<AlongTime> found;
  std::map<std::pair<uint32_t, uint32_t>, std::size_t> folders;  // how many pairs two of them hold
  for (const auto& [shape, items] : shapes) {
    const std::optional<std::size_t> time = items.size() < 2 ? std::nullopt : time_of(items);
    if (!time) continue;
    AlongTime along(items, *time);
    if (!along.is_likely()) continue;
    for (const auto& [before, after] : along.pairs()) {
      ++folders[{pictures_.folder_of(items[before].picture), pictures_.folder_of(items[after].picture)}];
    }
    found.push_back(std::move(along));
  }
  for (const AlongTime& along : found) {
    for (const auto& [before, after] : along.pairs()) {
      const Numbered& first = along.items()[before];
      const Numbered& second = along.items()[after];
      const std::pair<uint32_t, uint32_t> both{pictures_.folder_of(first.picture), pictures_.folder_of(second.picture)};
      const bool is_folder = first.slots[along.time()].is_folder;
      if (!along.is_sure_alone() && !(is_folder && folders.at(both) > 1)) continue;
      pair(builder_.id_of(along.names_of_place(before), along.slots_of_place()), first.picture, second.picture,
           is_folder ? Layout::kFolders : Layout::kSuffixes,
           along.along().empty() ? kLooseNames : "of names in which a number changes with the time");
    }
  }
}

}  // namespace ccx::pairs
