// Taking objects and lists apart (nested_pictures.h).
#include "core/pairs/lists/nested_pictures.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/error.h"
#include "core/base/one_of.h"
#include "core/pairs/lists/foreign_records.h"
#include "core/pairs/lists/key_words.h"
#include "core/pairs/lists/moments.h"
#include "core/pairs/lists/values.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

constexpr int kDeepest = 4;

constexpr std::array<std::string_view, 14> kPathKeys = {"path",      "file_name", "filename", "file", "url",
                                                        "uri",       "src",       "image",    "img",  "image_path",
                                                        "file_path", "filepath",  "href",     "name"};
// What says which of two pictures is which.
constexpr std::array<std::string_view, 18> kOrderKeys = {"role",  "type", "when",     "phase",     "time",  "stage",
                                                         "label", "tag",  "position", "side",      "kind",  "order",
                                                         "date",  "year", "datetime", "timestamp", "index", "name"};

int hex_value(char c) {
  if (ascii::is_digit(c)) return c - '0';
  const char small = ascii::lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

// The path that an object is about: {"path": "x.png", "width": 256}.
std::optional<std::string> path_of(const json& object) {
  for (const std::string_view name : kPathKeys) {
    for (const auto& [key, value] : object.items()) {
      if (ascii::lower(key) != name || !value.is_string()) continue;
      const std::string& text = value.get_ref<const std::string&>();
      if (has_picture_extension(text) ||
          (name.find("name") == std::string_view::npos && text.find('/') != std::string::npos))
        return text;
    }
  }
  return std::nullopt;
}

// A role as 0 or 1, a number or a date as a number that grows with it; nothing where the two cannot be compared.
std::optional<long long> order_of(const json& value) {
  if (value.is_number_integer()) return value.get<long long>();
  if (!value.is_string()) return std::nullopt;
  const std::string& text = value.get_ref<const std::string&>();
  if (const auto side = role_side(text)) return *side;
  // Dates that begin with the year grow with their digits.
  std::string digits;
  for (const char c : text) {
    if (ascii::is_digit(c)) digits += c;
  }
  const bool is_date = digits.size() >= 4 && digits.size() <= 17 && text.starts_with(digits.substr(0, 4)) &&
                       (digits.starts_with("19") || digits.starts_with("20"));
  if (!is_date) return std::nullopt;
  digits.resize(17, '0');
  return std::stoll(digits);
}

// -1 or 1 where two values under a key say which picture is first, else 0.
int order_of_two(const std::string& key, const json& one, const json& two) {
  constexpr std::array<std::string_view, 7> kTimeKeys = {"date", "year", "datetime", "timestamp",
                                                         "time", "when", "phase"};
  if (is_one_of(key, kTimeKeys) && one.is_string() && two.is_string()) {
    const int order = Moments({one.get<std::string>(), two.get<std::string>()}).compare(0, 1);
    if (order != 0) return order;
  }
  const auto first = order_of(one), second = order_of(two);
  if (!first || !second || *first == *second) return 0;
  return *first < *second ? -1 : 1;
}

// The two pictures of a list of objects, in the order that the objects say.
std::optional<json> paths_of(const json& list) {
  json out = json::array();
  for (const json& item : list) {
    const auto path = item.is_object() ? path_of(item) : std::nullopt;
    if (!path) return std::nullopt;
    out.push_back(*path);
  }
  if (out.size() != 2) return out;
  for (const auto& [key, value] : list[0].items()) {
    if (!is_one_of(ascii::lower(key), kOrderKeys)) continue;
    const auto other = list[1].find(key);
    if (other == list[1].end()) continue;
    const int order = order_of_two(ascii::lower(key), value, *other);
    if (order == 0) continue;
    if (order > 0) std::swap(out[0], out[1]);
    break;
  }
  return out;
}

// "['a.png', 'b.png']", "a.png;b.png": two names in one cell.
std::optional<json> names_in(const std::string& text) {
  if (text.empty()) return std::nullopt;
  if (text.front() == '[' && text.back() == ']') {
    try {
      const std::vector<std::string> names = sentences_value(text, "", "");
      const bool are_pictures = names.size() == 2 && has_picture_extension(names[0]) && has_picture_extension(names[1]);
      return are_pictures ? std::optional<json>(json(names)) : std::nullopt;
    } catch (const InputError&) {
      return std::nullopt;
    }
  }
  for (const char separator : {',', ';', '|', '\n'}) {
    const std::size_t at = text.find(separator);
    if (at == std::string::npos || text.find(separator, at + 1) != std::string::npos) continue;
    const auto trimmed = [](std::string part) {
      part.erase(0, std::min(part.find_first_not_of(" \t\r"), part.size()));
      part.erase(part.find_last_not_of(" \t\r") + 1);
      return part;
    };
    const std::string first = trimmed(text.substr(0, at));
    const std::string second = trimmed(text.substr(at + 1));
    if (has_picture_extension(first) && has_picture_extension(second)) return json{first, second};
  }
  return std::nullopt;
}

void flatten(const std::string& key, const json& object, int depth, json& out) {
  const std::optional<std::string> own = path_of(object);  // stands for the object itself
  for (const auto& [name, value] : object.items()) {
    const std::string whole = key + "." + name;
    if (value.is_string()) {
      const std::string& text = value.get_ref<const std::string&>();
      if (has_picture_extension(text) && text != own) out[whole] = value;
    } else if (value.is_object()) {
      if (const auto path = path_of(value)) out[whole] = *path;
      if (depth < kDeepest) flatten(whole, value, depth + 1, out);
    } else if (value.is_array() && is_pictures_key(whole)) {
      if (value.size() == 2 && value[0].is_string() && value[1].is_string()) out[whole] = value;
      if (const auto paths = paths_of(value); paths && !value.empty()) out[whole] = *paths;
    }
  }
}

bool mentions(const std::string& text, const char* extension) {
  return text.find(extension) != std::string::npos;
}

std::optional<std::string> picture_below(const json& value, int depth) {
  if (value.is_string()) {
    const std::string& text = value.get_ref<const std::string&>();
    // A sentence may end in a file's name.
    const bool is_sentence = std::count(text.begin(), text.end(), ' ') > 2 && text.find('/') == std::string::npos;
    if (has_picture_extension(text) && !is_sentence) return text;
    const bool is_packed = !text.empty() && (text[0] == '[' || text[0] == '{');
    const bool names_one = is_packed && (mentions(text, ".png") || mentions(text, ".jpg") || mentions(text, ".tif"));
    return names_one ? std::optional<std::string>(text) : std::nullopt;
  }
  if (!value.is_structured() || depth == kDeepest) return std::nullopt;
  if (value.is_object()) {
    if (auto path = path_of(value)) return path;
  }
  for (const json& item : value) {
    if (auto found = picture_below(item, depth + 1)) return found;
  }
  return std::nullopt;
}

// Pictures within the turns of a talk: parts of a message, and what stands between <img> and </img>.
std::vector<std::string> pictures_of_talk(const json& turns) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& path) {
    if (std::find(out.begin(), out.end(), path) == out.end()) out.push_back(path);
  };
  for (const json& turn : turns) {
    if (!turn.is_object()) continue;
    for (const json& content : turn) {
      if (content.is_string()) {
        const std::string& text = content.get_ref<const std::string&>();
        for (std::size_t at = text.find("<img>"); at != std::string::npos; at = text.find("<img>", at)) {
          at += 5;
          const std::size_t end = text.find("</img>", at);
          if (end != std::string::npos) add(text.substr(at, end - at));
        }
      } else if (content.is_array()) {
        for (const json& part : content) {
          if (const auto path = part.is_object() ? picture_below(part, 0) : std::nullopt) add(*path);
        }
      }
    }
  }
  return out;
}

