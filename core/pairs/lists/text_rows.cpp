// Records in text: tables with a header, and lines of paths.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/error.h"
#include "core/pairs/lists/path_records.h"
#include "core/pairs/lists/row_sink.h"
#include "core/pairs/lists/table.h"
#include "core/pairs/lists/values.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

class TextRows {
 public:
  TextRows(const std::string& text, RowSink& sink) : text_(text), sink_(sink) {}

  bool read_table();
  void read_paths();

 private:
  void give_table(const std::vector<TableRow>& rows, const std::vector<std::string>& header, std::size_t skipped_lines,
                  char separator);

  const std::string& text_;
  RowSink& sink_;
};

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

// The fields of a line of paths. Between tabs, commas, semicolons or bars as in a table; between spaces a path, which
// may hold spaces itself, ends where a picture's extension does.
std::vector<std::string> fields_of(const std::string& line, const std::string& name) {
  for (const char separator : {'\t', ',', ';', '|'}) {
    if (line.find(separator) != std::string::npos) return parse_table(line, separator, name, 1).at(0).fields;
  }
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

// One file name, or an id, two or three paths and a flag, of which only two paths must be there; null for anything
// else.
json record_of_line(const std::string& line, const std::string& name, const std::string& where) {
  std::vector<std::string> fields = fields_of(line, name);
  json record = json::object();
  if (fields.size() > 2 && !is_path(fields.front()) && fields.front().find(' ') == std::string::npos) {
    record["id"] = fields.front();
    fields.erase(fields.begin());
  }
  if (fields.size() > 2 && (fields.back() == "0" || fields.back() == "1")) {
    record["changed"] = fields.back() == "1";
    fields.pop_back();
  }
  if (fields.empty() || fields.size() > 3 || !std::all_of(fields.begin(), fields.end(), is_path)) return {};
  if (fields.size() == 1) {
    // "before: A/1.png" is a line of YAML or of an INI file.
    const bool is_setting = fields[0].find(": ") != std::string::npos || fields[0].find(" = ") != std::string::npos;
    if (!has_picture_extension(fields[0]) || !record.empty() || is_setting) return {};
    return {{"filename", fields[0]}};
  }
  record.update(record_of_paths(fields, where));
  return record;
}

// What a header's name is without a number sign before it.
std::string from_first_letter(const std::string& name) {
  const std::size_t first = name.find_first_not_of("# \t");
  return first == std::string::npos ? "" : name.substr(first);
}

std::string separator_name(char separator) {
  return separator == ',' ? "commas" : separator == ';' ? "semicolons" : separator == '\t' ? "tabs" : "bars";
}

// Headers as they are, "caption" twice as "caption" and "caption.1".
std::vector<std::string> header_of(const TableRow& row) {
  std::vector<std::string> header;
  std::map<std::string, int> seen;
  for (std::string name : row.fields) {
    name = from_first_letter(name);
    const int before = seen[name]++;
    header.push_back(before == 0 ? name : name + "." + std::to_string(before));
  }
  return header;
}

json record_of(const std::vector<std::string>& header, const std::vector<std::string>& fields) {
  json record = json::object();
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (header[i].empty()) continue;  // the number of a row, as pandas writes it
    const bool is_missing = i >= fields.size() || is_missing_word(fields[i]);
    record[header[i]] = is_missing ? json() : json(fields[i]);
  }
  return record;
}

// A table has a header that names pictures, or an id and captions. Of the separators the one that shows most of them.
bool TextRows::read_table() {
  std::string_view text = text_;
  std::size_t skipped = 0;
  if (text.substr(0, 4) == "sep=") {  // what Excel is told
    skipped = std::min(text.find('\n'), text.size() - 1) + 1;
    text.remove_prefix(skipped);
  }
  char best = 0;
  std::size_t most = 0;
  for (const char separator : {',', ';', '\t', '|'}) {
    std::vector<TableRow> rows;
    try {
      rows = parse_table(text, separator, sink_.name(), 1);
    } catch (const InputError&) {
      continue;
    }
    if (rows.empty() || rows[0].fields.size() < 2) continue;
    const bool is_header = std::none_of(rows[0].fields.begin(), rows[0].fields.end(), [](const std::string& field) {
      return has_picture_extension(field) || field.size() > 80;
    });
    if (is_header && rows[0].fields.size() > most) {
      most = rows[0].fields.size();
      best = separator;
    }
  }
  if (best == 0) return false;
  const std::vector<std::string> header = header_of(parse_table(text, best, sink_.name(), 1)[0]);
  const auto is_table_with = [&](const std::vector<std::string>& fields, std::size_t line) {
    const Columns columns = columns_of(record_of(header, fields), sink_.name() + ":" + std::to_string(line));
    return columns.names_pictures() || columns.has_captions() || !columns.prediction.empty() ||
           !columns.picture.empty() || !columns.id.empty() || !columns.before.empty();
  };
  // Without a row below it, a header is judged by its names alone.
  const std::vector<std::string> nothing(header.size(), "x");
  std::vector<TableRow> rows;
  try {
    rows = parse_table(text, best, sink_.name());
  } catch (const InputError&) {
    if (is_table_with(nothing, 1)) throw;
    return false;
  }
  if (!is_table_with(rows.size() > 1 ? rows[1].fields : nothing, rows[0].line)) return false;
  give_table(rows, header, skipped == 0 ? 0 : 1, best);
  return true;
}

void TextRows::give_table(const std::vector<TableRow>& rows, const std::vector<std::string>& header,
                          std::size_t skipped_lines, char separator) {
  const std::string container = "a table separated by " + separator_name(separator);
  if (rows.size() == 1) sink_.give_nothing(container);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const TableRow& row = rows[i];
    const std::size_t line = row.line + skipped_lines;
    // What a spreadsheet leaves where a row was cleared.
    if (std::all_of(row.fields.begin(), row.fields.end(), [](const std::string& field) { return field.empty(); }))
      continue;
    const bool may_lack_last = row.fields.size() == header.size() + 1 && row.fields.back().empty();
    if (row.fields.size() != header.size() && !may_lack_last) {
      throw InputError(sink_.where(line) + ": " + std::to_string(row.fields.size()) + " fields where the header has " +
                       std::to_string(header.size()) + "; a field that holds " +
                       (separator == '\t' ? std::string("a tab") : "\"" + std::string(1, separator) + "\"") +
                       " must stand in quotes");
    }
    sink_.give(record_of(header, row.fields), "", "", line, container);
  }
}

// Two or three paths a line, or one file name a line.
void TextRows::read_paths() {
  std::string_view rest = text_;
  bool has_names = false;
  bool has_paths = false;
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const std::size_t end = rest.find('\n');
    const std::string content = trimmed(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (content.empty() || content.front() == '#') continue;
    const json record = record_of_line(content, sink_.name(), sink_.where(line));
    if (record.is_null())
      sink_.refuse("text, whose line " + std::to_string(line) + " is \"" + content.substr(0, 80) + "\"");
    const bool is_name = record.contains("filename");
    (is_name ? has_names : has_paths) = true;
    if (has_names && has_paths) {
      throw InputError(sink_.where(line) + ": " + (is_name ? "one path" : "two paths") +
                       ", where the lines before have " + (is_name ? "two" : "one"));
    }
    sink_.give(record, "", "", line,
               is_name                   ? "a file name a line"
               : record.contains("mask") ? "three paths a line"
                                         : "two paths a line");
  }
}

}  // namespace

void read_text_rows(const std::string& text, RowSink& sink) {
  TextRows rows(text, sink);
  if (!rows.read_table()) rows.read_paths();
}

}  // namespace ccx::pairs
