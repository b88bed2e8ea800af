// Reading single values (values.h).
#include "core/pairs/lists/values.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/io/json.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

[[noreturn]] void fail(const std::string& where, const std::string& what) {
  throw InputError(where + ": " + what);
}

std::string named(const std::string& key) {
  return "\"" + key + "\"";
}

// ['a', "it's", 'b\'s'], ('a', 'b'), {'a', 'b'}: what Python prints for a list, a tuple and a set of strings. Nothing
// where the text is none.
std::optional<std::vector<std::string>> python_list(std::string_view text) {
  std::vector<std::string> out;
  const char closing = text.front() == '[' ? ']' : text.front() == '(' ? ')' : '}';
  std::size_t at = 1;
  const auto skip = [&] {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r')) ++at;
  };
  for (skip(); at < text.size() && text[at] != closing; skip()) {
    const char quote = text[at++];
    if (quote != '\'' && quote != '"') return std::nullopt;
    std::string item;
    while (at < text.size() && text[at] != quote) {
      if (text[at] == '\\' && at + 1 < text.size()) {
        const char escaped = text[++at];
        item += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
      } else {
        item += text[at];
      }
      ++at;
    }
    if (at == text.size()) return std::nullopt;
    ++at;
    out.push_back(std::move(item));
    skip();
    if (at < text.size() && text[at] == ',') ++at;
  }
  if (at + 1 != text.size()) return std::nullopt;
  return out;
}

void add_sentence(const json& value, const std::string& key, const std::string& where, std::vector<std::string>& out) {
  if (value.is_string()) {
    out.push_back(value.get<std::string>());
    return;
  }
  if (value.is_object()) {
    for (const char* name : {"raw", "caption", "sentence", "text"}) {
      const auto found = value.find(name);
      if (found != value.end() && found->is_string()) {
        out.push_back(found->get<std::string>());
        return;
      }
    }
    const auto tokens = value.find("tokens");
    if (tokens != value.end() && tokens->is_array()) {
      std::string sentence;
      for (const json& token : *tokens) {
        if (!token.is_string()) fail(where, "a token of " + named(key) + " is not a text");
        sentence += (sentence.empty() ? "" : " ") + token.get<std::string>();
      }
      out.push_back(std::move(sentence));
      return;
    }
  }
  fail(where, "a sentence of " + named(key) + " is neither a text nor an object with \"raw\" or \"tokens\"");
}

bool is_blank(const json& value) {
  return value.is_string() && value.get_ref<const std::string&>().find_first_not_of(" \t\r\n") == std::string::npos;
}

// In UTF-8: no-break spaces, wide and thin ones, zero-width ones, byte order marks, directions of writing.
constexpr std::array<std::string_view, 16> kUnicodeBlanks = {
    "\xC2\xA0",     "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x87", "\xE2\x80\x89", "\xE2\x80\x8A",
    "\xE2\x80\x8B", "\xE2\x80\x8C", "\xE2\x80\x8D", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xAA",
    "\xE2\x80\xAF", "\xE2\x81\xA0", "\xE3\x80\x80", "\xEF\xBB\xBF"};

std::string_view without_last_blanks(std::string_view text) {
  const auto blank = [&] {
    return std::find_if(kUnicodeBlanks.begin(), kUnicodeBlanks.end(),
                        [&](std::string_view one) { return text.ends_with(one); });
  };
  while (!text.empty() && static_cast<unsigned char>(text.back()) >= 0x80) {
    const auto* const found = blank();
    if (found == kUnicodeBlanks.end()) break;
    text.remove_suffix(found->size());
  }
  return text;
}

std::string plain_split(std::string_view name) {
  const std::string split = ascii::lower(name);
  for (const char* word : {"val", "valid", "validation", "dev"}) {
    if (split == word) return "val";
  }
  if (split == "training") return "train";
  if (split == "testing") return "test";
  return split;
}

}  // namespace

const json* member(const json& record, const std::string& key) {
  if (key.empty() || !record.is_object()) return nullptr;
  const auto found = record.find(key);
  return found == record.end() ? nullptr : &*found;
}

std::string with_slashes(std::string path) {
  std::replace(path.begin(), path.end(), '\\', '/');
  return path;
}

std::string file_name(const std::string& path) {
  const std::string plain = with_slashes(path);
  return plain.substr(plain.find_last_of('/') + 1);
}

std::string_view without_blanks(std::string_view text) {
  for (std::size_t before = text.size() + 1; text.size() != before;) {
    before = text.size();
    text = without_last_blanks(ascii::trimmed(text));
    for (const std::string_view blank : kUnicodeBlanks) {
      if (text.starts_with(blank)) text.remove_prefix(blank.size());
    }
  }
  return text;
}

bool is_missing_word(std::string_view text) {
  constexpr std::array<std::string_view, 15> kWords = {"",    "nan", "NaN", "NAN",  "None", "null", "NULL", "Null",
                                                       "N/A", "n/a", "NA",  "#N/A", "<NA>", "NaT",  "-nan"};
  return std::find(kWords.begin(), kWords.end(), text) != kWords.end();
}

bool is_missing(const json& value) {
  return value.is_null() || (value.is_string() && is_missing_word(value.get_ref<const std::string&>()));
}

