// Rows from columns (tabular_json.h).
#include "core/pairs/lists/tabular_json.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/error.h"
#include "core/pairs/lists/columns.h"
#include "core/pairs/lists/image_rows.h"
#include "core/pairs/lists/key_words.h"
#include "core/pairs/lists/values.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

constexpr std::size_t kMostColumns = 60;

bool is_count(const std::string& text) {
  return !text.empty() && text.size() < 10 && std::all_of(text.begin(), text.end(), ascii::is_digit);
}

// The keys of a column's rows in their order, "2" before "10".
std::vector<std::string> row_keys(const json& column) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : column.items()) keys.push_back(key);
  if (column.is_object()) {
    std::sort(keys.begin(), keys.end(), [](const std::string& a, const std::string& b) {
      return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
  }
  return keys;
}

// Every value a list of one length, or every value an object with the same numbers for its rows.
bool is_table(const json& object) {
  if (object.size() < 2 || object.size() > kMostColumns) return false;
  const json& first = *object.begin();
  if (!first.is_structured() || first.empty()) return false;
  if (first.is_object()) {
    for (const auto& [key, value] : first.items()) {
      if (!is_count(key)) return false;
    }
  }
  return std::all_of(object.begin(), object.end(), [&](const json& column) {
    if (column.type() != first.type() || column.size() != first.size()) return false;
    return first.is_array() || std::all_of(first.items().begin(), first.items().end(),
                                           [&](const auto& row) { return column.contains(row.key()); });
  });
}

const json& cell(const json& column, const std::vector<std::string>& keys, std::size_t row) {
  return column.is_array() ? column[row] : column.at(keys[row]);
}

json transposed(const json& object, const std::vector<std::string>& keys) {
  json rows = json::array();
  for (std::size_t row = 0; row < keys.size(); ++row) {
    json record = json::object();
    for (const auto& [key, column] : object.items()) record[key] = cell(column, keys, row);
    rows.push_back(std::move(record));
  }
  return rows;
}

bool names_a_picture(const json& value) {
  return value.is_string() && has_picture_extension(value.get_ref<const std::string&>());
}

// Two pictures of one place by their names.
bool may_be_pair(const json& one, const json& two) {
  return names_a_picture(one) && names_a_picture(two) && one != two &&
         name_of_place(one.get<std::string>()) == name_of_place(two.get<std::string>());
}

// Whether the first of two lists has the earlier pictures and the second the later ones, in one order.
bool are_pairs_by_row(const json& object) {
  const json& one = object.begin().value();
  const json& two = std::next(object.begin()).value();
  if (!one.is_array() || !two.is_array() || one.size() != two.size()) return false;
  for (std::size_t i = 0; i < one.size(); ++i) {
    if (!may_be_pair(one[i], two[i])) return false;
  }
  return true;
}

// before/after and the like are no ids; A/B and img1/img2 may be.
bool is_word_of_time(const std::string& key) {
  constexpr int kFirstLetter = 6;
  const Words words = key_words(key);
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    const std::optional<RoleWord> role = role_of(word);
    return role && role->family < kFirstLetter;
  });
}

// {"columns": ["before", "after"], "data": [["x.png", "y.png"], ...]}
std::optional<json> rows_of_split_table(const json& object) {
  const auto columns = object.find("columns");
  const auto data = object.find("data");
  if (columns == object.end() || data == object.end() || !columns->is_array() || !data->is_array()) return std::nullopt;
  const bool fits = std::all_of(columns->begin(), columns->end(), [](const json& name) { return name.is_string(); }) &&
                    std::all_of(data->begin(), data->end(),
                                [&](const json& row) { return row.is_array() && row.size() == columns->size(); });
  if (!fits) return std::nullopt;
  json rows = json::array();
  for (const json& row : *data) {
    json record = json::object();
    for (std::size_t i = 0; i < row.size(); ++i) record[(*columns)[i].get<std::string>()] = row[i];
    rows.push_back(std::move(record));
  }
  return rows;
}

}  // namespace

bool are_pairs_by_id(const json& object) {
  const bool are_pairs =
      !object.empty() && std::all_of(object.items().begin(), object.items().end(), [&](const auto& item) {
        const json& value = item.value();
        return value.is_array() && value.size() == 2 && may_be_pair(value[0], value[1]) && !is_word_of_time(item.key());
      });
  return are_pairs && (object.size() != 2 || !are_pairs_by_row(object));
}

std::optional<json> rows_of_columns(const json& object, const std::string& name) {
  if (std::optional<json> rows = rows_of_split_table(object)) return rows;
  if (!is_table(object)) return std::nullopt;
  const std::vector<std::string> keys = row_keys(*object.begin());
  json probe = json::object();
  std::size_t pictures = 0;
  for (const auto& [key, column] : object.items()) {
    probe[key] = cell(column, keys, 0);
    pictures += names_a_picture(probe[key]) ? 1 : 0;
  }
  const Columns columns = columns_of(probe, name);
  // {"ids": [...], "captions": [...]}
  const bool has_text = columns.has_captions() || !columns.prediction.empty();
  if (columns.before.empty() && columns.after.empty() && has_text && (!columns.id.empty() || !columns.picture.empty()))
    return transposed(object, keys);
  if (columns.before.empty() || columns.after.empty()) return std::nullopt;
  if (is_count(columns.before) || !names_a_picture(probe[columns.before]) || !names_a_picture(probe[columns.after]))
    return std::nullopt;
  if (is_word_of_time(columns.before)) return transposed(object, keys);
  const bool may_be_ids = pictures == object.size() && (keys.size() == 2 || keys.size() == 3);
  if (may_be_ids && object.size() > 2) return std::nullopt;
  if (may_be_ids && !are_pairs_by_row(object)) {
    throw InputError(name + ": \"" + columns.before + "\" and \"" + columns.after + "\" may be the columns of " +
                     std::to_string(keys.size()) +
                     " pairs or the ids of two; write records, [{\"before\": ..., \"after\": ...}, ...]");
  }
  return transposed(object, keys);
}

std::optional<json> feature_properties(const json& record) {
  const auto type = record.find("type");
  const auto properties = record.find("properties");
  if (type == record.end() || *type != "Feature" || properties == record.end() || !properties->is_object())
    return std::nullopt;
  json out = *properties;
  const auto id = record.find("id");
  if (id != record.end() && !out.contains("id")) out["id"] = *id;
  return out;
}

}  // namespace ccx::pairs
