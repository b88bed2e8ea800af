// Records in JSON: lists of them, objects that hold a list, objects with an entry for each id, COCO's two lists.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/pairs/lists/key_words.h"
#include "core/pairs/lists/nested_pictures.h"
#include "core/pairs/lists/path_records.h"
#include "core/pairs/lists/repeated_keys.h"
#include "core/pairs/lists/row_sink.h"
#include "core/pairs/lists/tabular_json.h"
#include "core/pairs/lists/values.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

// Where the value ends that begins at `at` with a brace; the text's end where it does not end.
std::size_t end_of_object(const std::string& text, std::size_t at) {
  std::size_t depth = 0;
  bool in_string = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return at + 1;
    }
  }
  return text.size();
}

// Objects one after another, as `jq` prints them or as lines of JSON with a comma at each end, as one list; empty for
// other texts.
std::string joined_objects(const std::string& text) {
  const auto next = [&](std::size_t at) { return std::min(text.find_first_not_of(" \t\r\n,", at), text.size()); };
  std::size_t at = next(0);
  if (text.substr(at, 1) != "{") return "";
  std::size_t end = end_of_object(text, at);
  if (next(end) == text.size()) return "";  // one object, as most lists are
  std::string out;
  for (; at < text.size(); at = next(end)) {
    if (text[at] != '{') return "";
    end = end_of_object(text, at);
    out += out.empty() ? "[" : ",";
    out.append(text, at, end - at);
  }
  return out + "]";
}

class JsonRows {
 public:
  explicit JsonRows(RowSink& sink) : sink_(sink) {}

  void read(const std::string& text) {
    const std::string joined = joined_objects(text);
    const std::string& whole = joined.empty() ? text : joined;
    const json document = io::parse_json<json>(whole, sink_.name(), io::kListLimits);
    require_keys_once(whole, sink_.name());
    if (document.is_array()) {
      read_records(document, "", "a list of records");
    } else {
      read_object(document, "");
    }
  }

 private:
  // {"images": ...}, {"results": ...}, {"train": ...}, {"ID": [...]}, or one record.
  void read_object(const json& object, const std::string& split) {
    if (object.empty()) sink_.refuse("an empty object");
    if (const std::optional<json> rows = rows_of_columns(object, sink_.name()))
      return read_records(*rows, split, "an object with a list for each column");
    if (const auto images = object.find("images"); images != object.end() && images->is_array() &&
                                                   !is_pair_of_paths(*images) && !is_record_of_two(object, *images)) {
      const auto annotations = object.find("annotations");
      if (annotations != object.end() && annotations->is_array()) return read_coco(*images, *annotations, split);
      return read_records(*images, split, "an object with \"images\"");
    }
    if (split.empty() && is_by_split(object)) {
      for (const auto& [key, part] : object.items()) {
        part.is_array() ? read_records(part, key, "an object with a list for each split") : read_object(part, key);
      }
      return;
    }
    const Columns columns = columns_of(as_record(object), sink_.name());
    const bool has_one = columns.before.empty() != columns.after.empty();
    const bool is_record = has_one || ((object.contains("id") || object.contains("uid") ||
                                        object.contains("filename") || object.contains("image_id")) &&
                                       only_list(object) == nullptr);
    if (is_record || columns.names_pictures() ||
        (!columns.id.empty() && (columns.has_captions() || !columns.prediction.empty()))) {
      return sink_.give(object, split, "", 1, "one record");
    }
    if (const json* list = only_list(object)) return read_records(*list, split, "an object with a list of records");
    if (is_dictionary(object)) return read_dictionary(object, split);
    sink_.refuse("an object with the keys " + key_list(object));
  }

  // With the pictures of {"images": {"pre": ..., "post": ...}} in keys of its own; entries of ids stay as they are.
  static json as_record(const json& object) {
    constexpr std::size_t kMostKeys = 60;
    if (object.size() > kMostKeys) return object;
    const bool has_pictures_key = std::any_of(object.items().begin(), object.items().end(),
                                              [](const auto& item) { return is_pictures_key(item.key()); });
    if (!has_pictures_key && is_dictionary(object)) return object;
    return with_flat_pictures(object).value_or(object);
  }

  // {"id": ..., "images": [{"role": "before", "path": ...}, ...]}: the two pictures of one record.
  static bool is_record_of_two(const json& object, const json& images) {
    if (images.size() != 2 || !images[0].is_object() || !images[1].is_object()) return false;
    for (const char* key : {"id", "imgid", "sentences", "captions", "caption", "split"}) {
      if (images[0].contains(key)) return false;
    }
    const Columns columns = columns_of(with_flat_pictures(object).value_or(object), "");
    return !columns.both.empty() && (object.contains("id") || columns.has_captions());
  }

  static bool is_list_of_paths(const json& value) {
    return value.is_array() && value.size() >= 2 && value.size() <= 3 &&
           paths_in(json::array({value[0], value[1]})).size() == 2;
  }

  static bool is_pair_of_paths(const json& value) {
    return value.size() == 2 && value[0].is_string() && value[1].is_string();
  }

  static bool is_by_split(const json& object) {
    return std::all_of(object.items().begin(), object.items().end(), [](const auto& item) {
      return is_split_name(item.key()) && item.value().is_structured() &&
             !(item.value().is_array() && !item.value().empty() && item.value()[0].is_string());
    });
  }