std::string id_value(const json& value, const std::string& where) {
  if (value.is_string()) return std::string(without_blanks(value.get_ref<const std::string&>()));
  if (value.is_number_integer()) return value.dump();
  if (value.is_number_float() && value.get<double>() == std::floor(value.get<double>()) &&
      std::abs(value.get<double>()) < 1e15) {
    return std::to_string(value.get<long long>());
  }
  if (value.is_number())
    fail(where, "its \"id\" is a number with a fraction or of more than 64 bits: write it in quotes");
  fail(where, std::string("its \"id\" is neither a text nor a whole number but ") + value.type_name());
}

std::string path_value(const json& value, const std::string& key, const std::string& where) {
  if (is_missing(value)) return "";
  if (!value.is_string()) fail(where, named(key) + " must be a path, a string, not " + value.type_name());
  return std::string(without_blanks(value.get_ref<const std::string&>()));
}

std::string text_value(const json& value, const std::string& key, const std::string& where) {
  if (value.is_null()) return "";
  if (!value.is_string()) fail(where, named(key) + " is not a text but " + value.type_name());
  return value.get<std::string>();
}

std::optional<bool> as_flag(const json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) {
    if (value == 0) return false;
    if (value == 1) return true;
  }
  if (!value.is_string()) return std::nullopt;
  const std::string text = ascii::lower(value.get_ref<const std::string&>());
  // Spreadsheets write the words of their language.
  for (const char* word : {"1", "1.0", "true", "yes", "y", "t", "changed", "change", "wahr", "ja", "vrai", "oui",
                           "verdadero", "sí", "vero", "sì", "verdadeiro", "sim", "waar"}) {
    if (text == word) return true;
  }
  for (const char* word :
       {"0",         "0.0",    "false", "no",   "n",   "f",     "unchanged", "no change", "no-change", "nochange",
        "no_change", "falsch", "nein",  "faux", "non", "falso", "não",       "onwaar",    "nee",       "not changed"}) {
    if (text == word) return false;
  }
  return std::nullopt;
}

bool names_state(const json& value) {
  return value.is_string() && as_flag(value) &&
         ascii::lower(value.get_ref<const std::string&>()).find("chang") != std::string::npos;
}

bool flag_value(const json& value, const std::string& key, const std::string& where) {
  const std::optional<bool> flag = as_flag(value);
  if (!flag)
    fail(where, "its change flag " + named(key) + " is neither true or false nor 0 or 1 but " +
                    value.dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 40));
  return *flag;
}

std::optional<double> number_value(const json& value, const std::string& key, const std::string& where) {
  if (is_missing(value)) return std::nullopt;
  double number = 0;
  if (value.is_number()) {
    number = value.get<double>();
  } else if (value.is_string()) {
    const std::string text = value.get<std::string>();
    char* end = nullptr;
    number = std::strtod(text.c_str(), &end);
    if (end != text.c_str() + text.size()) fail(where, named(key) + " is not a number");
  } else {
    fail(where, named(key) + " is not a number");
  }
  return std::isfinite(number) ? std::optional<double>(number) : std::nullopt;
}

std::vector<std::string> sentences_value(const json& value, const std::string& key, const std::string& where) {
  std::vector<std::string> out;
  if (is_missing(value)) return out;
  if (value.is_string()) {
    const std::string& text = value.get_ref<const std::string&>();
    const bool is_list = text.front() == '[' && text.back() == ']';
    if (is_list) {
      json list;
      try {
        list = io::parse_json(text, where, io::kListLimits);
      } catch (const InputError&) {  // Python's quotes, or a sentence in brackets
      }
      if (list.is_array()) return sentences_value(list, key, where);
    }
    const bool is_tuple = (text.front() == '(' && text.back() == ')') || (text.front() == '{' && text.back() == '}');
    if (is_list || is_tuple) {
      const auto strings = python_list(text);
      if (strings && (is_list || !strings->empty())) return sentences_value(json(*strings), key, where);
    }
    if (is_blank(value)) return {};
    return {text};
  }
  if (!value.is_array()) {
    add_sentence(value, key, where, out);
    return out;
  }
  for (const json& item : value) {
    if (!is_missing(item) && !is_blank(item)) add_sentence(item, key, where, out);
  }
  return out;
}

bool has_picture_extension(std::string_view path) {
  path = without_last_blanks(path);
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string extension = ascii::lower(path.substr(dot));
  constexpr std::array<const char*, 12> kKnown = {".png",  ".jpg", ".jpeg", ".tif", ".tiff", ".bmp",
                                                  ".webp", ".gif", ".jp2",  ".img", ".vrt",  ".npy"};
  return std::find(kKnown.begin(), kKnown.end(), extension) != kKnown.end();
}

bool is_sentence(std::string_view text) {
  return text.find(' ') != std::string_view::npos && !has_picture_extension(text);
}

bool is_written(const json& value) {
  if (!value.is_string()) return false;
  const std::string& text = value.get_ref<const std::string&>();
  return is_sentence(text) || (!is_ascii(text) && !has_picture_extension(text));
}

bool is_split_name(std::string_view name) {
  const std::string plain = plain_split(name);
  return plain == "train" || plain == "val" || plain == "test";
}

bool same_split(std::string_view a, std::string_view b) {
  return a == b || plain_split(a) == plain_split(b);
}

std::string id_stem(const std::string& id) {
  return has_picture_extension(id) ? id.substr(0, id.rfind('.')) : id;
}

}  // namespace ccx::pairs
