// A list and its pictures (pair_set.h).
#include "core/pairs/lists/pair_set.h"

#include <algorithm>
#include <set>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "core/base/error.h"
#include "core/base/joined.h"
#include "core/io/file.h"
#include "core/io/json.h"
#include "core/io/stdin.h"
#include "core/pairs/lists/data_folder.h"
#include "core/pairs/lists/list.h"
#include "core/pairs/lists/list_text.h"
#include "core/pairs/lists/listed_pictures.h"
#include "core/pairs/lists/single_pictures.h"
#include "core/pairs/lists/split_folders.h"
#include "core/pairs/lists/values.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

namespace fs = std::filesystem;

std::string splits_of(const List& list) {
  std::set<std::string> splits;
  for (const ListedPair& pair : list.pairs) splits.insert(pair.split);
  splits.erase("");
  return joined_text(splits, ", ");
}

void take_split(List& list, const std::string& split) {
  if (split.empty()) return;
  const std::string known = splits_of(list);
  if (known.empty()) throw UsageError("--split " + split + ": " + list.name + " (" + list.format + ") has no splits");
  std::vector<ListedPair>& pairs = list.pairs;
  pairs.erase(std::remove_if(pairs.begin(), pairs.end(),
                             [&](const ListedPair& pair) { return !same_split(pair.split, split); }),
              pairs.end());
  if (pairs.empty()) {
    throw InputError(list.name + " lists no pairs of the split '" + split + "'; its splits are " + known);
  }
}

// A list of names alone, "test.txt", means the pictures of the folder "test" where there is one.
void take_split_of_name(List& list, const fs::path& in) {
  const std::string split = in == "-" ? "" : split_in_name(in.stem().string());
  const auto says_none = [](const ListedPair& pair) { return pair.split.empty() && pair.folder.empty(); };
  if (split.empty() || !std::all_of(list.pairs.begin(), list.pairs.end(), says_none)) return;
  for (ListedPair& pair : list.pairs) pair.folder = split;
}

// An id that stands for two pairs.
void require_unique_ids(const List& list) {
  std::unordered_map<std::string_view, const ListedPair*> seen;
  for (const ListedPair& pair : list.pairs) {
    const auto [known, is_new] = seen.emplace(pair.id, &pair);
    if (is_new) continue;
    const ListedPair& other = *known->second;
    if (pair.split != other.split) {
      throw InputError(list.where(pair) + ": " + in_quotes(pair.id) + " is in the split '" + other.split +
                       "' and in '" + pair.split + "'; name one of them with --split");
    }
    const auto picture = [](const ListedPair& p) { return p.before.empty() ? p.picture : p.before; };
    throw InputError(list.where(pair) + ": the id " + in_quotes(pair.id) + " occurs twice, for " +
                     in_quotes(picture(other)) + " (" + list.where(other) + ") and " + in_quotes(picture(pair)) +
                     "; give them ids of their own");
  }
}

}  // namespace

ListInput read_list_input(const fs::path& in) {
  if (in == "-") {
    return {list_text(io::read_stdin(), "stdin"), "stdin"};
  }
  std::error_code ignored;
  const fs::file_status status = fs::status(in, ignored);
  if (fs::is_directory(status)) throw InputError(in.string() + " is a directory, where a list was expected");
  return {list_text(io::read_file(in, io::kListLimits.bytes), in.string()), in.string()};
}

PairSet read_pair_set(const fs::path& in, const PairSetOptions& options) {
  const ListInput input = read_list_input(in);
  List list = parse_list(input.text, input.name, options.series);
  if (list.pairs.empty()) throw InputError(input.name + " lists no pairs (" + list.why + ")");
  if (!list.unused_picture.empty()) {
    throw InputError(list.unused_picture +
                     " names a picture by a key that ccx does not know, and no two pictures stand beside it. Known are "
                     "two of before/after, pre/post, t1/t2, image1/image2, img1_path/img2_path, image_A/image_B and "
                     "the like, two paths in \"image\", \"images\" or \"pair\", or one file name that both dates "
                     "share, in \"filename\" or \"image\"; rename the key, or leave it out where it is no picture of "
                     "the pair (docs/lists.md)");
  }
  const std::set<std::string> shared = names_in_several_splits(list);
  take_split(list, options.split);
  if (options.ids_are_unique) require_unique_ids(list);
  PairSet set;
  set.format = list.format;
  set.why = list.why;
  const fs::path root = options.root ? *options.root : in == "-" ? fs::path() : in.parent_path();
  if (const auto note = pair_single_pictures(list, root)) list.notes.push_back(*note);
  set.notes = list.notes;
  take_split_of_name(list, in);
  find_listed_pictures(std::move(list), in, options, shared, set);
  return set;
}

}  // namespace ccx::pairs
