// Pairs of pictures that two satellites took: x_WV02_2019 and x_WV03_2021. A satellite that changes with the date is no
// part of the place (leftovers.h).
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/ascii.h"
#include "core/pairs/folder/leftovers.h"
#include "core/pairs/folder/time_axis.h"
#include "core/pairs/naming/dates_text.h"
#include "core/pairs/naming/sensors.h"

namespace ccx::pairs {
namespace {

// A picture whose names tell of satellites.
struct OfSatellite {
  uint32_t picture = 0;
  std::vector<Marked> names;  // without them
  std::vector<Slot> slots;
  std::string satellite;
  bool is_letter = false;  // S2, L8: it may be a place
};

// Takes the satellites out of a key, with a separator beside each.
void take_out(std::string& key, OfSatellite& picture) {
  std::vector<SensorSpan> spans = sensors_in(key);
  for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
    picture.satellite += ascii::lower(std::string_view(key).substr(span->begin, span->end - span->begin)) + "/";
    picture.is_letter = span->letter != 0;
    const bool is_behind = span->begin > 0 && is_separator(key[span->begin - 1]);
    const std::size_t begin = span->begin - (is_behind ? 1 : 0);
    const std::size_t end = span->end + (!is_behind && span->end < key.size() && is_separator(key[span->end]) ? 1 : 0);
    key.erase(begin, end - begin);
  }
}

// S1 and S2 alone may be two places; S2A and S2B are twins, and S2 and L8 of two kinds.
bool may_be_places(const std::vector<OfSatellite>& pictures) {
  std::set<std::string> numbers;
  for (const OfSatellite& picture : pictures) {
    if (!picture.is_letter || picture.satellite[0] != pictures[0].satellite[0]) return false;
    numbers.insert(picture.satellite.substr(0, picture.satellite.find_first_of("abcd/")));
  }
  return numbers.size() > 1;
}

// Whether each is of a date of its own: two satellites of one day are two pictures of one date.
bool are_distinct(const std::vector<OfSatellite>& pictures) {
  std::set<std::vector<int64_t>> dates;
  std::set<std::string> satellites;
  for (const OfSatellite& picture : pictures) {
    std::vector<int64_t> values;
    for (const Slot& slot : picture.slots) values.push_back(slot.value);
    if (!dates.insert(values).second) return false;
    satellites.insert(picture.satellite);
  }
  return satellites.size() > 1;
}

}  // namespace

void Leftovers::pair_other_satellites() {
  drop_used();
  std::map<std::string, std::vector<OfSatellite>> groups;
  for (const Leftover& left : left_) {
    OfSatellite picture{left.picture, pictures_.marked_names(left.picture), {}, "", false};
    std::string key;
    for (Marked& name : picture.names) {
      take_out(name.key, picture);
      key += name.key + "/";
      picture.slots.insert(picture.slots.end(), name.slots.begin(), name.slots.end());
    }
    if (!picture.satellite.empty() && !picture.slots.empty()) groups[std::move(key)].push_back(std::move(picture));
  }
  const bool within = options_.layout == Layout::kAuto || options_.layout == Layout::kPairFolders;
  for (const auto& [key, pictures] : groups) {
    // Two pictures that are all of their folder are a pair that is called like it.
    const NameTree::Folder& folder = pictures_.tree().folder(pictures_.folder_of(pictures[0].picture));
    const bool is_pair_folder = pictures.size() == 2 && folder.last_file - folder.first_file == 2 &&
                                pictures_.folder_of(pictures[1].picture) == pictures_.folder_of(pictures[0].picture);
    if (is_pair_folder && within) continue;
    if (pictures.size() < 2 || !are_distinct(pictures) || may_be_places(pictures)) continue;
    std::vector<std::vector<Slot>> slots;
    for (const OfSatellite& picture : pictures) slots.push_back(picture.slots);
    const Reading reading = read_group(slots);
    if (reading.time == Reading::kNone) continue;
    const SlotKind kind = slots[0][reading.time].kind;
    if (kind != SlotKind::kDate && kind != SlotKind::kWord && kind != SlotKind::kTime) continue;
    std::vector<bool> restore(reading.varies.size());
    for (std::size_t i = 0; i < restore.size(); ++i) restore[i] = reading.is_place[i] || !reading.varies[i];
    for (const auto& place : reading.places) {
      if (place.size() < 2) continue;
      std::vector<PairBuilder::Dated> dated;
      for (const std::size_t at : place) dated.push_back({{pictures[at].picture}, slots[at][reading.time]});
      PairBuilder::Place out;
      out.id = builder_.id_of(pictures[place[0]].names, restore);
      out.time_is_folder = slots[0][reading.time].is_folder;
      auto& [count, first] = loose_["of names in which the satellite changes with the date"];
      if (++count == 1)
        first = pictures_.shown(pictures[place[0]].picture) + " and " + pictures_.shown(pictures[place[1]].picture);
      builder_.add_place(out, std::move(dated));
    }
  }
}

}  // namespace ccx::pairs
