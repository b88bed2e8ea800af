// Reads keys of one JSON object of a config.json, with errors that name the file and the key.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/io/json.h"

namespace ccx::model {

// Sizes beyond these are no model but a mistake or an attack; they keep later products far from overflow.
inline constexpr int kMaxWidth = 1 << 20;
inline constexpr int kMaxLayers = 4096;

// The JSON of `text`. Throws CheckpointError where it is none.
inline nlohmann::json parsed_config(std::string_view text, const std::string& source) {
  try {
    return io::parse_json(text, source);
  } catch (const InputError& error) {
    throw CheckpointError(error.what());
  }
}

// A key that is absent or null leaves the value as it is. Throws CheckpointError for wrong types and ranges.
class JsonReader {
 public:
  JsonReader(const nlohmann::json& object, std::string source, std::string prefix = "")
      : object_(object), source_(std::move(source)), prefix_(std::move(prefix)) {}

  bool is_null(const char* key) const { return object_.contains(key) && object_[key].is_null(); }
  bool has(const char* key) const { return object_.contains(key) && !object_[key].is_null(); }

  void integer(const char* key, int& value, int low, int high, bool required = false) const {
    if (!present(key, required)) return;
    const nlohmann::json& entry = object_[key];
    if (!entry.is_number_integer()) throw error(key, "must be a whole number");
    const int64_t number = entry.get<int64_t>();
    if (number < low || number > high) {
      throw error(key,
                  "is " + std::to_string(number) + ", outside " + std::to_string(low) + " to " + std::to_string(high));
    }
    value = static_cast<int>(number);
  }

  void number(const char* key, float& value) const {
    if (!present(key, false)) return;
    if (!object_[key].is_number()) throw error(key, "must be a number");
    const double read = object_[key].get<double>();
    if (!std::isfinite(read) || read <= 0) throw error(key, "must be a positive number");
    value = static_cast<float>(read);
  }

  void any_number(const char* key, float& value) const {
    if (!present(key, false)) return;
    const double read = object_[key].is_number() ? object_[key].get<double>() : std::nan("");
    if (!(std::abs(read) <= 1e6)) throw error(key, "must be a number");
    value = static_cast<float>(read);
  }

  void share(const char* key, float& value) const {
    if (!present(key, false)) return;
    if (!object_[key].is_number()) throw error(key, "must be a number");
    const double read = object_[key].get<double>();
    if (!(read >= 0 && read <= 1)) throw error(key, "must lie in 0 to 1");
    value = static_cast<float>(read);
  }

  void boolean(const char* key, bool& value) const {
    if (!present(key, false)) return;
    if (!object_[key].is_boolean()) throw error(key, "must be true or false");
    value = object_[key].get<bool>();
  }

  void text(const char* key, std::string& value) const {
    if (!present(key, false)) return;
    if (!object_[key].is_string()) throw error(key, "must be a string");
    value = object_[key].get<std::string>();
  }

  JsonReader child(const char* key) const {
    if (!object_[key].is_object()) throw error(key, "must be an object");
    return JsonReader(object_[key], source_, prefix_ + key + ".");
  }

  // An object out of the list `key`.
  JsonReader element(const char* key, const nlohmann::json& entry) const {
    return JsonReader(entry, source_, prefix_ + key + "[].");
  }

  const nlohmann::json& raw(const char* key) const { return object_[key]; }

  CheckpointError error(const std::string& key, const std::string& what) const {
    return CheckpointError(where(key) + " " + what);
  }
  std::string where(const std::string& key) const { return source_ + ": \"" + prefix_ + key + "\""; }

 private:
  bool present(const char* key, bool required) const {
    if (has(key)) return true;
    if (required) throw error(key, "is missing");
    return false;
  }

  const nlohmann::json& object_;
  std::string source_;
  std::string prefix_;
};

}  // namespace ccx::model
