// Records in JSON: lists of them, objects that hold a list, objects with an entry for each id, COCO's two lists.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "core/base/counted.h"
#include "core/base/error.h"
#include "core/io/json.h"
#include "core/pairs/lists/json_shapes.h"
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

// A sentence, or a list of them.
json record_of_text(const json& text) {
  return {{text.is_string() ? "caption" : "captions", text}};
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
    if (!object.contains("images") && are_pairs_by_id(object)) return read_dictionary(object, split);
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
    if (is_record || columns.names_pictures()) return sink_.give(object, split, "", 1, "one record");
    if (const json* inner = inner_object(object)) return read_object(*inner, split);
    if (const auto joined = predictions_with_references(object)) return read_dictionary(*joined, split);
    if (!columns.id.empty() && (columns.has_captions() || !columns.prediction.empty()))
      return sink_.give(object, split, "", 1, "one record");
    if (const json* list = only_list(object)) return read_records(*list, split, "an object with a list of records");
    if (is_dictionary(object)) return read_dictionary(object, split);
    sink_.refuse("an object with the keys " + key_list(object));
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
          throw InputError(sink_.where(place) + ": '" + key + "' has " + counted(paths.size(), "picture") +
                           ", where two were expected, or two and a mask");
        }
        sink_.give(record_of_paths(paths, sink_.where(place)), split, key, place,
                   "an object with two paths for each id");
        continue;
      }
      sink_.give(record_of_text(value), split, key, place, "an object with sentences for each id");
    }
  }

  void read_records(const json& list, const std::string& split, const std::string& container) {
    if (const std::optional<json> rows = rows_under_a_header(list))
      return read_records(*rows, split, "a list of rows under a header");
    std::size_t place = 0;
    for (const json& record : list) {
      ++place;
      if (const json named = record_of_list(record, sink_.where(place)); !named.is_null()) {
        sink_.give(
            named, split, "", place,
            named.contains("before") ? "a list of lists of two paths" : "a list of lists of an id and a caption");
      } else if (const std::optional<std::string> id = only_id(record)) {
        sink_.give(record_of_text(*record.begin()), split, *id, place, "a list of objects with a sentence for an id");
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
    if (const std::optional<std::string> id = only_id(record)) {
      sink.give(record_of_text(*record.begin()), "", *id, line, "lines of JSON with a sentence for an id");
      continue;
    }
    sink.give(record, "", "", line, "lines of JSON");
  }
}

}  // namespace ccx::pairs
