// Rows of one picture each (single_pictures.h).
#include "core/pairs/lists/single_pictures.h"

#include <algorithm>
#include <map>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/joined.h"
#include "core/pairs/folder/by_names.h"
#include "core/pairs/lists/file_lookup.h"
#include "core/pairs/lists/picture_places.h"
#include "core/pairs/lists/values.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

namespace fs = std::filesystem;

bool is_single(const ListedPair& pair) {
  return pair.before.empty() && pair.after.empty() && has_picture_extension(pair.picture) && pair.captions.empty() &&
         !pair.changed && pair.mask.empty() && pair.group.empty() && pair.time.empty() && pair.named_by_file &&
         fs::path(pair.picture).is_relative();
}

// Whether the names are what both dates share, as in folders A/ and B/.
bool are_shared_names(const List& list, const fs::path& root) {
  constexpr std::size_t kMost = 40;
  FileLookup lookup;
  std::vector<const ListedPair*> sample;
  const std::size_t step = (list.pairs.size() + kMost - 1) / kMost;
  for (std::size_t i = 0; i < list.pairs.size(); i += step) sample.push_back(&list.pairs[i]);
  const auto place = best_place(root, sample, lookup);
  return place && std::all_of(list.pairs.begin(), list.pairs.end(), [&](const ListedPair& pair) {
           return lookup.find(root, filled(place->before, pair), true) &&
                  lookup.find(root, filled(place->after, pair), true);
         });
}

bool is_there(const std::string& picture, const fs::path& root) {
  std::error_code ignored;
  return has_picture_extension(picture) && fs::is_regular_file(root / with_slashes(picture), ignored);
}

std::string advice(const List& list) {
  const std::string columns = joined_text(list.unread_columns, "\", \"");
  return list.unread_columns.empty()
             ? std::string("write the two pictures of a pair in one row: before and after")
             : "where a column says when each was taken, call it time (it may be \"" + columns +
                   "\"), and the one that says of which place it is, site; or write the two pictures of a pair in one "
                   "row: before and after";
}

}  // namespace

std::optional<std::string> pair_single_pictures(List& list, const fs::path& root) {
  if (list.pairs.size() < 2 || !list.unread_columns.empty() ||
      !std::all_of(list.pairs.begin(), list.pairs.end(), is_single))
    return std::nullopt;
  const std::string& split = list.pairs[0].split;
  std::map<std::string, std::size_t> places;  // of the rows, by their pictures
  std::error_code ignored;
  for (const ListedPair& pair : list.pairs) {
    const std::string name = fs::path(with_slashes(pair.picture)).lexically_normal().string();
    const bool is_listed = pair.split == split && !name.starts_with("..") && fs::is_regular_file(root / name, ignored);
    if (!is_listed || !places.emplace(name, pair.place).second) return std::nullopt;
  }
  if (are_shared_names(list, root)) return std::nullopt;
  NamedPairs found;
  std::vector<std::string> paths;
  for (const auto& [name, place] : places) paths.push_back(name);
  const NameTree tree = NameTree::of_paths(paths);
  try {
    found = pairs_by_names(tree, {});
  } catch (const Error&) {
    return std::nullopt;
  }
  const bool are_whole = found.composed.empty() && 2 * found.pairs.size() == list.pairs.size() &&
                         std::all_of(found.pairs.begin(), found.pairs.end(), [](const NamedPair& pair) {
                           return pair.before != NamedPair::kNone && pair.after != NamedPair::kNone;
                         });
  if (!are_whole) return std::nullopt;
  const std::size_t rows = list.pairs.size();
  std::vector<ListedPair> pairs;
  for (const NamedPair& named : found.pairs) {
    ListedPair pair;
    pair.id = named.id;
    pair.before = tree.file_path(named.before);
    pair.after = tree.file_path(named.after);
    pair.split = split;
    pair.place = places.at(pair.before);
    pairs.push_back(std::move(pair));
  }
  list.pairs = std::move(pairs);
  for (const std::string& note : found.notes) list.notes.push_back(note);
  return "the list names a picture a row, " + std::to_string(rows) +
         " in all: they are put together by their names, as those of a folder are (such as '" +
         printable(list.pairs[0].before) + "' and '" + printable(list.pairs[0].after) + "')";
}

void require_no_single(const List& list, const ListedPair& listed, const fs::path& root) {
  if (!is_there(listed.picture, root)) return;
  throw InputError(list.where(listed) + ": '" + printable(listed.picture) +
                   "' is one picture, and no two of its name lie in folders such as A/ and B/: " + advice(list));
}

void require_no_singles(const List& list, const ListedPair& listed, const std::string& other, const fs::path& root) {
  if (!is_there(listed.picture, root) || !is_there(other, root)) return;
  throw InputError(list.where(listed) + ": '" + printable(listed.picture) + "' and '" + printable(other) +
                   "' are a picture each, and a pair is two: " + advice(list));
}

}  // namespace ccx::pairs
