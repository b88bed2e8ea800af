#include "core/metrics/evaluation.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "core/graph/error.h"
#include "core/metrics/confidence.h"
#include "core/metrics/text.h"

namespace ccx::metrics {
namespace {

std::string file_name(const std::string& id) {
  return id.substr(id.find_last_of('/') + 1);
}

// Finds the reference of a predicted id.
class ReferenceIndex {
 public:
  ReferenceIndex(const std::vector<Reference>& references, const std::string& split) {
    for (const Reference& reference : references) {
      if (!split.empty() && reference.split != split) continue;
      by_id_.emplace(id_stem(reference.id), &reference);
      const auto [at, fresh] = by_name_.emplace(file_name(id_stem(reference.id)), &reference);
      if (!fresh && id_stem(at->second->id) != id_stem(reference.id)) ambiguous_.insert(at->first);
    }
    if (by_id_.empty() && !references.empty()) throw InputError("the references hold no split \"" + split + "\"");
  }

  const Reference* find(const std::string& id) const {
    const auto exact = by_id_.find(id_stem(id));
    if (exact != by_id_.end()) return exact->second;
    const std::string name = file_name(id_stem(id));
    const auto named = by_name_.find(name);
    return named == by_name_.end() || ambiguous_.count(name) != 0 ? nullptr : named->second;
  }

 private:
  std::unordered_map<std::string, const Reference*> by_id_;
  std::unordered_map<std::string, const Reference*> by_name_;
  std::unordered_set<std::string> ambiguous_;
};

bool all_stock(const std::vector<std::string>& sentences) {
  return std::all_of(sentences.begin(), sentences.end(), is_stock_sentence);
}

std::string first_few(const std::vector<std::string>& ids) {
  std::string text;
  for (std::size_t i = 0; i < ids.size() && i < 10; ++i) text += (i == 0 ? "" : ", ") + ids[i];
  return ids.size() > 10 ? text + " and " + std::to_string(ids.size() - 10) + " more" : text;
}

void join(Evaluation& evaluation, const std::vector<Prediction>& predictions,
          const std::vector<Reference>& references) {
  const ReferenceIndex index(references, evaluation.options.split);
  std::set<const Reference*> used;
  std::set<std::string> touched_splits;
  std::unordered_set<std::string> seen;
  for (const Prediction& prediction : predictions) {
    const Reference* reference = index.find(prediction.id);
    if (!seen.insert(reference != nullptr ? id_stem(reference->id) : id_stem(prediction.id)).second) {
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
      used.insert(reference);
      touched_splits.insert(reference->split);
    }
    if (pair.references.empty() || (reference == nullptr && !references.empty())) {
      evaluation.unknown.push_back(prediction.id);
      continue;
    }
    pair.reference_changed = changed.value_or(!all_stock(pair.references));
    pair.predicted_changed = prediction.changed.value_or(!is_stock_sentence(prediction.caption));
    if (!prediction.error.empty()) ++evaluation.failed;
    evaluation.pairs.push_back(std::move(pair));
  }
  for (const Reference& reference : references) {
    const bool wanted = evaluation.options.split.empty() ? touched_splits.count(reference.split) != 0
                                                         : reference.split == evaluation.options.split;
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
  add("references without a prediction", evaluation.missing);
  if (!wrong.empty()) throw InputError("--strict: " + wrong);
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

bool is_stock_sentence(const std::string& text) {
  static const std::set<std::string> sentences = {"there is no difference", "the two scenes seem identical",
                                                  "the scene is the same as before", "no change has occurred",
                                                  "almost nothing has changed"};
  std::string plain;
  for (const std::string& word : split_whitespace(lower(text))) {
    std::string kept;
    for (char c : word) kept += c == '.' ? std::string() : std::string(1, c);
    if (!kept.empty()) plain += (plain.empty() ? "" : " ") + kept;
  }
  return sentences.count(plain) != 0;
}

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
  if (evaluation.pairs.empty()) {
    throw InputError(references.empty() ? "the predictions bring no references: name a file with --refs"
                                        : "no predicted id has a reference; the first predicted id is \"" +
                                              (predictions.empty() ? "" : predictions.front().id) +
                                              "\", the first reference \"" + references.front().id + "\"");
  }

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
