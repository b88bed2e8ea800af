// How records are written: JSON lines, or a table with a header. A record is one line in either, so that a run that
// stopped can go on.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/records/record.h"

namespace ccx::records {

enum class RecordFormat { kJsonLines, kCsv, kTsv };

std::string record_format_name(RecordFormat format);               // "jsonl", "csv", "tsv"
RecordFormat record_format_from_name(const std::string& name);     // throws UsageError for another name
RecordFormat record_format_of(const std::filesystem::path& file);  // by its ending: .csv, .tsv, else JSON lines

// For an output whose format is chosen by its ending: throws UsageError where that promises what is not written
// (.xlsx, .html, .gz), and gives a note where it does not say that JSON lines come (.json, .txt), else nothing.
std::string require_record_ending(const std::filesystem::path& file);

// The first line with its newline; empty for JSON lines.
std::string record_header(RecordFormat format);
// What a file is whose first line, without its newline, this is.
RecordFormat record_format_of_line(std::string_view first_line);

// A record of record.h in this form, without a newline. In a table every key has its column, those of objects as
// object_key (ms_read), lists as JSON, warnings by their codes; what a record lacks is an empty cell. Line breaks
// become blanks, in ids and paths %0A and %0D.
std::string formatted_record(const std::string& record, RecordFormat format);

// parse_record() of such a line. Throws InputError likewise.
RecordSummary parse_formatted(std::string_view line, RecordFormat format);

}  // namespace ccx::records
