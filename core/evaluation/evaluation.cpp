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
#include "core/pairs/lists/values.h"

namespace ccx::metrics {
namespace {

using pairs::id_stem;

std::string file_name(const std::string& id) {
  return id.substr(id.find_last_of('/') + 1);
}

bool has_part(const std::string& path, const std::string& part) {
  return !part.empty() && ("/" + path + "/").find("/" + part + "/") != std::string::npos;
}

// Finds the reference of a prediction.
class ReferenceIndex {
 public:
  ReferenceIndex(const std::vector<Reference>& references, const std::string& split) {
    for (const Reference& reference : references) {
      if (!split.empty() && !pairs::same_split(reference.split, split)) continue;
      by_id_[id_stem(reference.id)].push_back(&reference);
      const std::string other = id_stem(reference.other_id);
      if (!other.empty() && other != id_stem(reference.id)) by_other_id_[other].push_back(&reference);
      by_name_[file_name(id_stem(reference.id))].push_back(&reference);
    }
    if (by_id_.empty() && !references.empty()) {
      throw InputError("the references hold no split \"" + split + "\"" + known_splits(references));
    }
  }

  const Reference* find(const Prediction& prediction) const {
    for (const std::string& id : {id_stem(prediction.id), id_stem(prediction.other_id)}) {
      if (id.empty()) continue;
      for (const Index* index : {&by_id_, &by_other_id_}) {
        if (const auto found = index->find(id); found != index->end()) return one_of(found->second, prediction);
      }
    }
    const auto named = by_name_.find(file_name(id_stem(prediction.id)));
    if (named == by_name_.end()) return nullptr;
    const bool are_different = std::any_of(named->second.begin(), named->second.end(), [&](const Reference* other) {
      return id_stem(other->id) != id_stem(named->second.front()->id);
    });
    return are_different ? nullptr : one_of(named->second, prediction);
  }

 private:
  using Index = std::unordered_map<std::string, std::vector<const Reference*>>;

  static std::string known_splits(const std::vector<Reference>& references) {
    std::set<std::string> splits;
    for (const Reference& reference : references) splits.insert(reference.split);
    splits.erase("");
    return splits.empty() ? "; they have no splits" : "; their splits are " + joined_text(splits, ", ");
  }

  // An id in several splits is told apart by a prediction that names the split in its id or its pictures' paths.
  static const Reference* one_of(const std::vector<const Reference*>& found, const Prediction& prediction) {
    if (found.size() == 1) return found[0];
    const Reference* named = nullptr;
    std::size_t fitting = 0;
    for (const Reference* reference : found) {
      if (!has_part(prediction.id, reference->split) && !has_part(prediction.before, reference->split)) continue;
      named = reference;
      ++fitting;
    }
    if (fitting == 1) return named;
    const Reference& first = *found[0];
    const auto other =
        std::find_if(found.begin(), found.end(), [&](const Reference* r) { return r->split != first.split; });
    if (other == found.end()) {
      throw InputError("the references hold the id \"" + first.id + "\" more than once, for different pairs");
    }
    throw InputError("the id \"" + prediction.id + "\" is in the split \"" + first.split +
                     "\" of the references and in \"" + (*other)->split +
                     "\": name the one that was captioned with --split");
  }

  Index by_id_, by_other_id_, by_name_;
};

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

void join(Evaluation& evaluation, const std::vector<Prediction>& predictions,
          const std::vector<Reference>& references) {
  const ReferenceIndex index(references, evaluation.options.split);
  const NoChange no_change(evaluation.options.no_change_sentences, predictions, references);
  std::set<const Reference*> used;
  std::set<std::string> touched_splits;
  std::unordered_set<std::string> seen;
  for (const Prediction& prediction : predictions) {
    const Reference* reference = index.find(prediction);
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
    pair.reference_changed = changed.value_or(!no_change.holds_all(pair.references));
    pair.predicted_changed = prediction.changed.value_or(!no_change.holds(prediction.caption));
    if (!prediction.changed && pair.predicted_changed && prediction.error.empty() &&
        sounds_like_no_change(prediction.caption)) {
      evaluation.doubtful.push_back(prediction.caption);
    }
    if (!prediction.error.empty()) ++evaluation.failed;
    evaluation.pairs.push_back(std::move(pair));
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
