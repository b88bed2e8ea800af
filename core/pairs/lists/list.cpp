// Records become pairs (list.h).
#include "core/pairs/lists/list.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/pairs/lists/caption_cells.h"
#include "core/pairs/lists/caption_keys.h"
#include "core/pairs/lists/caption_marks.h"
#include "core/pairs/lists/columns.h"
#include "core/pairs/lists/counted_records.h"
#include "core/pairs/lists/image_rows.h"
#include "core/pairs/lists/joined_records.h"
#include "core/pairs/lists/list_text.h"
#include "core/pairs/lists/moments.h"
#include "core/pairs/lists/nested_pictures.h"
#include "core/pairs/lists/path_records.h"
#include "core/pairs/lists/time_columns.h"
#include "core/pairs/lists/values.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

// In names of keys.
constexpr std::array<std::string_view, 15> kSidePictures = {"mask",    "label", "thumb", "preview", "heat",
                                                            "overlay", "depth", "seg",   "sem",     "gt",
                                                            "logo",    "map",   "error", "attn",    "dem"};

// Keys of pictures that show something other than a date.
bool is_side_picture(const std::string& key) {
  const std::string plain = ascii::lower(key);
  return std::any_of(kSidePictures.begin(), kSidePictures.end(),
                     [&](std::string_view word) { return plain.find(word) != std::string::npos; });
}

// "x.png" or "/data/A/x.tif" beside "A/x.png", but not "B/x.png".
bool is_same_file(const std::string& one, const std::string& two) {
  const std::string first = id_stem(with_slashes(one)), second = id_stem(with_slashes(two));
  return first == second || first.ends_with("/" + second) || second.ends_with("/" + first);
}

// What of a record names a picture and is used for nothing; empty where there is no such value. Beside a file name that
// both dates share, only another name counts.
std::string unused_picture(const json& record, const Columns& columns, const ListedPair& pair,
                           const std::string& where) {
  if (!pair.before.empty() || !pair.after.empty() || pair.has_empty_pictures) return "";
  std::set<std::string> used = {columns.id,         columns.picture,       columns.mask,
                                columns.caption,    columns.conversations, columns.split,
                                columns.prediction, columns.folder};
  used.insert(columns.captions.begin(), columns.captions.end());
  used.insert(columns.more_captions.begin(), columns.more_captions.end());
  for (const auto& [key, value] : record.items()) {
    if (used.count(key) != 0 || is_side_picture(key)) continue;
    if (const std::size_t count = pair.picture.empty() && value.is_array() ? paths_in(value).size() : 0; count > 2) {
      throw InputError(where + ": \"" + key.substr(0, 60) + "\" has " + std::to_string(count) +
                       " pictures, and a pair is two; write a record for each two of them");
    }
    if (!pair.picture.empty() && (!value.is_string() || is_address(value.get_ref<const std::string&>()))) continue;
    const std::optional<std::string> found = picture_in(value);
    if (!found || (!pair.picture.empty() && is_same_file(*found, pair.picture))) continue;
    return "\"" + key.substr(0, 60) + "\" (" + found->substr(0, 80) + ")";
  }
  return "";
}

// The columns of a record that are used for nothing, or for its place.
std::vector<std::string> unread_columns(const json& record, const Columns& columns) {
  constexpr std::size_t kMost = 5;
  const std::set<std::string> used = {columns.id,      columns.picture,    columns.mask,
                                      columns.caption, columns.split,      columns.changed,
                                      columns.time,    columns.prediction, columns.group};
  std::vector<std::string> out;
  for (const auto& [key, value] : record.items()) {
    const bool may_be_time = value.is_number() || value.is_boolean() ||
                             (value.is_string() && !is_sentence(value.get_ref<const std::string&>()) &&
                              !has_picture_extension(value.get_ref<const std::string&>()));
    if (may_be_time && used.count(key) == 0 && out.size() < kMost) out.push_back(key.substr(0, 60));
  }
  return out;
}

// What captions of tables look like that a person should know.
std::vector<std::string> notes_of_captions(const List& list) {
  std::vector<std::string> notes;
  std::size_t shared = 0;
  std::size_t with_semicolon = 0;
  std::size_t single = 0;
  for (const ListedPair& pair : list.pairs) {
    shared += pair.captions_share_a_text ? 1 : 0;
    if (pair.captions.size() != 1 || pair.is_talk) continue;
    ++single;
    with_semicolon += pair.captions[0].find("; ") != std::string::npos ? 1 : 0;
  }
  if (shared > 0) {
    notes.push_back(std::to_string(shared) + (shared == 1 ? " text holds" : " texts hold") +
                    " several captions, between line breaks or bars: each is a caption of its own");
  }
  if (2 * with_semicolon > single) {
    notes.push_back(std::to_string(with_semicolon) + " of " + std::to_string(single) +
                    " captions hold a semicolon, and each is read as one: where they are several, put bars (|) between "
                    "them, or write them as a JSON list");
  }
  return notes;
}

