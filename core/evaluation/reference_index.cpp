// Joining ids (reference_index.h).
#include "core/evaluation/reference_index.h"

#include <algorithm>
#include <set>

#include "core/base/ascii.h"
#include "core/base/error.h"
#include "core/base/joined.h"
#include "core/pairs/lists/values.h"

namespace ccx::metrics {
namespace {

using pairs::id_stem;

std::string file_name(const std::string& id) {
  return id.substr(id.find_last_of("/\\") + 1);
}

// "image_id", "imageId", "img_id": what COCO's results call the number of an image.
bool is_image_key(const std::string& key) {
  std::string plain;
  for (const char c : key) {
    if (ascii::is_letter(c)) plain += ascii::lower(c);
  }
  return plain == "imageid" || plain == "imgid";
}

std::string known_splits(const std::vector<Reference>& references) {
  std::set<std::string> splits;
  for (const Reference& reference : references) splits.insert(reference.split);
  splits.erase("");
  return splits.empty() ? "; they have no splits" : "; their splits are " + joined_text(splits, ", ");
}

std::string named(const Reference& reference) {
  return "\"" + (reference.other_id.empty() ? reference.id : reference.other_id) + "\"";
}

[[noreturn]] void fail_as_ambiguous(const std::vector<const Reference*>& found, const Prediction& prediction) {
  const Reference& first = *found[0];
  const auto other =
      std::find_if(found.begin(), found.end(), [&](const Reference* r) { return r->split != first.split; });
  if (other == found.end() && found.size() > 1 && found[1]->id != first.id) {
    throw InputError("the predicted id \"" + prediction.id + "\" may be \"" + first.id + "\" or \"" + found[1]->id +
                     "\" of the references: write the whole ids into the predictions");
  }
  if (other == found.end()) {
    throw InputError("the references hold the id \"" + first.id + "\" more than once, for different pairs");
  }
  throw InputError("the id \"" + prediction.id + "\" is in the split \"" + first.split +
                   "\" of the references and in \"" + (*other)->split +
                   "\": name the one that was captioned with --split");
}

}  // namespace

ReferenceIndex::ReferenceIndex(const std::vector<Reference>& references, const std::vector<Prediction>& predictions,
                               const std::string& split)
    : places_(references) {
  for (const Reference& reference : references) {
    if (split.empty() || pairs::same_split(reference.split, split)) add(reference);
  }
  if (by_id_.empty() && !references.empty()) {
    throw InputError("the references hold no split \"" + split + "\"" + known_splits(references));
  }
  look_at_numbers(predictions);
}

void ReferenceIndex::add(const Reference& reference) {
  const std::string id = id_stem(reference.id);
  const std::string other = id_stem(reference.other_id);
  by_id_[id].push_back(&reference);
  by_file_[other.empty() ? id : other].push_back(&reference);
  if (!reference.number.empty()) by_number_[reference.number].push_back(&reference);
  by_last_part_[file_name(id)].push_back(&reference);
  if (!other.empty() && file_name(other) != file_name(id)) by_last_part_[file_name(other)].push_back(&reference);
}

// COCO's results name an image by its number. Where none of them is one, they are names after all, and that is said.
void ReferenceIndex::look_at_numbers(const std::vector<Prediction>& predictions) {
  std::size_t keyed = 0;
  for (const Prediction& prediction : predictions) {
    if (prediction.named_by_file || !is_image_key(prediction.id_key)) continue;
    const References found = by_number(prediction);
    const bool is_coco = std::any_of(found.begin(), found.end(), [](const Reference* r) { return r->is_coco; });
    numbers_alone_ = numbers_alone_ || is_coco;
    ++keyed;
  }
  const bool has_coco = std::any_of(by_number_.begin(), by_number_.end(),
                                    [](const auto& entry) { return entry.second.front()->is_coco; });
  if (keyed > 0 && has_coco && !numbers_alone_) {
    notes_.push_back(
        "no \"image_id\" of the predictions is the \"id\" of an image of the references: they are taken for "
        "names of files");
  }
}

bool ReferenceIndex::may_be_number(const Prediction& prediction, const Reference& reference) const {
  return reference.is_coco || prediction.id_key == reference.number_key;
}

ReferenceIndex::References ReferenceIndex::by_number(const Prediction& prediction) const {
  References out;
  const auto found = by_number_.find(prediction.id);
  if (found == by_number_.end()) return out;
  for (const Reference* reference : found->second) {
    if (may_be_number(prediction, *reference)) out.push_back(reference);
  }
  return out;
}

// The same id, or the same file. A file's name is compared with names alone: an id that reads like it is another's.
ReferenceIndex::References ReferenceIndex::by_name(const Prediction& prediction) const {
  const std::string id = id_stem(prediction.id);
  for (const std::string& text : {id, id_stem(prediction.other_id)}) {
    if (text.empty()) continue;
    const bool is_file = prediction.named_by_file || text != id;
    for (const Index* index : {&by_id_, &by_file_}) {
      if (is_file && index == &by_id_) continue;
      if (const auto found = index->find(text); found != index->end()) return found->second;
    }
  }
  return {};
}

ReferenceIndex::References ReferenceIndex::by_id_or_number(const Prediction& prediction) const {
  if (prediction.named_by_file) return by_name(prediction);
  const References numbered = by_number(prediction);
  const bool is_image_id = is_image_key(prediction.id_key);
  if (is_image_id && numbers_alone_) return numbered;
  const References called = by_name(prediction);
  if (numbered.empty() || called.empty()) return numbered.empty() ? called : numbered;
  const bool are_one = std::find(called.begin(), called.end(), numbered.front()) != called.end();
  if (are_one) return called;
  // The picture tells which of the two is meant, where the record names it; so does a number as such.
  const std::string picture = id_stem(file_name(prediction.before));
  if (!picture.empty()) {
    const auto shows = [&](const References& some) {
      return std::any_of(some.begin(), some.end(), [&](const Reference* r) {
        const std::string& name = !r->before.empty() ? r->before : r->other_id.empty() ? r->id : r->other_id;
        return id_stem(file_name(name)) == picture;
      });
    };
    if (shows(called) != shows(numbered)) return shows(called) ? called : numbered;
  }
  if (prediction.id_is_number && prediction.id_key == numbered.front()->number_key) return numbered;
  throw InputError("the id \"" + prediction.id + "\" of the predictions is the number of " + named(*numbered.front()) +
                   " in the references and the name of another: call its key \"image_id\" where it is the number, or "
                   "write the file's name with its extension (\"" +
                   prediction.id + ".png\")");
}

// An id in several splits is told apart by what the prediction says of its split. What is said to be of another is not
// it, even where it is the only one.
FoundReference ReferenceIndex::one_of(const References& found, const Prediction& prediction) const {
  References fitting, agreeing;
  for (const Reference* reference : found) {
    const Agreement agreement = places_.splits(prediction, *reference);
    if (agreement != Agreement::kContradicts) fitting.push_back(reference);
    if (agreement == Agreement::kAgrees) agreeing.push_back(reference);
  }
  const References& best = agreeing.empty() ? fitting : agreeing;
  if (best.size() == 1) return {best[0], best[0]->id_is_made && places_.are_apart(prediction, *best[0])};
  if (best.empty()) return {nullptr, false, found.front()};
  References placed;
  for (const Reference* reference : best) {
    if (places_.is_told(prediction, *reference)) placed.push_back(reference);
  }
  if (placed.size() == 1) return {placed[0]};
  fail_as_ambiguous(best, prediction);
}

FoundReference ReferenceIndex::by_last_part(const Prediction& prediction) const {
  const auto found = by_last_part_.find(file_name(id_stem(prediction.id)));
  if (found == by_last_part_.end()) return {};
  References agreeing, unknown;
  for (const Reference* reference : found->second) {
    const Agreement agreement = places_.folders(prediction, *reference);
    if (agreement == Agreement::kAgrees) agreeing.push_back(reference);
    if (agreement == Agreement::kUnknown) unknown.push_back(reference);
  }
  const References& best = agreeing.empty() ? unknown : agreeing;
  if (best.empty()) return {nullptr, false, found->second.front()};
  if (best.size() == 1) return {best[0], agreeing.empty()};
  const bool are_different = std::any_of(
      best.begin(), best.end(), [&](const Reference* r) { return id_stem(r->id) != id_stem(best.front()->id); });
  if (!are_different) fail_as_ambiguous(best, prediction);
  return {nullptr, false, nullptr, best.size()};
}

FoundReference ReferenceIndex::find(const Prediction& prediction) const {
  const References found = by_id_or_number(prediction);
  if (!found.empty()) return one_of(found, prediction);
  // A number has no last part that may be the name of another picture.
  if (is_image_key(prediction.id_key) && numbers_alone_ && !prediction.named_by_file) return {};
  return by_last_part(prediction);
}

}  // namespace ccx::metrics
