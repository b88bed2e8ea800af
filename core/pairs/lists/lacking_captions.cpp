// Looking predictions over (lacking_captions.h).
#include "core/pairs/lists/lacking_captions.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/error.h"
#include "core/pairs/lists/caption_marks.h"
#include "core/pairs/lists/columns.h"
#include "core/pairs/lists/values.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {

using nlohmann::json;

std::string error_without_caption(const std::string& key, const ListRow& row, LackingCaptions& lacking) {
  const std::string& known = member(row.value, key) == nullptr ? lacking.key : key;
  const json* value = member(row.value, known);
  const bool is_nothing =
      value != nullptr &&
      (is_missing(*value) || (value->is_array() && std::all_of(value->begin(), value->end(), is_missing)));
  if (!is_nothing) {
    throw InputError(row.where + ": has neither a \"caption\" (or \"pred\") nor an \"error\"; found " +
                     key_list(row.value));
  }
  if (lacking.null++ == 0) lacking.null_example = row.where;
  return "no_caption: \"" + known + "\" is empty or null";
}

void look_over(PredictionList& list, const LackingCaptions& lacking, const std::string& name) {
  if (lacking.null == list.predictions.size()) {
    throw InputError(name + ": every caption is null, nan or an empty cell, such as that of " + lacking.null_example +
                     ": there is nothing to score");
  }
  std::vector<std::string*> captions, references;
  for (Prediction& prediction : list.predictions) {
    captions.push_back(&prediction.caption);
    for (std::string& reference : prediction.references) references.push_back(&reference);
  }
  for (std::string& note : take_dress_off(captions)) list.notes.push_back(std::move(note));
  const auto has_blanks = [](const std::string* text) {
    return *text != ascii::trimmed(*text) || text->find("  ") != std::string::npos;
  };
  if (const auto count = std::count_if(captions.begin(), captions.end(), has_blanks); count > 0) {
    list.notes.push_back(
        std::to_string(count) + (count == 1 ? " caption has" : " captions have") +
        " blanks or line breaks at an end, or several in a row: scored as they are, and ROUGE-L counts "
        "them; leave them out for scores that compare");
  }
  for (std::string& note : take_dress_off(references)) list.notes.push_back("references: " + note);
  if (lacking.null > 0) {
    list.notes.push_back(std::to_string(lacking.null) + (lacking.null == 1 ? " caption is" : " captions are") +
                         " null, nan or an empty cell (" + lacking.null_example +
                         "): failed records, which --failed empty scores as empty captions");
  }
  std::size_t empty = 0;
  std::string example;
  for (const Prediction& prediction : list.predictions) {
    const bool is_empty = prediction.error.empty() && ascii::trimmed(prediction.caption).empty();
    if (is_empty && empty++ == 0) example = prediction.id.empty() ? prediction.before : prediction.id;
  }
  if (empty > 0) {
    list.notes.push_back(std::to_string(empty) + (empty == 1 ? " caption is" : " captions are") +
                         " empty, and scored so (such as that of '" + printable(example) + "')");
  }
}

}  // namespace ccx::pairs
