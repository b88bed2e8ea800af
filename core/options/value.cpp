// Variables behind options (value.h).
#include "core/options/value.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "core/base/error.h"

namespace ccx::options {
namespace {

namespace fs = std::filesystem;

template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <typename T>
struct IsVector : std::false_type {};
template <typename T>
struct IsVector<std::vector<T>> : std::true_type {};

template <typename T>
constexpr bool kIsWhole = std::is_integral_v<T> && !std::is_same_v<T, bool>;
template <typename T>
constexpr bool kIsReal = std::is_floating_point_v<T>;

// 0.9F as 0.9, not as the double nearest to it.
std::string number_text(double value, bool is_float) {
  char out[40];
  std::snprintf(out, sizeof out, is_float ? "%.7g" : "%.15g", value);
  return out;
}

template <typename T>
std::string text_of(const T& value) {
  if constexpr (IsOptional<T>::value) {
    return value ? text_of(*value) : "";
  } else if constexpr (IsVector<T>::value) {
    std::string out;
    for (const auto& word : value) out += (out.empty() ? "" : " ") + text_of(word);
    return out;
  } else if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "";
  } else if constexpr (kIsWhole<T>) {
    return std::to_string(value);
  } else if constexpr (kIsReal<T>) {
    return number_text(static_cast<double>(value), std::is_same_v<T, float>);
  } else {
    return std::string(value);
  }
}

template <typename T>
Json json_of(const T& value) {
  if constexpr (IsOptional<T>::value) {
    return value ? json_of(*value) : Json();
  } else if constexpr (IsVector<T>::value) {
    Json out = Json::array();
    for (const auto& word : value) out.push_back(json_of(word));
    return out;
  } else if constexpr (std::is_same_v<T, float>) {
    return std::strtod(text_of(value).c_str(), nullptr);
  } else if constexpr (std::is_same_v<T, fs::path>) {
    return value.string();
  } else {
    return value;
  }
}

std::string bound(double value) {
  return number_text(value, false);
}

std::string range_text(const Range& range) {
  if (std::isfinite(range.least) && std::isfinite(range.most)) {
    return (range.above ? " above " : " from ") + bound(range.least) + (range.above ? " up to " : " to ") +
           bound(range.most);
  }
  if (std::isfinite(range.least)) return (range.above ? " above " : " of at least ") + bound(range.least);
  if (std::isfinite(range.most)) return " of at most " + bound(range.most);
  return "";
}

bool holds(const Range& range, double value) {
  return value <= range.most && (range.above ? value > range.least : value >= range.least);
}

std::string choices_text(const std::vector<Choice>& choices) {
  std::string out;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    out += (i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ") + choices[i].name;
  }
  return out;
}

template <typename T>
std::string expected_of(const Declaration& declaration) {
  if (!declaration.choices.empty()) return choices_text(declaration.choices);
  if constexpr (IsOptional<T>::value || IsVector<T>::value) {
    return expected_of<typename T::value_type>(declaration);
  } else if constexpr (kIsWhole<T>) {
    return "a whole number" + range_text(declaration.range);
  } else if constexpr (kIsReal<T>) {
    return "a number" + range_text(declaration.range);
  } else {
    return "";
  }
}

[[noreturn]] void refuse(const std::string& what) {
  throw UsageError("expected " + what);
}

void check_choice(const std::string& word, const Declaration& declaration) {
  if (declaration.choices.empty()) return;
  for (const Choice& choice : declaration.choices) {
    if (choice.name == word) return;
  }
  refuse(choices_text(declaration.choices));
}

template <typename T>
T number_of(const std::string& word, const Declaration& declaration) {
  T value{};
  const char* end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, value);
  bool fits = error == std::errc() && stop == end;
  if constexpr (kIsReal<T>) fits = fits && std::isfinite(value);
  if (!fits || !holds(declaration.range, static_cast<double>(value))) refuse(expected_of<T>(declaration));
  return value;
}

template <typename T>
void read_word(T& variable, const std::string& word, const Declaration& declaration) {
  if constexpr (IsOptional<T>::value) {
    typename T::value_type value{};
    read_word(value, word, declaration);
    variable = value;
  } else if constexpr (IsVector<T>::value) {
    check_choice(word, declaration);
    variable.emplace_back(word);
  } else if constexpr (std::is_same_v<T, bool>) {
    if (word != "true" && word != "false") refuse("nothing behind it, or true or false");
    variable = word == "true";
  } else if constexpr (kIsWhole<T> || kIsReal<T>) {
    variable = number_of<T>(word, declaration);
  } else {
    check_choice(word, declaration);
    variable = word;
  }
}

