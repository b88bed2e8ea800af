// Records become pairs (list.h).
#include "core/pairs/lists/list.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/pairs/lists/columns.h"
#include "core/pairs/lists/conversations.h"
#include "core/pairs/lists/list_text.h"
#include "core/pairs/lists/values.h"
#include "core/pairs/names.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

const json* member(const json& record, const std::string& key) {
  if (key.empty()) return nullptr;
  const auto found = record.find(key);
  return found == record.end() ? nullptr : &*found;
}

std::string with_slashes(std::string path) {
  std::replace(path.begin(), path.end(), '\\', '/');
  return path;
}

std::string file_name(const std::string& path) {
  const std::string plain = with_slashes(path);
  return plain.substr(plain.find_last_of('/') + 1);
}

void read_pictures(const json& record, const Columns& columns, const std::string& where, ListedPair& pair) {
  if (const json* both = member(record, columns.both)) {
    pair.before = path_value((*both)[0], columns.both, where);
    pair.after = path_value((*both)[1], columns.both, where);
    return;
  }
  if (const json* before = member(record, columns.before)) pair.before = path_value(*before, columns.before, where);
  if (const json* after = member(record, columns.after)) pair.after = path_value(*after, columns.after, where);
  if (const json* picture = member(record, columns.picture); picture != nullptr && picture->is_string()) {
    pair.picture = path_value(*picture, columns.picture, where);
  }
}

void read_id(const ListRow& row, const std::string& where, ListedPair& pair) {
  const json* id = member(row.value, row.columns.id);
  if (!row.key.empty()) {
    pair.id = id_stem(row.key);
    if (pair.picture.empty() && has_picture_extension(row.key)) pair.picture = row.key;
  } else if (id != nullptr && !is_missing(*id)) {
    pair.id = id_value(*id, where);
    if (replace_invalid_utf8(pair.id) != pair.id) pair.id = utf8_name(pair.id);
    if (pair.id.empty()) throw InputError(where + ": the id is empty");
  } else if (id != nullptr && id->is_string() && id->get_ref<const std::string&>().empty() && pair.before.empty()) {
    throw InputError(where + ": the id is empty");
  }
  // A file's name is the better id beside a mere number, which counts records.
  if (pair.picture.empty()) return;
  const std::string stem = id_stem(with_slashes(pair.picture));
  const bool is_count = id != nullptr && id->is_number() && row.key.empty();
  // Beside two pictures an id is whatever its author wrote, an extension included.
  const bool is_given =
      id != nullptr && id->is_string() && row.key.empty() && !pair.before.empty() && !pair.after.empty();
  if (is_given && !pair.id.empty()) {
    if (pair.id != stem) pair.other_id = stem;
    return;
  }
  if (pair.id.empty() || pair.id == stem || pair.id == pair.picture) {
    pair.id = stem;
  } else if (is_count) {
    if (row.is_coco) pair.other_id = pair.id;
    pair.id = stem;
  } else {
    pair.other_id = stem;
  }
}

void read_captions(const ListRow& row, const std::string& where, ListedPair& pair, std::size_t* other_answers) {
  const Columns& columns = row.columns;
  std::vector<std::string> keys = columns.captions;
  if (keys.empty() && !columns.caption.empty()) keys.push_back(columns.caption);
  for (const std::string& key : keys) {
    const json* value = member(row.value, key);
    if (value == nullptr) continue;
    for (std::string& sentence : sentences_value(*value, key, where)) {
      pair.captions.push_back(from_windows_1252(std::move(sentence)));
    }
  }
  const json* turns = member(row.value, columns.conversations);
  if (keys.empty() && turns != nullptr) pair.captions = answers_of(*turns, where, other_answers);
}

// What makes two records of one id two records of one pair.
bool same_pictures(const ListedPair& a, const ListedPair& b) {
  return a.before == b.before && a.after == b.after && a.picture == b.picture;
}

// Joins the records of one pair, each of which has some of its captions.
std::size_t join_records(List& list) {
  std::unordered_map<std::string, std::size_t> first;
  std::vector<ListedPair> joined;
  std::size_t count = 0;
  for (ListedPair& pair : list.pairs) {
    const auto [known, is_new] = first.emplace(pair.split + '\0' + pair.id, joined.size());
    ListedPair* same = is_new ? nullptr : &joined[known->second];
    if (same == nullptr || pair.captions.empty() || same->captions.empty() || !same_pictures(*same, pair)) {
      joined.push_back(std::move(pair));
      continue;
    }
    if (same->changed && pair.changed && *same->changed != *pair.changed) {
      throw InputError(list.where(pair) + ": '" + printable(pair.id) + "' is " +
                       (*pair.changed ? "changed" : "unchanged") + " here and " +
                       (*same->changed ? "changed" : "unchanged") + " at " + list.where(*same));
    }
    same->captions.insert(same->captions.end(), pair.captions.begin(), pair.captions.end());
    ++count;
  }
  list.pairs = std::move(joined);
  return count;
}

}  // namespace

