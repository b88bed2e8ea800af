// Telling the shapes of JSON documents apart (json_shapes.h).
#include "core/pairs/lists/json_shapes.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/one_of.h"
#include "core/pairs/lists/columns.h"
#include "core/pairs/lists/key_words.h"
#include "core/pairs/lists/nested_pictures.h"
#include "core/pairs/lists/path_records.h"
#include "core/pairs/lists/values.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

// Keys of the one list that an object holds beside what is said of it.
constexpr std::array<std::string_view, 20> kWrappers = {
    "results",         "predictions", "preds",     "captions",    "data",    "samples",      "annotations",
    "items",           "records",     "pairs",     "entries",     "outputs", "test_results", "dataset",
    "val_predictions", "hypotheses",  "generated", "generations", "answers", "responses"};
// Of evaluation code: what a model wrote beside what people wrote.
constexpr std::array<std::string_view, 10> kOfModels = {"hyp", "hyps",   "pred",    "preds",     "predictions",
                                                        "res", "result", "results", "generated", "candidates"};
constexpr std::array<std::string_view, 8> kOfPeople = {"ref",       "refs",       "gt",           "gts",
                                                       "reference", "references", "ground_truth", "targets"};

bool is_list_of_paths(const json& value) {
  return value.is_array() && value.size() >= 2 && value.size() <= 3 &&
         paths_in(json::array({value[0], value[1]})).size() == 2;
}

bool is_id_and_caption(const json& value) {
  if (!value.is_array() || !paths_in(value).empty()) return false;
  const json record = record_of_list(value, "");
  return record.is_object() && !record.contains("before");
}

// Words of a caption, or none of one: a caption may be a single word where it stands at an id.
bool holds_text(const json& value) {
  return value.is_string() ||
         (value.is_array() && !value.empty() &&
          std::all_of(value.begin(), value.end(), [](const json& item) { return item.is_string(); }));
}

}  // namespace

// Every value is a sentence, sentences, or a record; of some ids null.
bool is_dictionary(const json& object) {
  std::size_t texts = 0, lists = 0, records = 0, nothings = 0;
  for (const auto& [key, value] : object.items()) {
    if (value.is_string()) {
      ++texts;
    } else if (value.is_null()) {
      ++nothings;  // a model that failed for one id
    } else if (value.is_array() && std::all_of(value.begin(), value.end(), [](const json& v) {
                 return v.is_string() || v.is_null() ||
                        (v.is_object() && (v.contains("caption") || v.contains("raw") || v.contains("sentence")));
               })) {
      ++lists;
    } else if (value.is_object()) {
      const Columns columns = columns_of(with_flat_pictures(value).value_or(value), key);
      if (!columns.names_pictures() && !columns.has_captions() && columns.prediction.empty()) return false;
      ++records;
    } else {
      return false;
    }
  }
  const std::size_t filled = object.size() - nothings;
  return nothings <= filled && (texts == filled || lists == filled || records == filled);
}

// With the pictures of {"images": {"pre": ..., "post": ...}} in keys of its own; entries of ids stay as they are.
json as_record(const json& object) {
  constexpr std::size_t kMostKeys = 60;
  if (object.size() > kMostKeys) return object;
  const bool has_pictures_key = std::any_of(object.items().begin(), object.items().end(),
                                            [](const auto& item) { return is_pictures_key(item.key()); });
  if (!has_pictures_key && is_dictionary(object)) return object;
  return with_flat_pictures(object).value_or(object);
}

// {"id": ..., "images": [{"role": "before", "path": ...}, ...]}: the two pictures of one record.
bool is_record_of_two(const json& object, const json& images) {
  if (images.size() != 2 || !images[0].is_object() || !images[1].is_object()) return false;
  for (const char* key : {"id", "imgid", "sentences", "captions", "caption", "split"}) {
    if (images[0].contains(key)) return false;
  }
  const Columns columns = columns_of(with_flat_pictures(object).value_or(object), "");
  return !columns.both.empty() && (object.contains("id") || columns.has_captions());
}

bool is_pair_of_paths(const json& value) {
  return value.size() == 2 && value[0].is_string() && value[1].is_string();
}

bool is_by_split(const json& object) {
  return std::all_of(object.items().begin(), object.items().end(), [](const auto& item) {
    return is_split_name(item.key()) && item.value().is_structured() &&
           !(item.value().is_array() && !item.value().empty() && item.value()[0].is_string());
  });
}

