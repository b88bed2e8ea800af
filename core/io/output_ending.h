// What the ending of an output's name promises, and whether that is what will be written there.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ccx::io {

// WrittenContent::what of such files.
inline constexpr const char* kJsonLines = "JSON lines";

// What a command writes into a file.
struct WrittenContent {
  std::vector<std::string> endings;  // that promise it, in small letters with the dot
  std::string what;                  // in messages: "JSON lines"
  std::string advice;                // what to do for another form: "captions are written as .jsonl, .csv or .tsv"
  bool is_captions = false;          // which may be a table and can be made into a page
};

// JSON lines, with the endings that say so.
WrittenContent json_lines(std::string advice);

// Throws UsageError where the ending is that of a form that is not written (a spreadsheet, a compressed file, a
// picture): a file would carry a name that other programs take at its word. Otherwise a note for the user where the
// ending is none of `endings`; empty where it is, where there is no ending, and for streams.
std::string require_ending(const std::filesystem::path& output, const WrittenContent& content);

}  // namespace ccx::io
