#include "core/pairs/lists/written_forms.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "core/base/no_change.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json or_null(const std::string& text) {
  return text.empty() ? Json() : Json(utf8_name(text));
}

}  // namespace

std::string levir_list(const std::vector<AnnotatedPair>& pairs, const std::vector<std::string>& names) {
  Json images = Json::array();
  std::size_t sentence_id = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const AnnotatedPair& pair = pairs[i];
    Json ids = Json::array();
    Json sentences = Json::array();
    for (const std::string& caption : pair.captions) {
      Json tokens = Json::array();
      std::istringstream words(normalise_sentence(caption));
      for (std::string word; words >> word;) tokens.push_back(word);
      sentences.push_back({{"tokens", tokens}, {"raw", caption}, {"imgid", i}, {"sentid", sentence_id}});
      ids.push_back(sentence_id++);
    }
    Json image = {{"filepath", pair.split}, {"filename", names[i]}, {"imgid", i}, {"split", pair.split}};
    if (pair.changed) image["changeflag"] = *pair.changed ? 1 : 0;
    image["sentids"] = ids;
    image["sentences"] = sentences;
    images.push_back(std::move(image));
  }
  return dumped({{"images", images}}, -1) + "\n";
}

std::string universal_list(const std::vector<AnnotatedPair>& pairs) {
  Json list = Json::array();
  for (const AnnotatedPair& pair : pairs) {
    Json entry = {{"uid", pair.id}};
    if (pair.changed) entry["change_flag"] = *pair.changed ? 1 : 0;
    entry["img1_path"] = or_null(pair.before);
    entry["img2_path"] = or_null(pair.after);
    entry["change_caption"] = pair.captions;
    if (!pair.split.empty()) entry["split"] = pair.split;
    list.push_back(std::move(entry));
  }
  return dumped(list, 1) + "\n";
}

std::string coco_list(const std::vector<AnnotatedPair>& pairs, const std::vector<std::string>& names) {
  Json images = Json::array();
  Json annotations = Json::array();
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const AnnotatedPair& pair = pairs[i];
    Json image = {{"id", i}, {"file_name", names[i]}, {"before", or_null(pair.before)}, {"after", or_null(pair.after)}};
    if (pair.changed) image["changed"] = *pair.changed;
    if (!pair.split.empty()) image["split"] = pair.split;
    images.push_back(std::move(image));
    for (const std::string& caption : pair.captions) {
      annotations.push_back({{"id", annotations.size()}, {"image_id", i}, {"caption", caption}});
    }
  }
  return dumped({{"type", "captions"}, {"images", images}, {"annotations", annotations}}, -1) + "\n";
}

std::string json_lines(const std::vector<AnnotatedPair>& pairs) {
  std::string out;
  for (const AnnotatedPair& pair : pairs) {
    Json entry = {{"id", pair.id}, {"before", or_null(pair.before)}, {"after", or_null(pair.after)}};
    if (!pair.captions.empty()) entry["captions"] = pair.captions;
    if (pair.changed) entry["changed"] = *pair.changed;
    if (!pair.split.empty()) entry["split"] = pair.split;
    if (!pair.mask.empty()) entry["mask"] = utf8_name(pair.mask);
    out += dumped(entry, -1) + "\n";
  }
  return out;
}

}  // namespace ccx::pairs
