#include "core/evaluation/evaluation.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "core/base/error.h"
#include "core/base/joined.h"
#include "core/base/no_change.h"
#include "core/evaluation/confidence.h"
#include "core/evaluation/reference_index.h"
#include "core/pairs/lists/values.h"

namespace ccx::metrics {
namespace {

using pairs::id_stem;

// What says that nothing changed.
class NoChange {
 public:
  NoChange(const std::vector<std::string>& given, const std::vector<Prediction>& predictions,
           const std::vector<Reference>& references) {
    const auto add = [this](const std::vector<std::string>& sentences) {
      for (const std::string& sentence : sentences) known_.insert(normalise_sentence(sentence));
    };
    add(given);
    if (given.empty()) {
      add(levir_cc_no_change_sentences());
      for (const Reference& reference : references) {
        if (reference.changed == false) add(reference.sentences);
      }
      for (const Prediction& prediction : predictions) {
        if (prediction.reference_changed == false) add(prediction.references);
      }
    }
    known_.erase("");
  }

  bool holds(const std::string& caption) const { return known_.count(normalise_sentence(caption)) != 0; }
  bool holds_all(const std::vector<std::string>& sentences) const {
    return std::all_of(sentences.begin(), sentences.end(),
                       [this](const std::string& sentence) { return holds(sentence); });
  }

 private:
  std::unordered_set<std::string> known_;
};

std::string first_few(const std::vector<std::string>& ids) {
  std::string text;
  for (std::size_t i = 0; i < ids.size() && i < 10; ++i) text += (i == 0 ? "" : ", ") + ids[i];
  return ids.size() > 10 ? text + " and " + std::to_string(ids.size() - 10) + " more" : text;
}

// Of several predictions that only the last part of their ids joins with one reference, any may be the one that is
// meant.
void require_one_each(const std::vector<Prediction>& predictions, const std::vector<FoundReference>& found) {
  std::unordered_map<const Reference*, std::size_t> first;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].reference == nullptr) continue;
    const auto [known, is_new] = first.emplace(found[i].reference, i);
    if (is_new || (!found[i].by_last_part && !found[known->second].by_last_part)) continue;
    const std::string& one = predictions[known->second].id;
    const std::string& other = predictions[i].id;
    if (id_stem(one) == id_stem(other)) continue;
    throw InputError("the predictions \"" + one + "\" and \"" + other + "\" may both be the reference \"" +
                     found[i].reference->id +
                     "\", which says of no folder that it is its own: give the references ids with their folders, or "
                     "score the predictions of one folder alone");
  }
}

// Whether a prediction has no reference of its own, which is then kept with the reason.
bool is_left_out(Evaluation& evaluation, const std::string& id, const FoundReference& found, bool has_none,
                 const ReferenceIndex& index) {
  if (found.other != nullptr) {
    evaluation.elsewhere.push_back(id + ": the reference " + found.other->id + " is " +
                                   index.places().described(*found.other));
  } else if (found.rivals > 1) {
    evaluation.ambiguous.push_back(id);
  } else if (has_none) {
    evaluation.unknown.push_back(id);
  } else {
    return false;
  }
  return true;
}

// Whether the pair changed, and was said to have: by flags, or by sentences where there are none. changed: the
// reference's flag.
void set_flags(Evaluation& evaluation, EvaluatedPair& pair, std::optional<bool> changed, const NoChange& no_change,
               std::vector<std::string>& doubtful_references) {
  const Prediction& prediction = pair.prediction;
  pair.reference_changed = changed.value_or(!no_change.holds_all(pair.references));
  if (!changed && pair.reference_changed && !pair.references.empty() &&
      std::all_of(pair.references.begin(), pair.references.end(), sounds_like_no_change)) {
    doubtful_references.push_back(pair.references.front());
  }
  pair.predicted_changed = prediction.changed.value_or(!no_change.holds(prediction.caption));
  if (!prediction.changed && pair.predicted_changed && prediction.error.empty() &&
      sounds_like_no_change(prediction.caption)) {
    evaluation.doubtful.push_back(prediction.caption);
  }
  if (!prediction.error.empty()) ++evaluation.failed;
}

void join(Evaluation& evaluation, const std::vector<Prediction>& predictions,
          const std::vector<Reference>& references) {
  const ReferenceIndex index(references, predictions, evaluation.options.split);
  const NoChange no_change(evaluation.options.no_change_sentences, predictions, references);
  evaluation.notes = index.notes();
  std::vector<FoundReference> all_found;
  all_found.reserve(predictions.size());
  for (const Prediction& prediction : predictions) all_found.push_back(index.find(prediction));
  require_one_each(predictions, all_found);
  std::unordered_set<const Reference*> used;
  std::set<std::string> touched_splits;
  std::unordered_set<std::string> seen;
  std::vector<std::string> doubtful_references;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const Prediction& prediction = predictions[i];
    const FoundReference& found = all_found[i];
    const Reference* reference = found.reference;
    const bool is_new =
        reference != nullptr ? used.insert(reference).second : seen.insert(id_stem(prediction.id)).second;
    if (!is_new) {
      evaluation.duplicates.push_back(prediction.id);
      continue;
    }
    EvaluatedPair pair{prediction, prediction.references, true, true, std::nullopt};
    std::optional<bool> changed = prediction.reference_changed;
    if (reference != nullptr) {
      pair.references = reference->sentences;
      changed = reference->changed ? reference->changed : changed;
      if (pair.prediction.before.empty()) pair.prediction.before = reference->before;
      if (pair.prediction.after.empty()) pair.prediction.after = reference->after;
      touched_splits.insert(reference->split);
      if (found.by_last_part) evaluation.by_last_part.push_back(prediction.id);
    }
    const bool has_none = pair.references.empty() || (reference == nullptr && !references.empty());
    if (is_left_out(evaluation, prediction.id, found, has_none, index)) continue;
    set_flags(evaluation, pair, changed, no_change, doubtful_references);
    evaluation.pairs.push_back(std::move(pair));
  }
  if (!doubtful_references.empty()) {
    evaluation.notes.push_back(std::to_string(doubtful_references.size()) +
                               " pairs without a flag count as changed but their references read like no change; "
                               "--no-change-sentences names what says so (such as " +
                               doubtful_references.front() + ")");
  }
  for (const Reference& reference : references) {
    const bool wanted = evaluation.options.split.empty() ? touched_splits.count(reference.split) != 0
                                                         : pairs::same_split(reference.split, evaluation.options.split);
    if (wanted && used.count(&reference) == 0) evaluation.missing.push_back(reference.id);
  }
}

