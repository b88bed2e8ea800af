// One record as a pair (list.h).
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/base/counted.h"
#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/pairs/lists/caption_cells.h"
#include "core/pairs/lists/columns.h"
#include "core/pairs/lists/conversations.h"
#include "core/pairs/lists/list.h"
#include "core/pairs/lists/list_text.h"
#include "core/pairs/lists/nested_pictures.h"
#include "core/pairs/lists/time_columns.h"
#include "core/pairs/lists/values.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

void read_pictures(const json& record, const Columns& columns, const std::string& where, ListedPair& pair) {
  if (const json* both = member(record, columns.both)) {
    // The columns were told by a record that has two.
    constexpr std::size_t kTwo = 2;
    const std::size_t count = both->is_array() ? both->size() : 1;
    if (count != kTwo && count != 0) {
      throw InputError(where + ": \"" + columns.both + "\" has " + counted(count, "picture") + ", and a pair is two");
    }
    if (count == kTwo) {
      pair.before = local_path(path_value((*both)[0], columns.both, where));
      pair.after = local_path(path_value((*both)[1], columns.both, where));
    }
    pair.has_empty_pictures = pair.before.empty() && pair.after.empty();
    return;
  }
  const auto path_in = [&](const std::string& key) {
    const json* value = member(record, key);
    return value == nullptr ? std::string() : local_path(path_value(*value, key, where));
  };
  pair.before = path_in(columns.before);
  pair.after = path_in(columns.after);
  if (const json* picture = member(record, columns.picture); picture != nullptr && picture->is_string()) {
    pair.picture = local_path(path_value(*picture, columns.picture, where));
  }
  pair.has_empty_pictures =
      columns.names_pictures() && pair.before.empty() && pair.after.empty() && pair.picture.empty();
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
  if (row.key.empty() && id != nullptr && !is_missing(*id)) pair.id_key = row.columns.id;
  pair.is_number = !pair.id_key.empty() && id->is_number();
  if (pair.picture.empty()) return;
  const std::string stem = id_stem(with_slashes(pair.picture));
  // A file's name is the better id beside a mere number, which counts records.
  const bool is_count = id != nullptr && id->is_number() && row.key.empty();
  // Beside two pictures an id is whatever its author wrote, an extension included.
  const bool is_given =
      id != nullptr && id->is_string() && row.key.empty() && !pair.before.empty() && !pair.after.empty();
  if (is_given && !pair.id.empty()) {
    if (row.is_coco) pair.number = pair.id;
    if (pair.id != stem) pair.other_id = stem;
    return;
  }
  if (pair.id.empty() || pair.id == stem || pair.id == pair.picture) {
    // A number that happens to be the name is a number all the same.
    if (is_count || row.is_coco) pair.number = pair.id;
    pair.id = stem;
    pair.named_by_file = true;
  } else if (is_count) {
    pair.number = pair.id;
    pair.id = stem;
    pair.named_by_file = true;
  } else {
    if (row.is_coco) pair.number = pair.id;
    pair.other_id = stem;
  }
}

// "unchanged" as 1 or "yes" is no change; what names a state itself, "changed" or "no change", means what it says.
void read_opposite_flag(const ListRow& row, const std::string& where, ListedPair& pair) {
  const std::string& key = row.columns.unchanged;
  const json* value = member(row.value, key);
  if (value == nullptr || is_missing(*value)) return;
  const bool flag = flag_value(*value, key, where);
  const bool changed = names_state(*value) ? flag : !flag;
  if (pair.changed && *pair.changed != changed) {
    const std::string& other = row.columns.changed.empty() ? row.columns.changed_here : row.columns.changed;
    throw InputError(where + ": \"" + key + "\" and \"" + other + "\" contradict each other: leave one out");
  }
  pair.changed = changed;
}

void read_captions(const ListRow& row, const std::string& where, ListedPair& pair, std::size_t* other_answers) {
  const Columns& columns = row.columns;
  std::vector<std::string> keys = columns.captions;
  if (keys.empty() && !columns.caption.empty()) {
    keys.push_back(columns.caption);
    keys.insert(keys.end(), columns.more_captions.begin(), columns.more_captions.end());
  }
  for (const std::string& key : keys) {
    const json* value = member(row.value, key);
    if (value == nullptr) continue;
    for (std::string& sentence : captions_value(*value, key, where, &pair.captions_share_a_text)) {
      pair.captions.push_back(from_windows_1252(std::move(sentence)));
    }
  }
  const json* turns = member(row.value, columns.conversations);
  pair.is_talk = turns != nullptr;
  if (keys.empty() && turns != nullptr) pair.captions = answers_of(*turns, where, other_answers);
}

}  // namespace

ListedPair pair_of_row(const ListRow& row, const std::string& where, std::size_t* other_answers) {
  const json& record = row.value;
  const Columns& columns = row.columns;
  ListedPair pair;
  pair.place = row.place;
  require_no_rivals(record, columns, where);
  read_pictures(record, columns, where, pair);
  read_id(row, where, pair);
  if (const json* number = member(record, columns.number); number != nullptr && !is_missing(*number)) {
    if (number->is_string() || number->is_number_integer())
      pair.own_number = from_windows_1252(id_value(*number, where));
  }
  if (const json* mask = member(record, columns.mask)) {
    pair.mask = path_value(*mask, columns.mask, where);
    pair.mask_key = columns.mask;
  }
  if (const json* folder = member(record, columns.folder)) pair.folder = text_value(*folder, columns.folder, where);
  if (const json* split = member(record, columns.split); split != nullptr && !is_missing(*split)) {
    pair.split = text_value(*split, columns.split, where);
  }
  if (pair.split.empty()) pair.split = row.split;
  if (!pair.picture.empty()) {
    pair.group = plain_text(member(record, columns.group));
    pair.group_of_images = plain_text(member(record, columns.group_of_images));
    pair.time = time_of(record, columns);
    pair.role = plain_text(member(record, columns.role));
  }
  if (pair.split.empty() && pair.before.empty() && pair.folder.find('/') == std::string::npos) pair.split = pair.folder;
  for (const std::string& key : {columns.changed, columns.changed_here}) {
    const json* flag = member(record, key);
    if (flag != nullptr && !pair.changed && !is_missing(*flag)) pair.changed = flag_value(*flag, key, where);
  }
  if (const json* words = member(record, columns.changed_in_words);
      words != nullptr && !pair.changed && names_state(*words)) {
    pair.changed = as_flag(*words);
  }
  read_opposite_flag(row, where, pair);
  read_captions(row, where, pair, other_answers);
  return pair;
}

}  // namespace ccx::pairs