// Captions of a single column that stand beside a list of captions and are none of them.
struct LeftOut {
  std::size_t captions = 0;
  std::string key, beside;
  std::string picture;             // of the first record that names one more beside its file's name
  std::vector<std::string> texts;  // columns of sentences that are used for nothing
  std::size_t later_first = 0;     // pairs whose columns of dates say so
  std::string later_example;
};

// Dates of the two pictures, in columns of their own, that contradict their order.
void look_for_later_first(const ListRow& row, LeftOut& left_out) {
  const json* both = member(row.value, row.columns.dates);
  if (both != nullptr && (!both->is_array() || both->size() != 2)) return;
  const json* before = both != nullptr ? &(*both)[0] : member(row.value, row.columns.before_date);
  const json* after = both != nullptr ? &(*both)[1] : member(row.value, row.columns.after_date);
  if (before == nullptr || after == nullptr) return;
  const Moments dates({plain_text(before), plain_text(after)});
  if (dates.compare(0, 1) <= 0) return;
  if (left_out.later_first++ > 0) return;
  const std::string first = both != nullptr ? row.columns.dates : row.columns.before_date;
  const std::string second = both != nullptr ? row.columns.dates : row.columns.after_date;
  left_out.later_example = "\"" + first + "\" is " + printable(plain_text(before)) + ", \"" + second + "\" is " +
                           printable(plain_text(after));
}

// What one record says twice and differently, where the list is of people's captions.
void look_for_contradictions(const ListRow& row, const ListedPair& pair, LeftOut& left_out) {
  const Columns& columns = row.columns;
  if (columns.is_model_output) return;
  const json* flag = member(row.value, columns.changed_here);
  if (flag != nullptr && !is_missing(*flag) && pair.changed &&
      flag_value(*flag, columns.changed_here, row.where) != *pair.changed) {
    throw InputError(row.where + ": \"" + columns.changed_here + "\" and \"" + columns.changed +
                     "\" mean the same and differ: leave one out");
  }
  const json* caption = member(row.value, columns.caption);
  if (caption == nullptr || columns.captions.empty()) return;
  for (const std::string& sentence : captions_value(*caption, columns.caption, row.where)) {
    if (std::find(pair.captions.begin(), pair.captions.end(), sentence) != pair.captions.end()) continue;
    ++left_out.captions;
    left_out.key = columns.caption;
    left_out.beside = columns.captions[0];
  }
}

void take_captions_out_of_dress(List& list) {
  std::vector<std::string*> captions;
  for (ListedPair& pair : list.pairs) {
    for (std::string& caption : pair.captions) captions.push_back(&caption);
  }
  std::vector<std::string> notes = take_dress_off(captions);
  if (notes.empty()) return;
  for (ListedPair& pair : list.pairs) {
    std::erase_if(pair.captions, [](const std::string& caption) { return ascii::trimmed(caption).empty(); });
  }
  for (std::string& note : notes) list.notes.push_back(std::move(note));
}

// What is done once all records are there: pairs of image rows, ids, captions of one pair; and what is to be said of
// it.
void put_together(List& list, const LeftOut& left_out, std::size_t other_answers, Series series) {
  take_captions_out_of_dress(list);
  for (std::string& note : notes_of_captions(list)) list.notes.push_back(std::move(note));
  for (std::string& note : pair_image_rows(list, series)) list.notes.push_back(std::move(note));
  const JoinedRecords unnamed = join_unnamed(list);
  if (unnamed.repeated > 0) {
    list.notes.push_back(std::to_string(unnamed.repeated) +
                         (unnamed.repeated == 1 ? " record names" : " records name") +
                         " the same two pictures as one before: left out");
  }
  if (unnamed.repeated + unnamed.with_captions == 0) take_numbers_for_ids(list);
  std::vector<ListedPair*> all;
  for (ListedPair& pair : list.pairs) all.push_back(&pair);
  for (std::string& note : make_ids(all)) list.notes.push_back(std::move(note));
  if (!left_out.picture.empty()) {
    list.notes.push_back(left_out.picture +
                         " names a picture that is not read: both dates have the record's file name");
  }
  if (left_out.later_first > 0) {
    list.notes.push_back(std::to_string(left_out.later_first) +
                         (left_out.later_first == 1 ? " pair has" : " pairs have") + " the later date first (" +
                         left_out.later_example + "): the columns of the pictures were believed, not the dates");
  }
  const bool has_captions =
      std::any_of(list.pairs.begin(), list.pairs.end(), [](const ListedPair& pair) { return !pair.captions.empty(); });
  if (!has_captions && !left_out.texts.empty()) list.notes.push_back(note_of_unread(left_out.texts));
  if (left_out.captions > 0) {
    list.notes.push_back(std::to_string(left_out.captions) + " captions of \"" + left_out.key +
                         "\" are not among those of \"" + left_out.beside + "\" and are left out");
  }
  if (const std::size_t parted = part_by_place(list); parted > 0) {
    list.notes.push_back(std::to_string(parted) +
                         " records share a file's name with one of another place: the place is part of their ids");
  }
  const std::size_t joined = join_records(list) + unnamed.with_captions;
  if (joined > 0) {
    list.notes.push_back(std::to_string(joined) + (joined == 1 ? " record is" : " records are") +
                         " of a pair that is there already: " + (joined == 1 ? "its" : "their") +
                         " captions are that pair's too");
  }
  if (const std::size_t again = count_under_other_ids(list); again > 0) {
    list.notes.push_back(std::to_string(again) + (again == 1 ? " record names" : " records name") +
                         " the two pictures of another under an id of its own: each is a pair; where they are captions "
                         "of one pair, leave the id column out");
  }
  if (other_answers > 0) {
    list.notes.push_back(std::to_string(other_answers) +
                         " answers of the talks are no captions (counts, places, yes and no) and are left out");
  }
}

}  // namespace