  // {"results": [{...}], "model": "..."}: the one list of records that an object holds.
  static const json* only_list(const json& object) {
    const json* found = nullptr;
    for (const auto& [key, value] : object.items()) {
      if (!value.is_array() || value.empty() || !(value[0].is_object() || is_list_of_paths(value[0]))) continue;
      if (found != nullptr) return nullptr;
      const bool is_sentences =
          value[0].contains("raw") || (value[0].size() <= 3 && !value[0].contains("id") && value[0].contains("tokens"));
      if (is_sentences) return nullptr;
      found = &value;
    }
    // {"ID": [{"caption": ...}], "ID2": ...} is a dictionary, and so is it with one id.
    static const std::set<std::string> names = {"results", "predictions",     "preds",   "captions",     "data",
                                                "samples", "annotations",     "items",   "records",      "pairs",
                                                "entries", "val_predictions", "outputs", "test_results", "dataset"};
    if (found == nullptr) return nullptr;
    for (const auto& [key, value] : object.items()) {
      if (&value == found && names.count(key) == 0 && value[0].is_array()) return nullptr;
      if (&value == found && names.count(key) == 0 && object.size() == 1 &&
          !columns_of((*found)[0], key).names_pictures() && columns_of((*found)[0], key).id.empty()) {
        return nullptr;
      }
    }
    return found;
  }

  // Every value is a sentence, sentences, or a record.
  static bool is_dictionary(const json& object) {
    std::size_t texts = 0, lists = 0, records = 0;
    for (const auto& [key, value] : object.items()) {
      if (value.is_string()) {
        ++texts;
      } else if (value.is_array() && std::all_of(value.begin(), value.end(), [](const json& v) {
                   return v.is_string() || v.is_null() ||
                          (v.is_object() && (v.contains("caption") || v.contains("raw") || v.contains("sentence")));
                 })) {
        ++lists;
      } else if (value.is_object()) {
        const Columns columns = columns_of(with_flat_pictures(value).value_or(value), key);
        if (!columns.names_pictures() && !columns.has_captions() && columns.prediction.empty()) return false;
        ++records;
      } else {
        return false;
      }
    }
    return texts == object.size() || lists == object.size() || records == object.size();
  }

  void read_dictionary(const json& object, const std::string& split) {
    std::size_t place = 0;
    for (const auto& [key, value] : object.items()) {
      ++place;
      if (value.is_object()) {
        sink_.give(value, split, key, place, "an object with a record for each id");
        continue;
      }
      if (const std::vector<std::string> paths = paths_in(value); !paths.empty()) {
        if (paths.size() != 2 && paths.size() != 3) {
          throw InputError(sink_.where(place) + ": '" + key + "' has " + std::to_string(paths.size()) +
                           (paths.size() == 1 ? " picture" : " pictures") +
                           ", where two were expected, or two and a mask");
        }
        sink_.give(record_of_paths(paths, sink_.where(place)), split, key, place,
                   "an object with two paths for each id");
        continue;
      }
      const json record = {{value.is_string() ? "caption" : "captions", value}};
      sink_.give(record, split, key, place, "an object with sentences for each id");
    }
  }

  void read_records(const json& list, const std::string& split, const std::string& container) {
    std::size_t place = 0;
    for (const json& record : list) {
      ++place;
      if (const json named = record_of_list(record, sink_.where(place)); !named.is_null()) {
        sink_.give(named, split, "", place, "a list of lists of two paths");
      } else {
        sink_.give(record, split, "", place, container);
      }
    }
    if (list.empty()) sink_.give_nothing(container);
  }

  void read_coco(const json& images, const json& annotations, const std::string& split) {
    std::map<std::string, json> sentences;
    std::size_t place = 0;
    for (const json& annotation : annotations) {
      const std::string where = sink_.name() + ": annotation " + std::to_string(++place);
      if (!annotation.is_object()) throw InputError(where + ": expected an object, found " + annotation.type_name());
      const auto image = annotation.find("image_id");
      if (image == annotation.end()) throw InputError(where + ": no \"image_id\"");
      const auto caption = annotation.find("caption");
      if (caption == annotation.end()) {
        sink_.refuse(annotation.contains("bbox") || annotation.contains("segmentation")
                         ? "COCO annotations of objects (\"bbox\", \"segmentation\"), not of captions"
                         : "COCO annotations without \"caption\": they have " + key_list(annotation));
      }
      sentences[id_value(*image, where)].push_back(*caption);
    }
    place = 0;
    std::set<std::string> seen;
    for (const json& image : images) {
      const std::string where = sink_.where(++place);
      if (!image.is_object()) throw InputError(where + ": expected an object, found " + image.type_name());
      const auto id = image.find("id");
      if (id == image.end()) throw InputError(where + ": no \"id\"");
      json record = image;
      if (!seen.insert(id_value(*id, where)).second)
        throw InputError(where + ": the image id " + id_value(*id, where) + " stands twice in \"images\"");
      const auto found = sentences.find(id_value(*id, where));
      if (found != sentences.end()) {
        record["captions"] = found->second;
        sentences.erase(found);
      }
      sink_.give(record, split, "", place, "an object with \"images\" and \"annotations\"");
    }
    if (!sentences.empty()) {
      throw InputError(sink_.name() + ": " + std::to_string(sentences.size()) +
                       " annotations are of no image in \"images\", such as image_id " + sentences.begin()->first);
    }
  }

  RowSink& sink_;
};

}  // namespace

void read_json_rows(const std::string& text, RowSink& sink) {
  JsonRows(sink).read(text);
}

void read_json_lines(const std::string& text, RowSink& sink) {
  std::string_view rest = text;
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const std::size_t end = rest.find('\n');
    const std::string_view content = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (content.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    json record = io::parse_json<json>(content, sink.where(line), io::kListLimits);
    require_keys_once(content, sink.where(line));
    if (json named = record_of_list(record, sink.where(line)); !named.is_null()) record = std::move(named);
    sink.give(record, "", "", line, "lines of JSON");
  }
}

}  // namespace ccx::pairs
