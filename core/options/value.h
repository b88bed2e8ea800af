// The variable behind an option: set from words of a command line or from JSON, and written as either.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/options/declaration.h"

namespace ccx::options {

using Json = nlohmann::ordered_json;

// A variable of a type of its own, by way of text.
struct Custom {
  std::function<void(const std::string&)> read;  // throws UsageError or InputError for text that it does not take
  std::function<std::string()> text;             // as it would be typed; empty where it is unset
  std::function<Json()> json = {};               // where its JSON is not the text
  std::function<void(const Json&)> read_json = {};
  std::function<void()> clear = {};  // of a list, which is read word by word after it
};

using Target = std::variant<bool*, int*, std::int64_t*, std::uint64_t*, float*, double*, std::string*,
                            std::filesystem::path*, std::optional<std::uint64_t>*, std::optional<float>*,
                            std::optional<double>*, std::optional<std::filesystem::path>*, std::vector<std::string>*,
                            std::vector<std::filesystem::path>*, Custom>;

// A flag that is a variable's opposite: --no-timings of `timings`.
Custom opposite(bool& variable);

bool is_flag(const Target& target);
bool is_list(const Target& target);
// "flag", "integer", "number", "text" or "list", for programs that ask.
std::string type_name(const Target& target);

// Words of a command line into the variable. Throws UsageError that says what was expected; the caller names the
// option.
void set(const Target& target, const std::vector<std::string>& words, const Declaration& declaration);
// Null is unset. Throws UsageError likewise.
void set_json(const Target& target, const Json& value, const Declaration& declaration);

Json json(const Target& target);
// As it would be typed, a list's words with blanks between them; empty where it is unset.
std::string text(const Target& target);

// "a whole number from 1 to 64", for messages and docs; empty for text.
std::string expected(const Target& target, const Declaration& declaration);

}  // namespace ccx::options