// {"results": [{...}], "model": "..."}: the one list of records that an object holds.
const json* only_list(const json& object) {
  const json* found = nullptr;
  for (const auto& [key, value] : object.items()) {
    if (!value.is_array() || value.empty()) continue;
    if (!value[0].is_object() && !is_list_of_paths(value[0]) && !is_id_and_caption(value[0])) continue;
    if (found != nullptr) return nullptr;
    const bool is_sentences =
        value[0].contains("raw") || (value[0].size() <= 3 && !value[0].contains("id") && value[0].contains("tokens"));
    if (is_sentences) return nullptr;
    found = &value;
  }
  // {"ID": [{"caption": ...}], "ID2": ...} is a dictionary, and so is it with one id.
  if (found == nullptr) return nullptr;
  for (const auto& [key, value] : object.items()) {
    if (&value == found && !is_one_of(key, kWrappers) && value[0].is_array()) return nullptr;
    if (&value == found && !is_one_of(key, kWrappers) && object.size() == 1 &&
        !columns_of((*found)[0], key).names_pictures() && columns_of((*found)[0], key).id.empty()) {
      return nullptr;
    }
  }
  return found;
}

const json* inner_object(const json& object) {
  const json* found = nullptr;
  for (const auto& [key, value] : object.items()) {
    if (!value.is_object() || value.empty() || !is_one_of(key, kWrappers)) continue;
    if (found != nullptr) return nullptr;
    found = &value;
  }
  if (found == nullptr) return nullptr;
  const bool holds_list =
      is_dictionary(*found) || is_by_split(*found) || only_list(*found) != nullptr || inner_object(*found) != nullptr;
  return holds_list ? found : nullptr;
}

std::optional<json> predictions_with_references(const json& object) {
  const json* model = nullptr;
  const json* people = nullptr;
  for (const auto& [key, value] : object.items()) {
    if (!value.is_object() || value.empty() || !std::all_of(value.begin(), value.end(), holds_text)) continue;
    if (is_one_of(key, kOfModels)) model = &value;
    if (is_one_of(key, kOfPeople)) people = &value;
  }
  if (model == nullptr || people == nullptr) return std::nullopt;
  json out = json::object();
  for (const auto& [id, caption] : model->items()) {
    const bool is_listed = caption.is_array() && caption.size() == 1;
    out[id]["pred"] = is_listed ? caption[0] : caption;
    if (const auto references = people->find(id); references != people->end()) out[id]["references"] = *references;
  }
  return out;
}

std::optional<json> rows_under_a_header(const json& list) {
  if (list.size() < 2) return std::nullopt;
  const json& header = list[0];
  const bool is_header =
      header.is_array() && header.size() > 1 && std::all_of(header.begin(), header.end(), [](const json& name) {
        return name.is_string() && !has_picture_extension(name.get_ref<const std::string&>()) &&
               !is_sentence(name.get_ref<const std::string&>());
      });
  if (!is_header) return std::nullopt;
  json rows = json::array();
  for (std::size_t i = 1; i < list.size(); ++i) {
    if (!list[i].is_array() || list[i].size() != header.size()) return std::nullopt;
    json row = json::object();
    for (std::size_t k = 0; k < header.size(); ++k) row[header[k].get<std::string>()] = list[i][k];
    rows.push_back(std::move(row));
  }
  const Columns columns = columns_of(rows[0], "");
  const bool has_text = columns.has_captions() || !columns.prediction.empty();
  const bool has_name = !columns.id.empty() || !columns.picture.empty();
  return columns.names_pictures() || (has_name && has_text) ? std::optional<json>(rows) : std::nullopt;
}

std::optional<std::string> only_id(const json& record) {
  if (!record.is_object() || record.size() != 1 || record.contains("error")) return std::nullopt;
  const json texts = record.begin()->is_array() ? *record.begin() : json::array({*record.begin()});
  const bool are_sentences = !texts.empty() && std::all_of(texts.begin(), texts.end(), [](const json& text) {
    return text.is_string() && is_sentence(text.get_ref<const std::string&>());
  });
  if (!are_sentences) return std::nullopt;
  const Columns columns = columns_of(record, "");
  const bool is_known = columns.has_captions() || !columns.prediction.empty() || !columns.id.empty() ||
                        !columns.picture.empty() || !columns.both.empty() || !columns.before.empty() ||
                        !columns.after.empty();
  return is_known ? std::nullopt : std::optional<std::string>(record.begin().key());
}

}  // namespace ccx::pairs
