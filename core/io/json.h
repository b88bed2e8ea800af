// Reads JSON that others wrote: every JSON file, line and header that enters ccx comes through here.
//
// Size and nesting are limited before anything is built. The parser itself survives any depth, but copying, printing or
// walking a value that is nested a million deep recurses and ends the process.
#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace ccx::io {

struct JsonLimits {
  std::size_t bytes = std::size_t{64} << 20;  // of the text; a value takes up to twenty times as much memory
  int depth = 100;                            // of lists and objects; no format that ccx reads needs ten
  bool non_finite_is_null = false;            // Python's NaN, Infinity and -Infinity, which JSON has not, become null
};

// Lists of pairs, captions and predictions: as large as data sets are, and written by Python.
inline constexpr JsonLimits kListLimits{std::size_t{2} << 30, 100, true};

// The value. `source` is the file, and where it has many, the line; it begins every message. Throws InputError where
// the text is larger or deeper than allowed, empty, not JSON (with line and column), or visibly something else: the
// pointer that Git LFS leaves in a clone, or a web page saved in the file's place.
template <class Json = nlohmann::json>
Json parse_json(std::string_view text, const std::string& source, const JsonLimits& limits = {});
extern template nlohmann::json parse_json(std::string_view, const std::string&, const JsonLimits&);
extern template nlohmann::ordered_json parse_json(std::string_view, const std::string&, const JsonLimits&);

// The same for a file. No more than the limit is ever read of it. Also throws InputError where it cannot be read.
template <class Json = nlohmann::json>
Json read_json(const std::filesystem::path& path, const JsonLimits& limits = {});
extern template nlohmann::json read_json(const std::filesystem::path&, const JsonLimits&);
extern template nlohmann::ordered_json read_json(const std::filesystem::path&, const JsonLimits&);

// The checks that come before parsing, for a reader that hands the text to a parser of its own.
void check_json(std::string_view text, const std::string& source, const JsonLimits& limits = {});

// What `error` of the parser says, without its code: "parse error at line 1, column 3: ...".
std::string json_reason(const std::string& error);

// "FILE is a Git LFS pointer ...", or empty where the bytes are none. Such a file is a line of text of some 130 bytes.
std::string git_lfs_pointer(std::string_view bytes, const std::string& source);

}  // namespace ccx::io
