// Records in text: tables with a header; lines of paths are path_lines.cpp's.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/error.h"
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

 private:
  bool read_table_in(std::string_view text, std::size_t skipped_lines);
  char separator_of(std::string_view text) const;
  void give_table(const std::vector<TableRow>& rows, const std::vector<std::string>& header, std::size_t skipped_lines,
                  char separator);

  const std::string& text_;
  RowSink& sink_;
};

// What a header's name is without a number sign before it.
std::string from_first_letter(const std::string& name) {
  const std::size_t first = name.find_first_not_of("# \t");
  return first == std::string::npos ? "" : name.substr(first);
}

// "|---|:--|", below the header of a table in Markdown.
bool is_rule(const TableRow& row) {
  bool has_dashes = false;
  for (const std::string& field : row.fields) {
    if (field.find_first_not_of("-:") != std::string::npos) return false;
    has_dashes = has_dashes || field.size() > 2;
  }
  return has_dashes;
}

// R's names of rows stand before all others and have no name of their own: counted, or whatever they are in its tables
// with blanks.
bool has_row_names(const std::vector<TableRow>& rows, char separator) {
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::vector<std::string>& fields = rows[i].fields;
    if (fields.size() != rows[0].fields.size() + 1) return false;
    if (fields.back().empty() || (separator != ' ' && fields[0] != std::to_string(i))) return false;
  }
  return rows.size() > 1;
}

std::string separator_name(char separator) {
  return separator == ','    ? "commas"
         : separator == ';'  ? "semicolons"
         : separator == '\t' ? "tabs"
         : separator == '|'  ? "bars"
                             : "spaces";
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

bool TextRows::read_table() {
  std::string_view text = text_;
  std::size_t skipped = 0;
  const auto skip_line = [&] {
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    ++skipped;
  };
  if (text.starts_with("sep=") || text.starts_with("\"sep=")) skip_line();  // what Excel is told
  while (!read_table_in(text, skipped)) {
    // A number sign may stand before the header, or before what is said of the list above it.
    if (!text.starts_with('#')) return false;
    skip_line();
  }
  return true;
}

// The separator that shows most columns in the first line; 0 where that line is no header.
char TextRows::separator_of(std::string_view text) const {
  char best = 0;
  std::size_t most = 0;
  for (const char separator : {',', ';', '\t', '|', ' '}) {
    // R puts blanks between fields, and quotes around them.
    if (separator == ' ' && (best != 0 || !text.starts_with('"'))) continue;
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
  return best;
}

// A table has a header that names pictures, or an id and captions.
bool TextRows::read_table_in(std::string_view text, std::size_t skipped_lines) {
  const char separator = separator_of(text);
  if (separator == 0) return false;
  std::vector<std::string> header = header_of(parse_table(text, separator, sink_.name(), 1)[0]);
  const auto is_table_with = [&](const std::vector<std::string>& fields, std::size_t line) {
    const Columns columns = columns_of(record_of(header, fields), sink_.name() + ":" + std::to_string(line));
    return columns.names_pictures() || columns.has_captions() || !columns.prediction.empty() ||
           !columns.picture.empty() || !columns.id.empty() || !columns.before.empty();
  };
  // Without a row below it, a header is judged by its names alone.
  const std::vector<std::string> nothing(header.size(), "x");
  std::vector<TableRow> rows;
  try {
    rows = parse_table(text, separator, sink_.name());
  } catch (const InputError&) {
    if (is_table_with(nothing, 1)) throw;
    return false;
  }
  std::erase_if(rows, [&](const TableRow& row) {
    const bool is_comment = row.fields[0].starts_with('#') && row.fields.size() != header.size();
    return is_comment || (separator == '|' && is_rule(row));
  });
  if (has_row_names(rows, separator)) {
    header.insert(header.begin(), "");
    rows[0].fields.insert(rows[0].fields.begin(), "");
  }
  const bool is_remark = text.starts_with('#') && (rows.size() < 2 || rows[1].fields.size() != header.size());
  if (is_remark || !is_table_with(rows.size() > 1 ? rows[1].fields : nothing, rows[0].line)) return false;
  give_table(rows, header, skipped_lines, separator);
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

}  // namespace

void read_text_rows(const std::string& text, RowSink& sink) {
  TextRows rows(text, sink);
  if (!rows.read_table()) read_path_lines(text, sink);
}

}  // namespace ccx::pairs