bool is_talk(const std::string& key, const json& value) {
  const std::string plain = ascii::lower(key);
  return value.is_array() && (plain == "messages" || plain == "conversations" || plain == "conversation");
}

}  // namespace

std::optional<json> with_flat_pictures(const json& record) {
  std::optional<json> flat;
  const auto out = [&]() -> json& {
    if (!flat) flat = record;
    return *flat;
  };
  for (const auto& [key, value] : record.items()) {
    if (value.is_string()) {
      const std::string& text = value.get_ref<const std::string&>();
      if (const std::string path = path_in_dictionary(text); has_picture_extension(path)) {
        out()[key] = path;
        continue;
      }
      const bool may_hold_two = text.find_first_of("[,;|\n") != std::string::npos;
      if (!may_hold_two || !is_pictures_key(key)) continue;
      if (auto names = names_in(text)) out()[key] = std::move(*names);
    } else if (is_talk(key, value)) {
      // Two are the pair's where the record names no others; what else there is counts as named and not used.
      const std::vector<std::string> shown = pictures_of_talk(value);
      if (shown.empty() || record.contains("image") || record.contains("images")) continue;
      out()[shown.size() == 2 ? "images" : "pictures of the talk"] = shown;
    } else if (value.is_object()) {
      json found = json::object();
      flatten(key, value, 1, found);
      const auto path = path_of(value);
      if (path) out()[key] = *path;
      for (const auto& [name, picture] : found.items()) out()[name] = picture;
    } else if (value.is_array() && !value.empty() && is_pictures_key(key)) {
      const json& first = value[0];
      if (value.size() == 1 && first.is_array() && first.size() == 2) {
        out()[key] = json(first);
      } else if (first.is_object()) {
        if (auto paths = paths_of(value)) out()[key] = std::move(*paths);
      }
    }
  }
  return flat;
}

std::optional<std::string> picture_in(const json& value) {
  return picture_below(value, 0);
}

bool is_address(std::string_view path) {
  const std::size_t at = path.find("://");
  if (at == std::string_view::npos || at < 2) return false;
  return std::all_of(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(at),
                     [](char c) { return ascii::is_letter(c) || ascii::is_digit(c) || c == '+' || c == '-'; });
}

std::string local_path(const std::string& path) {
  // Files that Label Studio serves, by their place below the folder that it was told.
  static constexpr std::string_view kServed = "/data/local-files/?d=";
  const std::size_t served = path.find(kServed);
  if (served == std::string::npos && !ascii::lower(path.substr(0, 7)).starts_with("file://")) return path;
  std::string rest = path.substr(served == std::string::npos ? 7 : served + kServed.size());
  if (ascii::lower(rest.substr(0, 10)).starts_with("localhost/")) rest.erase(0, 9);
  std::string out;
  for (std::size_t at = 0; at < rest.size(); ++at) {
    const bool is_escaped =
        rest[at] == '%' && at + 2 < rest.size() && hex_value(rest[at + 1]) >= 0 && hex_value(rest[at + 2]) >= 0;
    if (is_escaped) {
      out += static_cast<char>(16 * hex_value(rest[at + 1]) + hex_value(rest[at + 2]));
      at += 2;
    } else {
      out += rest[at];
    }
  }
  return out;
}

}  // namespace ccx::pairs