std::string List::where(const ListedPair& pair) const {
  return place_text(name, by_lines, pair.place);
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
    pair->id = utf8_name(id_stem(file_name(from_windows_1252(picture))));
    pair->id_is_made = true;
  }
  if (made.empty()) return notes;
  for (ListedPair* pair : made) ++seen[pair->split + '\0' + pair->id];
  std::size_t longer = 0;
  std::unordered_map<std::string, int> numbered;
  for (ListedPair* pair : made) {
    if (seen[pair->split + '\0' + pair->id] == 1) continue;
    const std::string& picture = pair->before.empty() ? pair->after : pair->before;
    pair->id = utf8_name(id_stem(with_slashes(from_windows_1252(picture))));
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

List parse_list(const std::string& text, const std::string& name, Series series) {
  List list;
  list.name = name;
  std::size_t other_answers = 0;
  bool names_pictures = false;
  LeftOut left_out;
  ListForm form = for_each_row(text, name, [&](const ListRow& row) {
    const std::string& where = row.where;
    if (!list.pairs.empty() && is_sum(row)) {
      list.notes.push_back(where + " names no picture and is left out: it reads as a sum");
      return;
    }
    const bool has_one = row.columns.before.empty() != row.columns.after.empty();
    if (has_one) {
      const bool lacks_after = row.columns.after.empty();
      throw InputError(where + ": there is no column \"" + (lacks_after ? "after" : "before") + "\" beside \"" +
                       (lacks_after ? row.columns.before : row.columns.after) + "\"; found " + key_list(row.value));
    }
    ListedPair pair = pair_of_row(row, where, &other_answers);
    look_for_contradictions(row, pair, left_out);
    look_for_later_first(row, left_out);
    for (const auto* texts : {&row.columns.rival_texts, &row.columns.other_texts, &row.columns.unread_texts}) {
      for (const std::string& key : *texts) {
        if (std::find(left_out.texts.begin(), left_out.texts.end(), key) == left_out.texts.end())
          left_out.texts.push_back(key);
      }
    }
    // Beside a file's name it may be where the picture was cut from, which is told; beside an "image" it may be the
    // other date, which is refused, as where there is no name.
    const bool has_file_name = !pair.picture.empty() && ascii::lower(row.columns.picture).starts_with("file");
    std::string& unused = has_file_name ? left_out.picture : list.unused_picture;
    if (unused.empty()) {
      unused = unused_picture(row.value, row.columns, pair, where);
      if (!unused.empty() && !has_file_name) unused = where + ": " + unused;
    }
    if (list.pairs.empty()) list.unread_columns = unread_columns(row.value, row.columns);
    list.is_coco = list.is_coco || row.is_coco;
    names_pictures = names_pictures || row.columns.names_pictures() || has_picture_extension(pair.picture);
    if (pair.id.empty() && pair.before.empty() && pair.after.empty()) {
      throw InputError(where + ": no \"id\" and no pictures; found " + key_list(row.value));
    }
    list.is_model_output = list.is_model_output || (row.columns.is_model_output && row.columns.captions.empty());
    list.pairs.push_back(std::move(pair));
  });
  list.by_lines = form.by_lines;
  list.format = std::move(form.format);
  list.why = std::move(form.why);
  list.notes.insert(list.notes.begin(), form.notes.begin(), form.notes.end());
  list.names_pictures = names_pictures;
  put_together(list, left_out, other_answers, series);
  return list;
}

}  // namespace ccx::pairs
