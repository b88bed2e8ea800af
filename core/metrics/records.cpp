#include "core/metrics/records.h"

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>

#include "core/graph/error.h"
#include "core/io/file.h"
#include "core/io/json.h"
#include "core/metrics/text.h"

namespace ccx::metrics {
namespace {

using nlohmann::json;

// A record and where it stands, for messages.
struct Located {
  json value;
  std::string where;  // "FILE: line 3" or "FILE: record 3"
};

[[noreturn]] void fail(const Located& record, const std::string& what) {
  throw InputError(record.where + ": " + what);
}

// The records of a JSON list, of an object's "images" list, or of JSON lines.
std::vector<Located> read_records(const std::filesystem::path& path) {
  const std::string text = io::read_file(path);
  const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first == std::string::npos) throw InputError(path.string() + ": is empty");
  std::vector<Located> records;
  const auto add_all = [&](json& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      records.push_back({std::move(list[i]), path.string() + ": record " + std::to_string(i + 1)});
    }
  };
  if (text[first] == '[') {
    json list = io::parse_json(text.substr(first), path.string(), io::kListLimits);
    add_all(list);
    return records;
  }
  // One object over several lines, or one object a line: LEVIR-CC's file is the first kind.
  const std::size_t first_end = std::min(text.find('\n', first), text.size());
  const bool one_object = !json::accept(text.substr(first, first_end - first)) ||
                          text.find_first_not_of(" \t\r\n", first_end) == std::string::npos;
  if (one_object) {
    json object = io::parse_json(text.substr(first), path.string(), io::kListLimits);
    if (object.is_object() && object.contains("images")) {
      if (!object["images"].is_array()) throw InputError(path.string() + ": \"images\" is not a list");
      add_all(object["images"]);
      return records;
    }
    records.push_back({std::move(object), path.string() + ": record 1"});
    return records;
  }
  std::size_t start = first;
  for (std::size_t line = 1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + first, '\n'));
       start < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string content = text.substr(start, end - start);
    const std::string where = path.string() + ": line " + std::to_string(line);
    if (content.find_first_not_of(" \t\r") != std::string::npos)
      records.push_back({io::parse_json(content, where, io::kListLimits), where});
    start = end + 1;
  }
  return records;
}

const json* find(const Located& record, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto found = record.value.find(name);
    if (found != record.value.end() && !found->is_null()) return &*found;
  }
  return nullptr;
}

std::string text_of(const Located& record, std::initializer_list<const char*> names) {
  const json* value = find(record, names);
  if (value == nullptr) return "";
  if (!value->is_string()) fail(record, "\"" + std::string(*names.begin()) + "\" is not a text");
  return value->get<std::string>();
}

std::string id_of(const Located& record) {
  if (!record.value.is_object()) fail(record, "is not an object");
  const json* value = find(record, {"id", "uid", "filename", "image_id"});
  if (value == nullptr) fail(record, "has no \"id\", \"uid\" or \"filename\"");
  if (value->is_number_integer()) return value->dump();
  if (!value->is_string()) fail(record, "its id is neither a text nor a number");
  return value->get<std::string>();
}

std::optional<double> number_of(const Located& record, const char* name) {
  const json* value = find(record, {name});
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) fail(record, "\"" + std::string(name) + "\" is not a number");
  return value->get<double>();
}

std::optional<bool> flag_of(const Located& record, std::initializer_list<const char*> names) {
  const json* value = find(record, names);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  if (value->is_number() && (*value == 0 || *value == 1)) return *value == 1;
  if (value->is_string() && (*value == "0" || *value == "1")) return *value == "1";
  fail(record, "its change flag is neither true or false nor 0 or 1");
}

std::string sentence_of(const Located& record, const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_object() && value.contains("raw") && value["raw"].is_string()) return value["raw"].get<std::string>();
  if (value.is_object() && value.contains("tokens") && value["tokens"].is_array()) {
    std::string sentence;
    for (const json& token : value["tokens"]) {
      if (!token.is_string()) fail(record, "a token is not a text");
      sentence += (sentence.empty() ? "" : " ") + token.get<std::string>();
    }
    return sentence;
  }
  fail(record, "a reference is neither a text nor an object with \"raw\" or \"tokens\"");
}

std::vector<std::string> sentences_of(const Located& record, std::initializer_list<const char*> names) {
  const json* value = find(record, names);
  std::vector<std::string> sentences;
  if (value == nullptr) return sentences;
  if (value->is_string()) return {value->get<std::string>()};
  if (!value->is_array()) fail(record, "its references are not a list");
  for (const json& sentence : *value) sentences.push_back(sentence_of(record, sentence));
  return sentences;
}

std::string error_of(const Located& record) {
  const json* value = find(record, {"error"});
  if (value == nullptr) return "";
  if (value->is_string()) return value->get<std::string>();
  const Located inner{*value, record.where};
  if (!value->is_object()) fail(record, "\"error\" is neither a text nor an object");
  const std::string code = text_of(inner, {"code"});
  const std::string message = text_of(inner, {"message"});
  return (code.empty() ? "error" : code) + (message.empty() ? "" : ": " + message);
}

}  // namespace

std::string id_stem(const std::string& id) {
  const std::size_t dot = id.rfind('.');
  if (dot == std::string::npos) return id;
  const std::string extension = lower(id.substr(dot));
  for (const char* known : {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"}) {
    if (extension == known) return id.substr(0, dot);
  }
  return id;
}

std::vector<Prediction> read_predictions(const std::filesystem::path& path) {
  std::vector<Prediction> predictions;
  for (const Located& record : read_records(path)) {
    Prediction p;
    p.id = id_of(record);
    p.error = error_of(record);
    p.caption = text_of(record, {"caption", "pred", "hypothesis"});
    if (p.error.empty() && find(record, {"caption", "pred", "hypothesis"}) == nullptr) {
      fail(record, "has neither a \"caption\" (or \"pred\") nor an \"error\"");
    }
    p.changed = flag_of(record, {"changed"});
    p.p_change = number_of(record, "p_change");
    if (p.p_change && !(*p.p_change >= 0 && *p.p_change <= 1)) fail(record, "\"p_change\" lies outside 0..1");
    p.logprob_mean = number_of(record, "logprob_mean");
    p.before = text_of(record, {"before", "img1_path"});
    p.after = text_of(record, {"after", "img2_path"});
    p.heatmap = text_of(record, {"heatmap"});
    p.references = sentences_of(record, {"change_caption", "references"});
    p.reference_changed = flag_of(record, {"change_flag", "changeflag"});
    predictions.push_back(std::move(p));
  }
  return predictions;
}

std::vector<Reference> read_references(const std::filesystem::path& path) {
  std::vector<Reference> references;
  for (const Located& record : read_records(path)) {
    Reference r;
    r.id = id_of(record);
    r.split = text_of(record, {"split"});
    r.sentences = sentences_of(record, {"sentences", "references", "change_caption", "captions"});
    if (r.sentences.empty()) fail(record, "has no reference sentences");
    r.changed = flag_of(record, {"changeflag", "change_flag"});
    r.before = text_of(record, {"before", "img1_path"});
    r.after = text_of(record, {"after", "img2_path"});
    references.push_back(std::move(r));
  }
  return references;
}

}  // namespace ccx::metrics
