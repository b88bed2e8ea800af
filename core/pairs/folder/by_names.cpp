// The pairs among the pictures of a folder (by_names.h): groups of names that differ only in what may be a time.
#include "core/pairs/folder/by_names.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/error.h"
#include "core/pairs/folder/leftovers.h"
#include "core/pairs/folder/name_reader.h"
#include "core/pairs/folder/pair_builder.h"
#include "core/pairs/folder/time_axis.h"
#include "core/pairs/naming/file_kinds.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

// A picture of a group, with other files of the same name and another format.
struct Member {
  std::vector<uint32_t> files;
  std::vector<Marked> names;
};

std::vector<Slot> slots_of(const std::vector<Marked>& names) {
  std::vector<Slot> slots;
  for (const Marked& name : names) slots.insert(slots.end(), name.slots.begin(), name.slots.end());
  return slots;
}

std::string joined_keys(const std::vector<Marked>& names) {
  std::string key;
  for (const Marked& name : names) key += name.key + "/";
  return key;
}

class NamePairs {
 public:
  NamePairs(const NameTree& tree, const NamingOptions& options)
      : options_(options), pictures_(tree, options), builder_(pictures_, options) {}

  NamedPairs run() {
    std::vector<std::pair<uint64_t, uint32_t>> keys;
    keys.reserve(pictures_.all().size());
    for (const uint32_t picture : pictures_.all()) keys.emplace_back(pictures_.key_hash(picture), picture);
    std::sort(keys.begin(), keys.end());
    std::vector<uint32_t> group;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      group.push_back(keys[i].second);
      if (i + 1 < keys.size() && keys[i + 1].first == keys[i].first) continue;
      read_equal_hashes(group);
      group.clear();
    }
    keys = {};
    note_rivals();
    note_lettered();
    return builder_.finish(Leftovers(pictures_, options_, builder_, std::move(left_)));
  }

 private:
  void read_equal_hashes(const std::vector<uint32_t>& group) {
    if (group.size() == 1) {
      left_.push_back({group[0]});
      return;
    }
    std::map<std::string, std::vector<Member>> by_key;  // hashes may be equal by accident
    std::map<std::pair<uint32_t, std::string>, std::pair<std::string, std::size_t>> same_stem;
    for (const uint32_t picture : group) {
      const std::pair<uint32_t, std::string> place{pictures_.folder_of(picture), pictures_.stem(picture)};
      if (const auto known = same_stem.find(place); known != same_stem.end()) {
        by_key[known->second.first][known->second.second].files.push_back(picture);
        continue;
      }
      std::vector<Marked> names = pictures_.marked_names(picture);
      const std::string key = joined_keys(names);
      same_stem.emplace(place, std::pair{key, by_key[key].size()});
      by_key[key].push_back({{picture}, std::move(names)});
    }
    for (auto& [key, members] : by_key) read(members);
  }

  void leave(const Member& member, bool may_have_side = true, bool folder_may_have_side = true) {
    left_.push_back({builder_.best_of(member.files), may_have_side, folder_may_have_side});
  }

  void read(std::vector<Member>& members) {
    if (members.size() == 1) return leave(members[0]);
    std::vector<std::vector<Slot>> names;
    for (const Member& member : members) names.push_back(slots_of(member.names));
    choose_dates(names);
    if (choose_signs(names)) {
      builder_.note_guess("the lines in names such as " + pictures_.shown(members[0].files[0]) +
                          " were taken for no minus: T-1 is before T-2");
    }
    require_distinct(members, names);
    const Reading reading = read_group(names);
    if (reading.time == Reading::kNone || is_count_of_one_side(members, names[0][reading.time])) {
      bool folders_vary = false;
      for (std::size_t i = 0; i < reading.varies.size(); ++i) {
        folders_vary = folders_vary || (reading.varies[i] && names[0][i].is_folder);
      }
      for (const Member& member : members) leave(member, false, !folders_vary);
      return;
    }
    for (const auto& place : reading.places) {
      if (place.size() == 1) {
        leave(members[place[0]]);
      } else {
        add_place(members, names, reading, place);
      }
    }
    remember_lettered(members, names, reading);
    if (reading.rival != Reading::kNone && ++rivals_ == 1) remember_rival(members, names, reading);
  }

  void remember_rival(const std::vector<Member>& members, const std::vector<std::vector<Slot>>& names,
                      const Reading& reading) {
    const std::size_t first = reading.places[0][0];
    const Slot& time = names[first][reading.time];
    const Slot& place = names[first][reading.rival];
    const std::string other = in_quotes(utf8_name(place.text));
    rival_ = "in " + pictures_.shown(members[first].files[0]) + " " + in_quotes(utf8_name(time.text)) +
             " was taken for the time and " + other + " for a part of the place. If " + other + " is the time, ";
    rival_ += time.is_folder == place.is_folder ? "--pair-pattern REGEX says so"
              : time.is_folder                  ? "--layout suffixes reads it so"
                                                : "--layout folders reads it so";
  }

  // Letters and numbers in "1. before" beside "2. after" count pictures of one date.
  bool is_count_of_one_side(const std::vector<Member>& members, const Slot& time) const {
    if (time.is_folder || time.kind == SlotKind::kWord || time.kind == SlotKind::kDate) return false;
    return std::all_of(members.begin(), members.end(), [&](const Member& member) {
      return pictures_.is_of_one_side(pictures_.folder_of(member.files[0]));
    });
  }

  // Folders that hold two pictures each, called by small letters: a and b.
  void remember_lettered(const std::vector<Member>& members, const std::vector<std::vector<Slot>>& names,
                         const Reading& reading) {
    const Slot& time = names[0][reading.time];
    if (time.kind != SlotKind::kLetter || time.is_folder || lettered_.size() > 2 || members.size() != 2) return;
    if (std::any_of(time.text.begin(), time.text.end(), ascii::is_capital)) return;
    const uint32_t folder = pictures_.folder_of(members[0].files[0]);
    const NameTree::Folder& place = pictures_.tree().folder(folder);
    const bool is_alone = folder != NameTree::kRoot && place.last_file - place.first_file == 2;
    if (is_alone && folder == pictures_.folder_of(members[1].files[0])) lettered_.push_back(folder);
  }

  // Two such folders beside each other may be two dates of places a and b.
  void note_lettered() {
    if (lettered_.size() != 2) return;
    std::sort(lettered_.begin(), lettered_.end());
    const uint32_t parent = pictures_.tree().folder(lettered_[0]).parent;
    if (parent != pictures_.tree().folder(lettered_[1]).parent || pictures_.tree().folder(parent).subfolders != 2)
      return;
    const auto name = [&](uint32_t folder) { return printable(utf8_name(pictures_.tree().folder_name(folder))); };
    builder_.note_guess(pictures_.shown_folder(lettered_[0]) + " and " + pictures_.shown_folder(lettered_[1]) +
                        " were taken for a pair each; where they are the dates of two places, give --before '" +
                        name(lettered_[0]) + "/*' --after '" + name(lettered_[1]) + "/*'");
  }

  // Two pictures of one place and one time: nobody can tell which is meant.
  void require_distinct(const std::vector<Member>& members, const std::vector<std::vector<Slot>>& names) const {
    std::map<std::vector<int64_t>, std::size_t> seen;
    for (std::size_t i = 0; i < names.size(); ++i) {
      std::vector<int64_t> values;
      for (const Slot& slot : names[i]) values.push_back(slot.value);
      const auto [known, is_new] = seen.emplace(values, i);
      if (is_new) continue;
      throw InputError("the id '" + printable(utf8_name(builder_.id_of(members[i].names, {}))) +
                       "' occurs twice, for " + pictures_.shown(members[known->second].files[0]) + " and " +
                       pictures_.shown(members[i].files[0]) +
                       ", which differ in nothing that tells a time; remove or rename one, or say which is first: "
                       "--before FILE --after FILE");
    }
  }

  void add_place(const std::vector<Member>& members, const std::vector<std::vector<Slot>>& names,
                 const Reading& reading, const std::vector<std::size_t>& place) {
    std::vector<bool> restore(reading.varies.size());
    for (std::size_t i = 0; i < restore.size(); ++i) restore[i] = reading.is_place[i] || !reading.varies[i];
    std::vector<PairBuilder::Dated> dated;
    for (const std::size_t at : place) dated.push_back({members[at].files, names[at][reading.time]});
    const std::vector<Marked>& first = members[place[0]].names;
    PairBuilder::Place out;
    out.id = builder_.id_of(first, restore);
    out.time_is_folder = names[0][reading.time].is_folder;
    if (!out.time_is_folder) {
      // Of a picture whose whole name is a role the folder is the pair.
      std::vector<bool> of_stem(restore.end() - static_cast<std::ptrdiff_t>(first.back().slots.size()), restore.end());
      out.is_pair_folder = filled(first.back(), of_stem).empty();
    }
    out.contradicts_dates = reading.contradicts_dates;
    builder_.add_place(out, std::move(dated));
  }

  void note_rivals() {
    if (rivals_ == 0) return;
    const std::string others = rivals_ == 1 ? "" : " (" + std::to_string(rivals_) + " groups of names are like this)";
    pictures_.notes().push_back("two things in the names may tell the time: " + rival_ + others);
  }

  const NamingOptions& options_;
  Pictures pictures_;
  PairBuilder builder_;
  std::vector<Leftover> left_;
  std::size_t rivals_ = 0;
  std::string rival_;
  std::vector<uint32_t> lettered_;
};

}  // namespace

NamedPairs pairs_by_names(const NameTree& tree, const NamingOptions& options) {
  return NamePairs(tree, options).run();
}

}  // namespace ccx::pairs