template <typename T>
void read_value(T& variable, const Json& value, const Declaration& declaration) {
  if constexpr (IsOptional<T>::value) {
    if (value.is_null()) {
      variable.reset();
      return;
    }
    typename T::value_type inner{};
    read_value(inner, value, declaration);
    variable = inner;
  } else if constexpr (IsVector<T>::value) {
    if (!value.is_array()) refuse("a list");
    variable.clear();
    for (const Json& word : value) {
      if (!word.is_string()) refuse("a list of texts");
      read_word(variable, word.get<std::string>(), declaration);
    }
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!value.is_boolean()) refuse("true or false");
    variable = value.get<bool>();
  } else if constexpr (kIsWhole<T>) {
    if (!value.is_number_integer()) refuse(expected_of<T>(declaration));
    read_word(variable, value.dump(), declaration);
  } else if constexpr (kIsReal<T>) {
    if (!value.is_number()) refuse(expected_of<T>(declaration));
    variable = value.get<T>();
    if (!std::isfinite(variable) || !holds(declaration.range, static_cast<double>(variable))) {
      refuse(expected_of<T>(declaration));
    }
  } else {
    if (!value.is_string()) refuse("a text");
    read_word(variable, value.get<std::string>(), declaration);
  }
}

}  // namespace

Custom opposite(bool& variable) {
  return {[&variable](const std::string& word) {
            bool is_set = false;
            read_word(is_set, word, {});
            variable = !is_set;
          },
          [&variable] { return std::string(variable ? "" : "true"); }, [&variable] { return Json(variable); },
          [&variable](const Json& value) { read_value(variable, value, {}); }};
}

bool is_flag(const Target& target) {
  return std::holds_alternative<bool*>(target);
}

bool is_list(const Target& target) {
  if (const auto* custom = std::get_if<Custom>(&target)) return custom->clear != nullptr;
  return std::holds_alternative<std::vector<std::string>*>(target) ||
         std::holds_alternative<std::vector<fs::path>*>(target);
}

std::string type_name(const Target& target) {
  if (is_flag(target)) return "flag";
  if (is_list(target)) return "list";
  const std::string kind = expected(target, {});
  return kind == "a whole number" ? "integer" : kind == "a number" ? "number" : "text";
}

namespace {

// Of several words the one that was refused.
template <typename Read>
void read_one(const std::vector<std::string>& words, const std::string& word, const Declaration& declaration,
              const Read& read) {
  try {
    read(word);
  } catch (const UsageError& error) {
    const std::string what = error.what();
    if (words.size() == 1 || what.starts_with(declaration.name)) throw;
    throw UsageError(declaration.name + " " + word + ": " + what);
  }
}

}  // namespace

void set(const Target& target, const std::vector<std::string>& words, const Declaration& declaration) {
  std::visit(
      [&](const auto& variable) {
        using Variable = std::decay_t<decltype(variable)>;
        if constexpr (std::is_same_v<Variable, Custom>) {
          if (variable.clear) variable.clear();
          for (const std::string& each : words) {
            read_one(words, each, declaration, [&](const std::string& word) {
              check_choice(word, declaration);
              variable.read(word);
            });
          }
        } else {
          if constexpr (IsVector<std::remove_pointer_t<Variable>>::value) variable->clear();
          for (const std::string& each : words) {
            read_one(words, each, declaration,
                     [&](const std::string& word) { read_word(*variable, word, declaration); });
          }
        }
      },
      target);
}

void set_json(const Target& target, const Json& value, const Declaration& declaration) {
  std::visit(
      [&](const auto& variable) {
        using Variable = std::decay_t<decltype(variable)>;
        if constexpr (std::is_same_v<Variable, Custom>) {
          if (variable.read_json) {
            variable.read_json(value);
          } else if (variable.clear) {
            if (!value.is_array()) refuse("a list");
            variable.clear();
            for (const Json& word : value) variable.read(word.is_string() ? word.get<std::string>() : word.dump());
          } else {
            if (!value.is_string()) refuse("a text");
            if (!value.get<std::string>().empty()) variable.read(value.get<std::string>());
          }
        } else {
          read_value(*variable, value, declaration);
        }
      },
      target);
}

Json json(const Target& target) {
  return std::visit(
      [](const auto& variable) -> Json {
        using Variable = std::decay_t<decltype(variable)>;
        if constexpr (std::is_same_v<Variable, Custom>) {
          return variable.json ? variable.json() : Json(variable.text());
        } else {
          return json_of(*variable);
        }
      },
      target);
}

std::string text(const Target& target) {
  return std::visit(
      [](const auto& variable) -> std::string {
        using Variable = std::decay_t<decltype(variable)>;
        if constexpr (std::is_same_v<Variable, Custom>) {
          return variable.text();
        } else {
          return text_of(*variable);
        }
      },
      target);
}

std::string expected(const Target& target, const Declaration& declaration) {
  return std::visit(
      [&](const auto& variable) -> std::string {
        using Variable = std::decay_t<decltype(variable)>;
        if constexpr (std::is_same_v<Variable, Custom>) {
          return choices_text(declaration.choices);
        } else {
          return expected_of<std::remove_pointer_t<Variable>>(declaration);
        }
      },
      target);
}

}  // namespace ccx::options
