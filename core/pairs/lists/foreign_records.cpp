// Label Studio, Hugging Face, chat with pictures in it (foreign_records.h).
#include "core/pairs/lists/foreign_records.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/pairs/lists/values.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

constexpr int kDeepest = 6;

// What one result of an annotation says.
void add_result(const json& result, json& captions, json& changed) {
  const json* value = member(result, "value");
  if (value == nullptr) return;
  if (const json* text = member(*value, "text"); text != nullptr) {
    const json texts = text->is_array() ? *text : json::array({*text});
    for (const json& one : texts) {
      if (one.is_string()) captions.push_back(one);
    }
  }
  if (const json* choices = member(*value, "choices");
      choices != nullptr && choices->size() == 1 && choices->is_array()) {
    if (const auto flag = as_flag((*choices)[0])) changed = *flag;
  }
}

// Bytes of a picture in base64: JPEG, PNG, WebP, TIFF.
bool is_base64_picture(std::string_view text) {
  constexpr std::size_t kShortest = 100;
  if (text.starts_with("data:image/")) return true;
  if (text.size() < kShortest) return false;
  return text.starts_with("/9j/") || text.starts_with("iVBORw0KGgo") || text.starts_with("UklGR") ||
         text.starts_with("SUkqA") || text.starts_with("TU0AK");
}

bool is_embedded(const json& value, int depth) {
  if (value.is_string()) return is_base64_picture(value.get_ref<const std::string&>());
  if (!value.is_structured() || depth == kDeepest) return false;
  if (const json* bytes = member(value, "bytes"); bytes != nullptr && !bytes->is_null()) {
    const json* path = member(value, "path");
    const bool has_path = path != nullptr && path->is_string() && !path->get_ref<const std::string&>().empty();
    return !has_path;
  }
  return std::any_of(value.begin(), value.end(), [&](const json& item) { return is_embedded(item, depth + 1); });
}

}  // namespace

std::optional<json> label_studio_task(const json& record) {
  const json* annotations = member(record, "annotations");
  if (annotations == nullptr || !annotations->is_array()) return std::nullopt;
  json captions = json::array();
  json changed;
  bool is_task = false;
  for (const json& annotation : *annotations) {
    const json* results = member(annotation, "result");
    if (results == nullptr || !results->is_array()) return std::nullopt;
    is_task = true;
    for (const json& result : *results) add_result(result, captions, changed);
  }
  if (!is_task) return std::nullopt;
  json out = record;
  out.erase("annotations");
  if (const json* data = member(record, "data"); data != nullptr && data->is_object()) {
    for (const auto& [key, value] : data->items()) {
      if (!out.contains(key)) out[key] = value;
    }
    out.erase("data");
  }
  const bool has_captions = out.contains("captions") || out.contains("caption") || out.contains("sentences");
  if (!captions.empty() && !has_captions) out["captions"] = std::move(captions);
  if (!changed.is_null() && !out.contains("changed")) out["changed"] = std::move(changed);
  return out;
}

std::string path_in_dictionary(const std::string& text) {
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return "";
  for (const std::string_view key : {"'path':", "\"path\":"}) {
    const std::size_t found = text.find(key);
    if (found == std::string::npos) continue;
    const std::size_t start = text.find_first_not_of(' ', found + key.size());
    if (start == std::string::npos || (text[start] != '\'' && text[start] != '"')) continue;
    const std::size_t end = text.find(text[start], start + 1);
    if (end != std::string::npos) return text.substr(start + 1, end - start - 1);
  }
  return "";
}

std::string embedded_picture(const json& record) {
  for (const auto& [key, value] : record.items()) {
    if (is_embedded(value, 0)) return key;
  }
  return "";
}

}  // namespace ccx::pairs
