// What all kinds of lists do with a record (row_sink.h), and choosing between them (list.h).
#include "core/pairs/lists/row_sink.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/pairs/lists/caption_keys.h"
#include "core/pairs/lists/foreign_records.h"
#include "core/pairs/lists/forms.h"
#include "core/pairs/lists/key_words.h"
#include "core/pairs/lists/list_text.h"
#include "core/pairs/lists/nested_pictures.h"
#include "core/pairs/lists/tabular_json.h"

namespace ccx::pairs {

using nlohmann::json;

namespace {

// The first line is a whole record and more lines follow.
bool has_records_by_line(const std::string& text, const std::string& name) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  const std::size_t end = text.find('\n', start);
  if (end == std::string::npos || text.find_first_not_of(" \t\r\n", end) == std::string::npos) {
    // One line may be either; its name says which.
    return text[start] == '{' && (name.ends_with(".jsonl") || name.ends_with(".ndjson"));
  }
  std::string line = text.substr(start, end - start);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
  const bool closes = (line.front() == '{' && line.back() == '}') || (line.front() == '[' && line.back() == ']');
  if (!closes) return false;
  try {
    io::parse_json<json>(line, name, io::kListLimits);
    return true;
  } catch (const InputError&) {
    return false;
  }
}

// "[1] A/x.png B/x.png" is no JSON.
bool is_numbered_line(const std::string& text) {
  const std::size_t start = text.find('[') + 1;
  const std::size_t end = text.find_first_not_of("0123456789", start);
  return end != std::string::npos && end > start && text.compare(end, 2, "] ") == 0;
}

}  // namespace

void RowSink::give(const json& given, const std::string& split, const std::string& key, std::size_t place,
                   const std::string& container) {
  if (!given.is_object()) {
    throw InputError(where(place) + ": is not an object: expected an object, found " + given.type_name());
  }
  const std::optional<json> properties = feature_properties(given);
  const std::optional<json> task = properties ? std::nullopt : label_studio_task(given);
  const json& said = properties ? *properties : task ? *task : given;
  const std::optional<json> flat = with_flat_pictures(said);
  const json& with_pictures = flat ? *flat : said;
  const std::optional<json> with_captions = with_flat_captions(with_pictures);
  const json& record = with_captions ? *with_captions : with_pictures;
  std::string signature;
  for (const auto& [name, value] : record.items()) {
    signature += name;
    // What an empty list or object would hold is told by the next that is filled.
    const bool is_empty = value.is_structured() && value.empty() && !is_pictures_key(name);
    signature += is_empty ? 'e' : value.is_string() ? 's' : value.is_array() ? 'a' : value.is_null() ? '0' : 'v';
    signature += '\0';
  }
  auto known = columns_.find(signature);
  if (known == columns_.end()) {
    known = columns_.emplace(signature, columns_of(record, where(place))).first;
    for (const std::string& note : known->second.notes) {
      if (std::find(form_.notes.begin(), form_.notes.end(), note) == form_.notes.end()) form_.notes.push_back(note);
    }
  }
  const Columns& columns = known->second;
  if (!columns.names_pictures()) require_no_embedded(record, where(place));
  if (form_.format.empty()) {
    require_use(record, columns, !key.empty(), where(place));
    form_.format = form_name(record, columns, container, !key.empty());
    form_.why = container + (properties ? " of GeoJSON" : "") + " with " + key_list(said);
  }
  const bool is_coco = container.find("\"annotations\"") != std::string::npos;
  each_(ListRow{record, columns, split, key, place, where(place), is_coco});
}

void RowSink::give_nothing(const std::string& container) {
  if (!form_.format.empty()) return;
  form_.format = container;
  form_.why = container + " and no records in it";
}

void RowSink::refuse(const std::string& found) const {
  // What bytes of another encoding say is nothing to show.
  if (!hint_.empty()) throw InputError(name_ + hint_);
  throw InputError(refusal(name_, found));
}

void RowSink::require_no_embedded(const json& record, const std::string& where) {
  const std::string key = embedded_picture(record);
  if (key.empty()) return;
  throw InputError(where + ": \"" + key.substr(0, 60) +
                   "\" holds the picture itself, and ccx reads files: write the pictures to files and their paths into "
                   "the list");
}

// The first record decides whether the list is one at all; what a later one lacks is said with its place.
void RowSink::require_use(const json& record, const Columns& columns, bool has_key, const std::string& where) const {
  const bool has_one = columns.before.empty() != columns.after.empty();
  const bool has_id = !columns.id.empty() || !columns.picture.empty() || has_key;
  const bool has_text = columns.has_captions() || !columns.prediction.empty() || record.contains("error");
  if (columns.names_pictures() || has_one || !columns.picture.empty() || (has_id && has_text) || has_text) return;
  if (!hint_.empty()) throw InputError(where + hint_);
  throw InputError(refusal(where, "records with " + key_list(record)));
}

ListForm for_each_row(const std::string& text, const std::string& name,
                      const std::function<void(const ListRow&)>& each) {
  const char first = text[text.find_first_not_of(" \t\r\n")];
  const bool is_json = first == '{' || (first == '[' && !is_numbered_line(text));
  const bool by_lines = !is_json || has_records_by_line(text, name);
  RowSink sink(name, by_lines, each);
  if (!is_utf8(text))
    sink.set_hint(
        ": its bytes are not UTF-8, and nothing in it is known: save it as UTF-8 (in Excel as \"CSV UTF-8\", in other "
        "programs "
        "by the encoding that they ask for)");
  if (!is_json) {
    read_text_rows(text, sink);
  } else if (by_lines) {
    read_json_lines(text, sink);
  } else {
    read_json_rows(text, sink);
  }
  return sink.take();
}

std::string place_text(const std::string& name, bool by_lines, std::size_t place) {
  return by_lines ? name + ":" + std::to_string(place) : name + ": entry " + std::to_string(place);
}

}  // namespace ccx::pairs
