// Several records of one pair (joined_records.h).
#include "core/pairs/lists/joined_records.h"

#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/pairs/lists/values.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

// What makes two records of one id two records of one pair.
bool same_pictures(const ListedPair& a, const ListedPair& b) {
  return a.before == b.before && a.after == b.after && a.picture == b.picture;
}

// A path as it is compared with another's.
std::string plain_path(const std::string& path) {
  std::string plain = with_slashes(path);
  while (plain.starts_with("./")) plain.erase(0, 2);
  return plain;
}

std::string pictures_of(const ListedPair& pair) {
  return pair.split + '\0' + plain_path(pair.before) + '\0' + plain_path(pair.after);
}

// What `pair` says besides the one that is there.
void add_to(ListedPair& same, const ListedPair& pair, const std::string& name, const List& list) {
  if (same.changed && pair.changed && *same.changed != *pair.changed) {
    throw InputError(list.where(pair) + ": '" + name + "' is " + (*pair.changed ? "changed" : "unchanged") +
                     " here and " + (*same.changed ? "changed" : "unchanged") + " at " + list.where(same));
  }
  if (!same.changed) same.changed = pair.changed;
  if (same.mask.empty()) {
    same.mask = pair.mask;
    same.mask_key = pair.mask_key;
  }
  same.captions.insert(same.captions.end(), pair.captions.begin(), pair.captions.end());
}

}  // namespace

JoinedRecords join_unnamed(List& list) {
  JoinedRecords count;
  std::unordered_map<std::string, std::size_t> first;
  std::vector<ListedPair> joined;
  for (ListedPair& pair : list.pairs) {
    const bool is_unnamed = pair.id.empty() && !pair.before.empty() && !pair.after.empty();
    if (is_unnamed) {
      const auto [known, is_new] = first.emplace(pictures_of(pair), joined.size());
      if (!is_new) {
        ++(pair.captions.empty() && !pair.is_talk ? count.repeated : count.with_captions);
        add_to(joined[known->second], pair, printable(pair.before), list);
        continue;
      }
    }
    joined.push_back(std::move(pair));
  }
  list.pairs = std::move(joined);
  return count;
}

std::size_t part_by_place(List& list) {
  const auto place_of = [](const ListedPair& pair) {
    return !pair.group.empty() ? pair.group : pair.folder == pair.split ? "" : pair.folder;
  };
  std::unordered_map<std::string, std::set<std::string>> places;
  for (const ListedPair& pair : list.pairs) {
    const std::string place = place_of(pair);
    if (pair.named_by_file && !place.empty()) places[pair.split + '\0' + pair.id].insert(place);
  }
  std::size_t count = 0;
  for (ListedPair& pair : list.pairs) {
    const std::string place = place_of(pair);
    if (!pair.named_by_file || place.empty() || places[pair.split + '\0' + pair.id].size() < 2) continue;
    pair.other_id = pair.id;
    pair.id = utf8_name(with_slashes(place)) + "/" + pair.id;
    pair.named_by_file = false;
    if (pair.folder.empty()) pair.folder = place;
    ++count;
  }
  return count;
}

std::size_t join_records(List& list) {
  std::unordered_map<std::string, std::size_t> first;
  std::vector<ListedPair> joined;
  std::size_t count = 0;
  for (ListedPair& pair : list.pairs) {
    const auto [known, is_new] = first.emplace(pair.split + '\0' + pair.id, joined.size());
    ListedPair* same = is_new ? nullptr : &joined[known->second];
    const bool says_something =
        same != nullptr && (!pair.captions.empty() || !same->captions.empty() || (pair.is_talk && same->is_talk));
    if (!says_something || !same_pictures(*same, pair)) {
      joined.push_back(std::move(pair));
      continue;
    }
    add_to(*same, pair, printable(pair.id), list);
    ++count;
  }
  list.pairs = std::move(joined);
  return count;
}

std::size_t count_under_other_ids(const List& list) {
  std::set<std::string> seen;
  std::size_t count = 0;
  for (const ListedPair& pair : list.pairs) {
    if (pair.before.empty() || pair.after.empty() || pair.captions.empty()) continue;
    count += seen.insert(pictures_of(pair)).second ? 0 : 1;
  }
  return count;
}

}  // namespace ccx::pairs
