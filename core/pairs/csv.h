// Reading comma-separated values as RFC 4180 has them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ccx::pairs {

struct CsvRow {
  std::size_t line = 0;  // where the row begins, from 1
  std::vector<std::string> fields;
};

// Rows end with LF or CRLF; a quoted field may hold commas, line breaks and doubled quotes; empty lines are skipped.
// Throws InputError naming `name` and the line for a quote that is never closed or closes before the field's end.
std::vector<CsvRow> parse_csv(std::string_view text, const std::string& name);

}  // namespace ccx::pairs
