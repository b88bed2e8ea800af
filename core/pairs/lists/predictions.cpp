// Predictions and references out of lists (predictions.h).
#include "core/pairs/lists/predictions.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/error.h"
#include "core/pairs/lists/caption_cells.h"
#include "core/pairs/lists/columns.h"
#include "core/pairs/lists/lacking_captions.h"
#include "core/pairs/lists/list.h"
#include "core/pairs/lists/list_text.h"
#include "core/pairs/lists/pair_set.h"
#include "core/pairs/lists/values.h"
#include "core/pairs/naming/names.h"

namespace ccx::pairs {
namespace {

constexpr uint64_t kLargestSide = 1U << 30;

using nlohmann::json;

// A value that says something.
const json* said(const json& record, const std::string& key) {
  const json* value = member(record, key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

[[noreturn]] void fail(const std::string& where, const std::string& what) {
  throw InputError(where + ": " + what);
}

std::string error_of(const json& record, const std::string& where) {
  const json* value = said(record, "error");
  if (value == nullptr || is_missing(*value)) return "";
  if (value->is_string()) return value->get<std::string>();
  if (!value->is_object()) fail(where, "\"error\" is neither a text nor an object");
  const auto text = [&](const char* key) {
    const json* found = said(*value, key);
    return found == nullptr ? "" : text_value(*found, key, where);
  };
  const std::string code = text("code");
  const std::string message = text("message");
  return (code.empty() ? "error" : code) + (message.empty() ? "" : ": " + message);
}

// One text. A caption that is Python's nan or None is none.
std::optional<std::string> caption_in(const json* value, const std::string& key, const std::string& where) {
  if (value == nullptr) return std::nullopt;
  const auto is_blank = [](const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; };
  if (value->is_string() && is_blank(value->get_ref<const std::string&>())) return "";
  if (is_missing(*value)) return std::nullopt;
  if (!value->is_string() && !value->is_structured()) fail(where, "\"" + key + "\" is not a text");
  const std::vector<std::string> sentences = sentences_value(*value, key, where);
  if (sentences.size() > 1) {
    fail(where, "\"" + key + "\" has " + std::to_string(sentences.size()) +
                    " sentences, and a prediction is one; references are named with --refs");
  }
  return sentences.empty() ? std::nullopt : std::optional<std::string>(sentences[0]);
}

// "places" of `ccx caption`. Others may mean something else by the key: what has another form is left alone.
std::vector<PredictedPlace> places_in(const json& value) {
  std::vector<PredictedPlace> out;
  if (!value.is_array()) return out;
  for (const json& place : value) {
    if (!place.is_object()) return {};
    const json* kind = said(place, "kind");
    const json* box = said(place, "box");
    if (kind == nullptr || !kind->is_string() || box == nullptr || !box->is_array() || box->size() != 4) return {};
    const auto name = std::find(kChangeKindNames.begin(), kChangeKindNames.end(), kind->get<std::string>());
    if (name == kChangeKindNames.end()) return {};
    PredictedPlace found;
    found.kind = static_cast<ChangeKind>(name - kChangeKindNames.begin());
    for (std::size_t i = 0; i < 4; ++i) {
      if (!(*box)[i].is_number_unsigned() || (*box)[i].get<uint64_t>() > kLargestSide) return {};
      found.box[i] = static_cast<int>((*box)[i].get<uint64_t>());
    }
    out.push_back(found);
  }
  return out;
}

// Where a row has its caption, and the caption.
struct FoundCaption {
  std::string key;                   // "" where no column holds captions
  bool is_reference_column = false;  // a column of references, taken since it is the only one with sentences
  std::optional<std::string> text;
};

// A column of sentences beside the one that was taken may be the prediction, and the one that was taken what people
// wrote.
void require_no_other(const ListRow& row, const FoundCaption& found) {
  for (const std::string& other : row.columns.rival_texts) {
    const json* value = said(row.value, other);
    if (value == nullptr || !found.text || !value->is_string() || value->get_ref<const std::string&>() == *found.text)
      continue;
    fail(row.where,
         "the prediction may be \"" + found.key + "\" or \"" + other + "\": call it pred, or leave the other out");
  }
}

FoundCaption caption_of(const ListRow& row, const ListedPair& pair) {
  const Columns& columns = row.columns;
  FoundCaption found;
  found.key = columns.prediction;
  if (found.key.empty()) found.key = columns.caption;
  if (found.key.empty() && columns.captions_are_references && said(row.value, "error") == nullptr) {
    const std::string other = !columns.rival_texts.empty()   ? columns.rival_texts[0]
                              : !columns.other_texts.empty() ? columns.other_texts[0]
                                                             : "";
    fail(row.where, "\"" + columns.captions[0] + "\" holds references by its name, and no column the prediction" +
                        (other.empty() ? "; references are named with --refs"
                                       : ": if \"" + other + "\" does, call it pred or caption"));
  }
  if (found.key.empty() && columns.captions.size() == 1) {
    found.key = columns.captions[0];
    found.is_reference_column = true;
  }
  found.text = caption_in(said(row.value, found.key), found.key, row.where);
  if (columns.prediction.empty() && !columns.is_model_output) require_no_other(row, found);
  if (!found.text && found.key.empty() && !columns.conversations.empty()) {
    if (pair.captions.size() > 1)
      fail(row.where, "its talk has " + std::to_string(pair.captions.size()) + " captions, and a prediction is one");
    if (!pair.captions.empty()) found.text = pair.captions[0];
  }
  return found;
}

// What people wrote, where the row has it beside the prediction.
std::vector<std::string> references_beside(const FoundCaption& caption, const ListRow& row) {
  const Columns& columns = row.columns;
  std::vector<std::string> out;
  if (caption.is_reference_column) return out;
  if (caption.key != columns.prediction && caption.key == columns.caption && columns.captions.empty()) return out;
  for (const std::string& name : columns.captions) {
    if (const json* value = said(row.value, name)) {
      for (std::string& sentence : captions_value(*value, name, row.where)) out.push_back(std::move(sentence));
    }
  }
  // "pred" with "caption" beside it.
  if (out.empty() && !columns.prediction.empty() && columns.captions.empty()) {
    if (const json* value = said(row.value, columns.caption)) out = captions_value(*value, columns.caption, row.where);
  }
  return out;
}

Prediction prediction_of(const ListRow& row, LackingCaptions& lacking) {
  const json& record = row.value;
  const Columns& columns = row.columns;
  const std::string& where = row.where;
  ListedPair pair = pair_of_row(row, where);
  Prediction p;
  p.id = std::move(pair.id);
  p.other_id = std::move(pair.other_id);
  p.id_key = std::move(pair.id_key);
  p.id_is_number = pair.is_number;
  p.named_by_file = pair.named_by_file;
  p.split = std::move(pair.split);
  p.before = std::move(pair.before);
  p.after = std::move(pair.after);
  p.error = error_of(record, where);
  const FoundCaption caption = caption_of(row, pair);
  if (!caption.text && p.error.empty()) p.error = error_without_caption(caption.key, row, lacking);
  if (caption.text) lacking.key = caption.key;
  p.caption = from_windows_1252(caption.text.value_or(""));
  p.references = references_beside(caption, row);
  const auto flag = [&](const std::string& name) {
    const json* value = said(record, name);
    return value == nullptr || is_missing(*value) ? std::nullopt : std::optional<bool>(flag_value(*value, name, where));
  };
  p.changed = flag(columns.changed_here);
  p.reference_changed = columns.unchanged.empty() ? flag(columns.changed) : pair.changed;
  const auto number = [&](const char* name) {
    const json* value = said(record, name);
    return value == nullptr ? std::nullopt : number_value(*value, name, where);
  };
  p.p_change = number("p_change");
  if (p.p_change && !(*p.p_change >= 0 && *p.p_change <= 1)) fail(where, "\"p_change\" lies outside 0..1");
  p.logprob_mean = number("logprob_mean");
  if (const json* heatmap = said(record, "heatmap"); heatmap != nullptr && !is_missing(*heatmap)) {
    p.heatmap = text_value(*heatmap, "heatmap", where);
  }
  if (const json* mask = said(record, "mask"); mask != nullptr && mask->is_string()) p.mask = mask->get<std::string>();
  if (const json* places = said(record, "places")) p.places = places_in(*places);
  return p;
}

}  // namespace

PredictionList read_predictions(const std::filesystem::path& path) {
  const ListInput input = read_list_input(path);
  PredictionList list;
  std::vector<std::string> places;
  std::string unread;
  LackingCaptions lacking;
  ListForm form = for_each_row(input.text, input.name, [&](const ListRow& row) {
    list.predictions.push_back(prediction_of(row, lacking));
    const bool is_named = !row.columns.prediction.empty() || row.columns.is_model_output;
    if (unread.empty() && !is_named && !row.columns.other_texts.empty()) unread = row.columns.other_texts[0];
    if (list.predictions.back().id.empty()) places.push_back(row.where);
  });
  if (list.predictions.empty()) throw InputError(input.name + " holds no predictions (" + form.why + ")");
  list.format = std::move(form.format);
  list.notes = std::move(form.notes);
  look_over(list, lacking, input.name);
  if (!unread.empty()) {
    list.notes.push_back("\"" + unread +
                         "\" holds sentences too and is not read: a column of predictions is called pred or caption");
  }
  if (places.empty()) return list;
  std::vector<ListedPair> unnamed(list.predictions.size());
  std::vector<ListedPair*> all;
  for (std::size_t i = 0, nth = 0; i < unnamed.size(); ++i) {
    unnamed[i].id = list.predictions[i].id;
    unnamed[i].before = list.predictions[i].before;
    unnamed[i].after = list.predictions[i].after;
    if (unnamed[i].id.empty() && unnamed[i].before.empty() && unnamed[i].after.empty()) {
      fail(places[nth], "has no \"id\", \"uid\" or \"filename\", and names no pictures");
    }
    nth += unnamed[i].id.empty() ? 1 : 0;
    all.push_back(&unnamed[i]);
  }
  for (std::string& note : make_ids(all)) list.notes.push_back(std::move(note));
  for (std::size_t i = 0; i < unnamed.size(); ++i) {
    list.predictions[i].id = unnamed[i].id;
    list.predictions[i].named_by_file = list.predictions[i].named_by_file || unnamed[i].id_is_made;
  }
  return list;
}

ReferenceList read_references(const std::filesystem::path& path) {
  const ListInput input = read_list_input(path);
  List list = parse_list(input.text, input.name);
  if (list.is_model_output) {
    throw InputError(
        input.name +
        " holds captions of a model with their scores, where references were expected: was it meant for --pred?");
  }
  if (list.pairs.empty()) throw InputError(input.name + " holds no references (" + list.why + ")");
  ReferenceList out;
  out.format = list.format;
  out.notes = std::move(list.notes);
  for (ListedPair& pair : list.pairs) {
    if (pair.captions.empty()) fail(list.where(pair), "has no reference sentences; the list is " + list.why);
    Reference r;
    r.id = std::move(pair.id);
    r.other_id = std::move(pair.other_id);
    r.number = std::move(pair.number);
    r.number_key = std::move(pair.id_key);
    r.is_coco = list.is_coco;
    r.id_is_made = pair.id_is_made;
    r.split = std::move(pair.split);
    r.folder = std::move(pair.folder);
    r.sentences = std::move(pair.captions);
    r.changed = pair.changed;
    r.before = std::move(pair.before);
    r.after = std::move(pair.after);
    out.references.push_back(std::move(r));
  }
  return out;
}

}  // namespace ccx::pairs
