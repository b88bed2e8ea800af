// Paths without keys (path_records.h).
#include "core/pairs/lists/path_records.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/pairs/lists/values.h"
#include "core/pairs/naming/label_names.h"

namespace ccx::pairs {
namespace {

using nlohmann::json;

bool is_label_path(const std::string& path) {
  const std::string slashes = with_slashes(path);
  std::string_view rest = slashes;
  for (std::size_t end = rest.find('/'); end != std::string_view::npos; end = rest.find('/')) {
    if (label_folder(rest.substr(0, end)) == LabelWord::kStrong) return true;
    rest.remove_prefix(end + 1);
  }
  return label_word(rest.substr(0, rest.rfind('.'))) == LabelWord::kStrong;
}

}  // namespace

std::vector<std::string> paths_in(const json& value) {
  std::vector<std::string> out;
  const json list = value.is_array() ? value : json::array({value});
  for (const json& path : list) {
    if (!path.is_string() || !has_picture_extension(path.get_ref<const std::string&>())) return {};
    out.push_back(path.get<std::string>());
  }
  return out;
}

json record_of_paths(std::vector<std::string> paths, const std::string& where) {
  // A folder that all of them share says nothing of one.
  if (std::count_if(paths.begin(), paths.end(), is_label_path) == 1) {
    const auto label = std::find_if(paths.begin(), paths.end(), is_label_path);
    if (paths.size() == 2) {
      throw InputError(
          where + ": '" + *label + "' is a label by its name, and '" + (label == paths.begin() ? paths[1] : paths[0]) +
          "' alone is no pair: expected the pictures of two dates, before and after. If both are pictures, "
          "give the list a header: before,after");
    }
    std::rotate(label, label + 1, paths.end());
  }
  json record = {{"before", paths[0]}, {"after", paths[1]}};
  if (paths.size() == 3) record["mask"] = paths[2];
  return record;
}

namespace {

// Of an id or a name, which may have blanks: no sentence.
bool is_short(const std::string& text) {
  return std::count(text.begin(), text.end(), ' ') < 2;
}

// [id, sentence], [file name, sentences], with a score behind them or none.
json record_of_caption(const json& list) {
  const bool is_id =
      list[0].is_number_integer() || (list[0].is_string() && is_short(list[0].get_ref<const std::string&>()));
  const auto is_text = [](const json& value) {
    return value.is_string() && is_sentence(value.get_ref<const std::string&>());
  };
  const bool are_texts = list[1].is_array() && !list[1].empty() && std::all_of(list[1].begin(), list[1].end(), is_text);
  const auto has_slash = [](const json& value) {
    return value.is_string() && value.get_ref<const std::string&>().find('/') != std::string::npos;
  };
  const bool is_score = list.size() == 2 || list[2].is_number_float();
  if (!is_id || !is_score || (has_slash(list[0]) && has_slash(list[1])) || !(is_text(list[1]) || are_texts)) return {};
  const bool is_file = list[0].is_string() && has_picture_extension(list[0].get_ref<const std::string&>());
  return {{is_file ? "filename" : "id", list[0]}, {are_texts ? "captions" : "caption", list[1]}};
}

}  // namespace

json record_of_list(const json& list, const std::string& where) {
  if (!list.is_array() || (list.size() != 2 && list.size() != 3)) return {};
  const std::vector<std::string> paths = paths_in(list);
  if (paths.size() == list.size()) return record_of_paths(paths, where);
  if (const json captioned = record_of_caption(list); !captioned.is_null()) return captioned;
  const bool is_of_texts = list[0].is_string() && list[1].is_string();
  if (!is_of_texts && list.size() == 2) return {};
  json record = {{"before", list[0]}, {"after", list[1]}};
  if (list.size() == 2) return record;
  const json& last = list[2];
  const bool is_caption = last.is_string() && is_sentence(last.get_ref<const std::string&>());
  const bool is_flag = last.is_boolean() || last.is_number_integer();
  record[last.is_array() ? "captions" : is_caption ? "caption" : is_flag ? "changed" : "mask"] = last;
  return record;
}

}  // namespace ccx::pairs