void require_complete(const Evaluation& evaluation) {
  std::string wrong;
  const auto add = [&](const std::string& what, const std::vector<std::string>& ids) {
    if (!ids.empty())
      wrong += (wrong.empty() ? "" : "; ") + std::to_string(ids.size()) + " " + what + ": " + first_few(ids);
  };
  add("duplicate ids", evaluation.duplicates);
  add("predicted ids without references", evaluation.unknown);
  add("predictions of another split or place than the reference of their name", evaluation.elsewhere);
  add("predicted ids that several references could be", evaluation.ambiguous);
  add("references without a prediction", evaluation.missing);
  if (!wrong.empty()) throw InputError("--strict: " + wrong);
}

std::string nothing_to_score(const Evaluation& evaluation, const std::vector<Prediction>& predictions,
                             const std::vector<Reference>& references) {
  if (references.empty()) return "the predictions bring no references: name a file with --refs";
  if (!evaluation.elsewhere.empty()) {
    return "every prediction that has a reference of its name is of another split or place, such as " +
           evaluation.elsewhere.front() + "; name the references of the pairs that were captioned";
  }
  if (!evaluation.ambiguous.empty()) {
    return "the predicted id \"" + evaluation.ambiguous.front() +
           "\" may be one of several references: write ids with their folders, as the references have them";
  }
  return "no predicted id has a reference; the first predicted id is \"" +
         (predictions.empty() ? "" : predictions.front().id) + "\", the first reference \"" + references.front().id +
         "\"";
}

void count(Confusion& flag, const EvaluatedPair& pair) {
  if (pair.reference_changed) {
    ++(pair.predicted_changed ? flag.changed_as_changed : flag.changed_as_unchanged);
  } else {
    ++(pair.predicted_changed ? flag.unchanged_as_changed : flag.unchanged_as_unchanged);
  }
}

Block block_of(const ScoredPairs& scored, const std::vector<std::size_t>& indices, const EvaluationOptions& options) {
  return {scored.corpus(indices),
          options.bootstrap > 0 ? scored.bootstrap(indices, options.bootstrap, options.seed) : ScoreIntervals()};
}

}  // namespace

std::size_t Confusion::total() const {
  return changed_as_changed + changed_as_unchanged + unchanged_as_changed + unchanged_as_unchanged;
}

double Confusion::accuracy() const {
  if (total() == 0) return 0;
  return static_cast<double>(changed_as_changed + unchanged_as_unchanged) / static_cast<double>(total());
}

Evaluation evaluate(const std::vector<Prediction>& predictions, const std::vector<Reference>& references,
                    const EvaluationOptions& options, const Meteor* meteor) {
  Evaluation evaluation;
  evaluation.options = options;
  evaluation.has_meteor = meteor != nullptr;
  join(evaluation, predictions, references);
  if (options.strict) require_complete(evaluation);
  if (evaluation.pairs.empty()) throw InputError(nothing_to_score(evaluation, predictions, references));

  std::vector<EvalPair> texts;
  std::vector<std::size_t> owners;  // texts[k] belongs to pairs[owners[k]]
  for (std::size_t i = 0; i < evaluation.pairs.size(); ++i) {
    const EvaluatedPair& pair = evaluation.pairs[i];
    const bool failed = !pair.prediction.error.empty();
    if (failed && !options.score_failed) continue;
    texts.push_back({pair.prediction.id, failed ? "" : pair.prediction.caption, pair.references});
    owners.push_back(i);
  }
  const ScoredPairs scored(prepare(texts, options.protocol), meteor);
  const std::vector<Scores> each = scored.per_pair();
  std::vector<std::size_t> all, changed, unchanged;
  for (std::size_t k = 0; k < owners.size(); ++k) {
    EvaluatedPair& pair = evaluation.pairs[owners[k]];
    pair.scores = each[k];
    all.push_back(k);
    (pair.reference_changed ? changed : unchanged).push_back(k);
    if (pair.prediction.error.empty()) count(evaluation.flag, pair);
  }
  evaluation.all = block_of(scored, all, options);
  evaluation.changed = block_of(scored, changed, options);
  evaluation.unchanged = block_of(scored, unchanged, options);
  evaluation.calibration = calibrate(evaluation.pairs);
  evaluation.risk_coverage = risk_by_confidence(evaluation.pairs);
  return evaluation;
}

}  // namespace ccx::metrics
