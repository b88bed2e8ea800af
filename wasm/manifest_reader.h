// Reads members of a manifest.json, which may come from anywhere: every value is checked and named when it is wrong.
#pragma once

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/io/json.h"

namespace ccx::wasm {

class ManifestReader {
 public:
  static ManifestReader parse(std::string_view text) {
    nlohmann::json json = io::parse_json(text, "manifest.json");
    if (!json.is_object()) throw InputError("manifest.json is not a JSON object");
    return {std::move(json), ""};
  }

  bool has(const char* key) const { return json_.contains(key); }

  ManifestReader object(const char* key) const {
    const nlohmann::json& value = member(key);
    if (!value.is_object()) wrong(key, "an object");
    return {value, where_ + key + "."};
  }

  std::vector<ManifestReader> objects(const char* key) const {
    const nlohmann::json& value = member(key);
    if (!value.is_array()) wrong(key, "a list");
    std::vector<ManifestReader> list;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (!value[i].is_object()) wrong(key, "a list of objects");
      list.push_back({value[i], where_ + key + "[" + std::to_string(i) + "]."});
    }
    return list;
  }

  std::int64_t integer(const char* key, std::int64_t least, std::int64_t most) const {
    const nlohmann::json& value = member(key);
    const bool fits = value.is_number_integer() &&
                      (!value.is_number_unsigned() || value.get<std::uint64_t>() < (std::uint64_t{1} << 62));
    if (!fits || value.get<std::int64_t>() < least || value.get<std::int64_t>() > most) {
      wrong(key, "an integer from " + std::to_string(least) + " to " + std::to_string(most));
    }
    return value.get<std::int64_t>();
  }

  double number(const char* key) const {
    const nlohmann::json& value = member(key);
    if (!value.is_number()) wrong(key, "a number");
    return value.get<double>();
  }

  std::vector<std::string> texts(const char* key) const {
    const nlohmann::json& value = member(key);
    const auto is_text = [](const nlohmann::json& item) { return item.is_string(); };
    if (!value.is_array() || !std::all_of(value.begin(), value.end(), is_text)) wrong(key, "a list of texts");
    return value.get<std::vector<std::string>>();
  }

  std::string text(const char* key) const {
    const nlohmann::json& value = member(key);
    if (!value.is_string()) wrong(key, "a text");
    return value.get<std::string>();
  }

 private:
  ManifestReader(nlohmann::json json, std::string where) : json_(std::move(json)), where_(std::move(where)) {}

  const nlohmann::json& member(const char* key) const {
    const auto found = json_.find(key);
    if (found == json_.end()) throw InputError("manifest.json: " + where_ + key + " is missing");
    return *found;
  }
  [[noreturn]] void wrong(const char* key, const std::string& expected) const {
    throw InputError("manifest.json: " + where_ + key + " is not " + expected);
  }

  nlohmann::json json_;
  std::string where_;
};

}  // namespace ccx::wasm
