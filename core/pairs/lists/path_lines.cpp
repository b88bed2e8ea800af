// Records in text without a header: two or three paths a line and what follows them, or one file name a line.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/error.h"
#include "core/pairs/lists/key_words.h"
#include "core/pairs/lists/path_records.h"
#include "core/pairs/lists/row_sink.h"
#include "core/pairs/lists/table.h"
#include "core/pairs/lists/values.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

// The fields of a line of paths. Between tabs, commas, semicolons or bars as in a table; between spaces a path, which
// may hold spaces itself, ends where a picture's extension does.
std::vector<std::string> fields_of(const std::string& line, const std::string& name) {
  // The first in the line: captions behind the paths hold commas.
  const std::size_t first = line.find_first_of("\t,;|");
  if (first != std::string::npos) return parse_table(line, line[first], name, 1).at(0).fields;
  std::vector<std::string> out;
  std::size_t start = 0;
  for (std::size_t at = 0; at <= line.size(); ++at) {
    if (at < line.size() && line[at] != ' ') continue;
    if (!has_picture_extension(line.substr(start, at - start))) continue;
    out.push_back(trimmed(line.substr(start, at - start)));
    start = at + 1;
  }
  if (const std::string rest = start < line.size() ? trimmed(line.substr(start)) : ""; !rest.empty()) {
    if (!out.empty()) {
      out.push_back(rest);
    } else {
      for (std::size_t at = 0; at < rest.size();) {  // no extensions at all: paths without spaces
        const std::size_t end = std::min(rest.find(' ', at), rest.size());
        if (end > at) out.push_back(rest.substr(at, end - at));
        at = end + 1;
      }
    }
  }
  return out;
}

bool is_path(const std::string& field) {
  return has_picture_extension(field) || (field.find('/') != std::string::npos && field.find(' ') == std::string::npos);
}

bool is_flag(const std::string& field) {
  return field == "0" || field == "1";
}

// What stands behind the paths: whether something changed, before captions or as the last; and captions. False for
// anything else.
bool take_rest(std::vector<std::string> rest, json& record) {
  while (!rest.empty() && rest.back().empty()) rest.pop_back();
  if (!rest.empty() && (is_flag(rest.front()) || is_flag(rest.back()))) {
    const bool is_first = is_flag(rest.front());
    record["changed"] = (is_first ? rest.front() : rest.back()) == "1";
    rest.erase(is_first ? rest.begin() : rest.end() - 1);
  }
  if (rest.empty()) return true;
  record["captions"] = rest;
  return std::all_of(rest.begin(), rest.end(), is_sentence);
}

// One file name, or an id, two or three paths, a flag and captions, of which only two paths must be there; null for
// anything else. `is_turned`: the later picture stands first.
json record_of_line(std::vector<std::string> fields, bool is_turned, const std::string& where) {
  json record = json::object();
  if (fields.size() > 2 && !is_path(fields.front()) && fields.front().find(' ') == std::string::npos) {
    record["id"] = fields.front();
    fields.erase(fields.begin());
  }
  const auto rest = std::find_if_not(
      fields.begin(), fields.begin() + static_cast<long>(std::min<std::size_t>(fields.size(), 3)), is_path);
  std::vector<std::string> paths(fields.begin(), rest);
  if (paths.empty() || !take_rest({rest, fields.end()}, record)) return {};
  if (paths.size() == 1) {
    // "before: A/1.png" is a line of YAML or of an INI file.
    const bool is_setting = paths[0].find(": ") != std::string::npos || paths[0].find(" = ") != std::string::npos;
    if (!has_picture_extension(paths[0]) || !record.empty() || is_setting) return {};
    return {{"filename", paths[0]}};
  }
  if (is_turned) std::swap(paths[0], paths[1]);
  record.update(record_of_paths(paths, where));
  return record;
}

// Whether a line above the paths, with or without a number sign, says that the later picture stands first: "after
// before". Nothing where it is no such line.
std::optional<bool> turned_by(const std::string& line, const std::string& name) {
  const std::size_t first = line.find_first_not_of("# \t");
  if (first == std::string::npos) return std::nullopt;
  const std::vector<std::string> fields = fields_of(line.substr(first), name);
  if (fields.size() < 2) return std::nullopt;
  const std::optional<long long> one = role_side(fields[0]);
  const std::optional<long long> two = role_side(fields[1]);
  if (!one || !two || *one == *two) return std::nullopt;
  return *one > *two;
}

}  // namespace

void read_path_lines(const std::string& text, RowSink& sink) {
  std::string_view rest = text;
  bool has_names = false;
  bool has_paths = false;
  bool is_turned = false;
  std::size_t fields_before = 0;
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const std::size_t end = rest.find('\n');
    const std::string content = trimmed(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (content.empty()) continue;
    if (const bool is_first = !has_names && !has_paths; is_first || content.front() == '#') {
      const std::optional<bool> turned = is_first ? turned_by(content, sink.name()) : std::nullopt;
      is_turned = turned.value_or(is_turned);
      if (turned || content.front() == '#') continue;
    }
    const std::vector<std::string> fields = fields_of(content, sink.name());
    const json record = record_of_line(fields, is_turned, sink.where(line));
    if (record.is_null())
      sink.refuse("text, whose line " + std::to_string(line) + " is \"" + content.substr(0, 80) + "\"");
    if (const auto captions = record.find("captions"); captions != record.end()) {
      if (fields_before != 0 && fields.size() != fields_before) {
        throw InputError(sink.where(line) + ": " + std::to_string(fields.size()) +
                         " fields where the lines before have " + std::to_string(fields_before) +
                         "; a caption that holds what separates the fields must stand in quotes");
      }
      fields_before = fields.size();
    }
    const bool is_name = record.contains("filename");
    (is_name ? has_names : has_paths) = true;
    if (has_names && has_paths) {
      throw InputError(sink.where(line) + ": " + (is_name ? "one path" : "two paths") +
                       ", where the lines before have " + (is_name ? "two" : "one"));
    }
    sink.give(record, "", "", line,
              is_name                   ? "a file name a line"
              : record.contains("mask") ? "three paths a line"
                                        : "two paths a line");
  }
}

}  // namespace ccx::pairs