std::string List::where(const ListedPair& pair) const {
  return place_text(name, by_lines, pair.place);
}

ListedPair pair_of_row(const ListRow& row, const std::string& where, std::size_t* other_answers) {
  const json& record = row.value;
  const Columns& columns = row.columns;
  ListedPair pair;
  pair.place = row.place;
  read_pictures(record, columns, where, pair);
  read_id(row, where, pair);
  if (const json* mask = member(record, columns.mask)) {
    pair.mask = path_value(*mask, columns.mask, where);
    pair.mask_key = columns.mask;
  }
  if (const json* folder = member(record, columns.folder)) pair.folder = text_value(*folder, columns.folder, where);
  if (const json* split = member(record, columns.split); split != nullptr && !is_missing(*split)) {
    pair.split = text_value(*split, columns.split, where);
  }
  if (pair.split.empty()) pair.split = row.split;
  if (pair.split.empty() && pair.before.empty() && pair.folder.find('/') == std::string::npos) pair.split = pair.folder;
  for (const std::string& key : {columns.changed, columns.changed_here}) {
    const json* flag = member(record, key);
    if (flag != nullptr && !pair.changed && !is_missing(*flag)) pair.changed = flag_value(*flag, key, where);
  }
  read_captions(row, where, pair, other_answers);
  return pair;
}

std::vector<std::string> make_ids(const std::vector<ListedPair*>& pairs) {
  std::vector<std::string> notes;
  std::unordered_map<std::string, std::size_t> seen;  // "split\0id" of those that have one, and of stems
  std::vector<ListedPair*> made;
  for (ListedPair* pair : pairs) {
    if (!pair->id.empty()) {
      ++seen[pair->split + '\0' + pair->id];
      continue;
    }
    made.push_back(pair);
    const std::string& picture = pair->before.empty() ? pair->after : pair->before;
    pair->id = utf8_name(id_stem(file_name(picture)));
    pair->id_is_made = true;
  }
  if (made.empty()) return notes;
  for (ListedPair* pair : made) ++seen[pair->split + '\0' + pair->id];
  std::size_t longer = 0;
  std::unordered_map<std::string, int> numbered;
  for (ListedPair* pair : made) {
    if (seen[pair->split + '\0' + pair->id] == 1) continue;
    const std::string& picture = pair->before.empty() ? pair->after : pair->before;
    pair->id = utf8_name(id_stem(with_slashes(picture)));
    while (!pair->id.empty() && (pair->id[0] == '/' || pair->id[0] == '.')) pair->id.erase(0, 1);
    ++longer;
    // The same before picture with several others: each a pair of its own.
    const int before = numbered[pair->split + '\0' + pair->id]++;
    if (before > 0) pair->id += "-" + std::to_string(before + 1);
  }
  notes.push_back(std::to_string(made.size()) + (made.size() == 1 ? " pair has" : " pairs have") +
                  " no id: the name of the before picture is taken (such as '" + printable(made.front()->id) + "')" +
                  (longer == 0 ? "" : ", with its folders where the name alone is not unique"));
  return notes;
}

List parse_list(const std::string& text, const std::string& name) {
  List list;
  list.name = name;
  std::size_t other_answers = 0;
  bool names_pictures = false;
  ListForm form = for_each_row(text, name, [&](const ListRow& row) {
    const std::string& where = row.where;
    const bool has_one = row.columns.before.empty() != row.columns.after.empty();
    if (has_one) {
      const bool lacks_after = row.columns.after.empty();
      throw InputError(where + ": there is no column \"" + (lacks_after ? "after" : "before") + "\" beside \"" +
                       (lacks_after ? row.columns.before : row.columns.after) + "\"; found " + key_list(row.value));
    }
    ListedPair pair = pair_of_row(row, where, &other_answers);
    names_pictures = names_pictures || row.columns.names_pictures() || !pair.picture.empty();
    if (pair.id.empty() && pair.before.empty() && pair.after.empty()) {
      throw InputError(where + ": no \"id\" and no pictures; found " + key_list(row.value));
    }
    list.is_model_output = list.is_model_output || (row.columns.is_model_output && row.columns.captions.empty());
    list.pairs.push_back(std::move(pair));
  });
  list.by_lines = form.by_lines;
  list.format = std::move(form.format);
  list.why = std::move(form.why);
  list.notes = std::move(form.notes);
  list.names_pictures = names_pictures;
  std::vector<ListedPair*> all;
  for (ListedPair& pair : list.pairs) all.push_back(&pair);
  for (std::string& note : make_ids(all)) list.notes.push_back(std::move(note));
  const std::size_t joined = join_records(list);
  if (joined > 0) {
    list.notes.push_back(std::to_string(joined) +
                         " records are of a pair that is there already: their captions are its captions too");
  }
  if (other_answers > 0) {
    list.notes.push_back(std::to_string(other_answers) +
                         " answers of the talks are no captions (counts, places, yes and no) and are left out");
  }
  return list;
}

}  // namespace ccx::pairs
