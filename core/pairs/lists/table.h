// Tables in text: rows of fields between commas, semicolons, tabs or bars, as spreadsheets and scripts write them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ccx::pairs {

struct TableRow {
  std::size_t line = 0;  // where the row begins, from 1
  std::vector<std::string> fields;
};

// Rows end with LF, CRLF or CR. A quoted field may hold separators, line breaks and doubled quotes; spaces around a
// field are dropped, those inside its quotes are not. Empty lines are skipped. With `most_rows` reading stops there.
// Throws InputError naming `name` and the line for a quote that is never closed or closes before the field's end.
std::vector<TableRow> parse_table(std::string_view text, char separator, const std::string& name,
                                  std::size_t most_rows = static_cast<std::size_t>(-1));

// One row, as a program wrote it: blanks around a field belong to it. Throws InputError likewise, which names neither a
// file nor a line, and for a line break outside of quotes.
std::vector<std::string> parse_row(std::string_view row, char separator);

// A field for such a row: in quotes where it needs them.
std::string table_field(const std::string& text, char separator);

}  // namespace ccx::pairs
