// Records in text without a header: two or three paths a line and what follows them, or one file name a line.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/ascii.h"
#include "core/base/error.h"
#include "core/pairs/lists/key_words.h"
#include "core/pairs/lists/line_fields.h"
#include "core/pairs/lists/path_records.h"
#include "core/pairs/lists/row_sink.h"
#include "core/pairs/lists/values.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

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

// "x.png#0" is the first caption of x.png.
std::string without_caption_number(const std::string& field) {
  const std::size_t sign = field.rfind('#');
  if (sign == std::string::npos || sign + 1 == field.size()) return field;
  const bool is_counted = field.find_first_not_of("0123456789", sign + 1) == std::string::npos;
  return is_counted && has_picture_extension(field.substr(0, sign)) ? field.substr(0, sign) : field;
}

// A pair's name without an extension: letters, digits and what stands between them in names.
bool is_bare_name(const std::string& field) {
  return !field.empty() && std::all_of(field.begin(), field.end(), [](char c) {
    return ascii::is_letter(c) || ascii::is_digit(c) || c == '_' || c == '-' || c == '/' || c == '.' ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

// One file name, or an id, two or three paths, a flag and captions, of which only two paths must be there; null for
// anything else. `is_turned`: the later picture stands first.
json record_of_line(std::vector<std::string> fields, bool is_turned, const std::string& where) {
  json record = json::object();
  if (fields.empty()) return {};
  const std::string plain = without_caption_number(fields[0]);
  const bool is_numbered = plain != fields[0];  // "x.png#0": what follows is a caption, were it one word
  fields[0] = plain;
  if (fields.size() == 1 && !has_picture_extension(fields[0]) && is_bare_name(fields[0]))
    return {{"filename", fields[0]}};
  // A name and what is said of it.
  const bool is_captioned =
      fields.size() > 1 && (is_numbered || is_sentence(fields[1])) && fields[0].find(' ') == std::string::npos;
  if (is_captioned && (has_picture_extension(fields[0]) || is_bare_name(fields[0]))) {
    const bool is_rest = take_rest({fields.begin() + 1, fields.end()}, record) || is_numbered;
    if (is_rest) record[has_picture_extension(fields[0]) ? "filename" : "id"] = fields[0];
    return is_rest ? record : json();
  }
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

// Plain blanks where one of Unicode follows a path: "A/x.png\u00A0B/x.png".
std::string with_plain_blanks(std::string line) {
  for (std::size_t at = 1; at < line.size(); ++at) {
    if (static_cast<unsigned char>(line[at]) < 0x80 || !has_picture_extension(line.substr(0, at))) continue;
    const std::size_t rest = without_blanks(std::string_view(line).substr(at)).size();
    if (const std::size_t blanks = line.size() - at - rest; blanks > 0) line.replace(at, blanks, " ");
  }
  return line;
}

// A header above names of pictures: "filename".
bool is_header_of_names(const std::string& line, std::string_view text) {
  const Words words = key_words(line);
  return !words.empty() && std::all_of(words.begin(), words.end(), is_picture_word) &&
         has_picture_extension(without_blanks(text)) && !has_picture_extension(line);
}

// The text's one line that says something; empty where there are more.
std::string_view only_line(std::string_view text) {
  const std::string_view line = ascii::trimmed(text);
  return line.find('\n') == std::string_view::npos ? line : "";
}

// Whether a line above the paths, with or without a number sign, says that the later picture stands first: "after
// before". Nothing where it is no such line.
std::optional<bool> turned_by(const std::string& line, const std::string& name) {
  const std::size_t first = line.find_first_not_of("# \t");
  if (first == std::string::npos) return std::nullopt;
  const std::vector<std::string> fields = fields_of_line(line.substr(first), name);
  if (fields.size() < 2) return std::nullopt;
  // "A/1.png B/1.png" names the pictures of a pair.
  if (is_path(fields[0]) || is_path(fields[1])) return std::nullopt;
  const std::optional<long long> one = role_side(fields[0]);
  const std::optional<long long> two = role_side(fields[1]);
  if (!one || !two || *one == *two) return std::nullopt;
  return *one > *two;
}

// The same of a line without a number sign, which must stand above others: "pre_1 post_1" above "pre_2 post_2" is a
// pair.
std::optional<bool> turned_by_first(const std::string& line, std::string_view below, const std::string& name) {
  const std::optional<bool> turned = turned_by(line, name);
  if (!turned || line.front() == '#') return turned;
  const std::string_view next = without_blanks(below).substr(0, without_blanks(below).find('\n'));
  return next.empty() || turned_by(std::string(without_blanks(next)), name) ? std::nullopt : turned;
}

}  // namespace

void read_path_lines(const std::string& text, RowSink& sink) {
  std::string_view rest = text;
  bool has_names = false;
  bool has_paths = false;
  bool is_turned = false;
  std::size_t fields_before = 0;
  const std::string_view only = only_line(text);
  const LineMarker marker = marker_of(text, sink.name());
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const std::size_t end = rest.find('\n');
    const std::string content = with_plain_blanks(std::string(without_blanks(rest.substr(0, end))));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (content.empty()) continue;
    if (const bool is_first = !has_names && !has_paths; is_first || content.front() == '#') {
      const std::optional<bool> turned = is_first ? turned_by_first(content, rest, sink.name()) : std::nullopt;
      is_turned = turned.value_or(is_turned);
      if (turned || content.front() == '#' || (is_first && is_header_of_names(content, text))) continue;
    }
    const std::vector<std::string> fields = fields_of_line(without_marker(content, marker), sink.name());
    const json record = record_of_line(fields, is_turned, sink.where(line));
    // One word alone is no list.
    if (record.is_null() || (content == only && fields.size() == 1 && !has_picture_extension(content)))
      sink.refuse("text, whose line " + std::to_string(line) + " is \"" + content.substr(0, 80) + "\"");
    if (const auto captions = record.find("captions"); captions != record.end()) {
      if (fields_before != 0 && fields.size() != fields_before) {
        throw InputError(sink.where(line) + ": " + std::to_string(fields.size()) +
                         " fields where the lines before have " + std::to_string(fields_before) +
                         "; a caption that holds what separates the fields must stand in quotes");
      }
      fields_before = fields.size();
    }
    const bool is_name = !record.contains("before");
    (is_name ? has_names : has_paths) = true;
    if (has_names && has_paths) {
      throw InputError(sink.where(line) + ": " + (is_name ? "one path" : "two paths") +
                       ", where the lines before have " + (is_name ? "two" : "one"));
    }
    sink.give(record, "", "", line,
              is_name && record.contains("captions") ? "a name and a caption a line"
              : is_name                              ? "a file name a line"
              : record.contains("mask")              ? "three paths a line"
                                                     : "two paths a line");
  }
  if (!has_names && !has_paths) sink.refuse("text whose lines all begin with a number sign, as comments do");
}

}  // namespace ccx::pairs
