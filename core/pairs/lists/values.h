// The values of a record, whatever a program has made of them: flags as 1, "1", "True" or "yes", and Python's nan and
// None where nothing is meant. `where` is the file and place; it begins every message, and the column is named behind
// it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ccx::pairs {

// The value of a key; null where the record, or what should be one, has none.
const nlohmann::json* member(const nlohmann::json& record, const std::string& key);

// A path as other systems than Windows write it, and what stands behind its last slash.
std::string with_slashes(std::string path);
std::string file_name(const std::string& path);

// Without the blanks at its ends, those of Unicode and marks without a width too, which people paste from pages.
std::string_view without_blanks(std::string_view text);

// null, "", and the words that spreadsheets and pandas write for nothing: nan, NaN, None, null, NULL, N/A, NA, #N/A,
// <NA>.
bool is_missing(const nlohmann::json& value);
bool is_missing_word(std::string_view text);

// A text; a whole number as its digits. Throws InputError for anything else.
std::string id_value(const nlohmann::json& value, const std::string& where);
// A path without blanks around it; empty where it is missing. Throws InputError for what is no text.
std::string path_value(const nlohmann::json& value, const std::string& key, const std::string& where);
std::string text_value(const nlohmann::json& value, const std::string& key, const std::string& where);

// Whether a value can be read as a flag, and the flag. flag_value throws InputError where it cannot.
std::optional<bool> as_flag(const nlohmann::json& value);
bool flag_value(const nlohmann::json& value, const std::string& key, const std::string& where);

// Whether a flag's value is "changed", "unchanged", "no change" or the like, which mean the same in every column.
bool names_state(const nlohmann::json& value);

// A number, or a text that is one. Nothing where it is missing or not finite. Throws InputError for anything else.
std::optional<double> number_value(const nlohmann::json& value, const std::string& key, const std::string& where);

// One sentence or a list of them: texts, objects with "raw", "tokens", "caption", "sentence" or "text", and a Python
// list in a cell of a table. Missing ones are left out. Throws InputError for anything else.
std::vector<std::string> sentences_value(const nlohmann::json& value, const std::string& key, const std::string& where);

// True where the path ends like a picture's name, in any case, or with a blank of Unicode behind it.
bool has_picture_extension(std::string_view path);

// A caption has several words, and is no path. `is_written`: or letters beyond ASCII, as languages without blanks have.
bool is_sentence(std::string_view text);
bool is_written(const nlohmann::json& value);

// "train", "val", "test" and what others call them, in any case.
bool is_split_name(std::string_view name);

// The same split: in any case, and "val", "valid", "validation" and "dev" are one.
bool same_split(std::string_view a, std::string_view b);

// The id without a picture's extension, in any case; other dots stay.
std::string id_stem(const std::string& id);

}  // namespace ccx::pairs
