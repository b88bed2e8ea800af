// JSON lines and tables (record_format.h).
#include "core/records/record_format.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/error.h"
#include "core/io/json.h"
#include "core/io/output_ending.h"
#include "core/pairs/lists/table.h"

namespace ccx::records {
namespace {

using nlohmann::json;

// A table's columns, and where a record has them.
struct Column {
  const char* name;
  const char* pointer;
};
constexpr std::array<Column, 22> kColumns = {{{"id", "/id"},
                                              {"before", "/before"},
                                              {"after", "/after"},
                                              {"caption", "/caption"},
                                              {"changed", "/changed"},
                                              {"p_change", "/p_change"},
                                              {"p_language", "/p_parts/language"},
                                              {"p_head", "/p_parts/head"},
                                              {"logprob_mean", "/logprob_mean"},
                                              {"logprob_min", "/logprob_min"},
                                              {"tokens", "/tokens"},
                                              {"ms_read", "/ms/read"},
                                              {"ms_vision", "/ms/vision"},
                                              {"ms_prefill", "/ms/prefill"},
                                              {"ms_decode", "/ms/decode"},
                                              {"places", "/places"},
                                              {"mask", "/mask"},
                                              {"mask_rle", "/mask_rle"},
                                              {"heatmap", "/heatmap"},
                                              {"read", "/read"},
                                              {"error", "/error/code"},
                                              {"error_message", "/error/message"}}};
constexpr const char* kWarnings = "warnings";  // the last column
constexpr std::size_t kError = 20;             // columns that parse_formatted() reads

char separator(RecordFormat format) {
  return format == RecordFormat::kTsv ? '\t' : ',';
}

bool is_break(std::string_view text, std::size_t at) {
  return text.compare(at, 2, "0A") == 0 || text.compare(at, 2, "0D") == 0;
}

// Where the escape that starts at the % ends: %0A or %0D with any number of 25 between; 0 where it is none.
std::size_t escape_end(std::string_view text, std::size_t percent) {
  std::size_t at = percent + 1;
  while (text.compare(at, 2, "25") == 0) at += 2;
  return is_break(text, at) ? at + 2 : 0;
}

// Line breaks of ids and paths as %0A and %0D; what looks like that already gets another 25.
std::string without_breaks(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' || text[i] == '\r') {
      out += text[i] == '\n' ? "%0A" : "%0D";
    } else {
      out += text[i];
      if (text[i] == '%' && escape_end(text, i) > 0) out += "25";
    }
  }
  return out;
}

std::string with_breaks(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t end = text[i] == '%' ? escape_end(text, i) : 0;
    if (end == 0) {
      out += text[i];
    } else if (is_break(text, i + 1)) {
      out += text[i + 2] == 'A' ? '\n' : '\r';
      i = end - 1;
    } else {
      out += "%" + std::string(text.substr(i + 3, end - i - 3));
      i = end - 1;
    }
  }
  return out;
}

std::string cell_text(const json& record, const Column& column) {
  const json::json_pointer at(column.pointer);
  if (!record.contains(at)) return "";
  const json& value = record.at(at);
  if (value.is_null()) return "";
  if (!value.is_string()) return value.dump(-1, ' ', false, json::error_handler_t::replace);
  std::string text = value.get<std::string>();
  const bool is_name =
      column.name == kColumns[0].name || column.name == kColumns[1].name || column.name == kColumns[2].name;
  if (is_name) return without_breaks(text);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

}  // namespace

std::string record_format_name(RecordFormat format) {
  return format == RecordFormat::kCsv ? "csv" : format == RecordFormat::kTsv ? "tsv" : "jsonl";
}

RecordFormat record_format_from_name(const std::string& name) {
  for (const RecordFormat format : {RecordFormat::kJsonLines, RecordFormat::kCsv, RecordFormat::kTsv}) {
    if (record_format_name(format) == name) return format;
  }
  throw UsageError("expected jsonl, csv or tsv");
}

RecordFormat record_format_of(const std::filesystem::path& file) {
  const std::string ending = ascii::lower(file.extension().string());
  return ending == ".csv" ? RecordFormat::kCsv : ending == ".tsv" ? RecordFormat::kTsv : RecordFormat::kJsonLines;
}

std::string require_record_ending(const std::filesystem::path& file) {
  io::WrittenContent content = io::json_lines(
      "captions are written as .jsonl, .csv or .tsv, and --format says which of them stands under another name");
  content.endings.insert(content.endings.end(), {".csv", ".tsv"});
  content.is_captions = true;
  return io::require_ending(file, content);
}

std::string record_header(RecordFormat format) {
  if (format == RecordFormat::kJsonLines) return "";
  std::string out;
  for (const Column& column : kColumns) out += std::string(column.name) + separator(format);
  return out + kWarnings + "\n";
}

RecordFormat record_format_of_line(std::string_view first_line) {
  for (const RecordFormat format : {RecordFormat::kCsv, RecordFormat::kTsv}) {
    const std::string header = record_header(format);
    if (first_line == std::string_view(header).substr(0, header.size() - 1)) return format;
  }
  return RecordFormat::kJsonLines;
}

std::string formatted_record(const std::string& record, RecordFormat format) {
  if (format == RecordFormat::kJsonLines) return record;
  const json parsed = json::parse(record);
  std::string out;
  for (const Column& column : kColumns) {
    out += pairs::table_field(cell_text(parsed, column), separator(format)) + separator(format);
  }
  std::string codes;
  if (const auto warnings = parsed.find(kWarnings); warnings != parsed.end()) {
    for (const json& warning : *warnings) codes += (codes.empty() ? "" : " ") + warning.at("code").get<std::string>();
  }
  return out + codes;
}

RecordSummary parse_formatted(std::string_view line, RecordFormat format) {
  if (format == RecordFormat::kJsonLines) return parse_record(line);
  const std::vector<std::string> cells = pairs::parse_row(line, separator(format));
  if (cells.size() != kColumns.size() + 1) {
    throw InputError("it has " + std::to_string(cells.size()) + " columns and not " +
                     std::to_string(kColumns.size() + 1));
  }
  RecordSummary summary;
  summary.id = with_breaks(cells[0]);
  summary.before = with_breaks(cells[1]);
  summary.after = with_breaks(cells[2]);
  summary.error_code = cells[kError];
  if (summary.id.empty()) throw InputError("the id is empty");
  const std::string& codes = cells.back();
  for (std::size_t at = 0; at < codes.size();) {
    const std::size_t end = std::min(codes.find(' ', at), codes.size());
    if (end > at) summary.warnings.push_back(codes.substr(at, end - at));
    at = end + 1;
  }
  return summary;
}

}  // namespace ccx::records
