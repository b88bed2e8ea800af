// An evaluation: predictions joined with references, scored in blocks, and what the scores hide - change flags,
// failures, confidence.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/io/file_kind.h"
#include "core/metrics/protocol.h"
#include "core/metrics/scores.h"
#include "core/pairs/lists/predictions.h"

namespace ccx::metrics {

using pairs::Prediction;
using pairs::Reference;

struct EvaluationOptions {
  Protocol protocol = Protocol::kCcexpert;
  std::string split;  // of the references; empty: those that the predictions touch
  // What says that nothing changed, in captions without a flag of their own. Empty: LEVIR-CC's five and, beside them,
  // what the references of unchanged pairs say.
  std::vector<std::string> no_change_sentences;
  bool strict = false;        // duplicates, missing and unknown ids are errors
  bool score_failed = false;  // failed records count as empty captions instead of being left out
  int bootstrap = 0;          // rounds, 0: no intervals
  std::uint64_t seed = 42;
};

// A pair that was scored, or one that failed.
struct EvaluatedPair {
  Prediction prediction;
  std::vector<std::string> references;  // as the file has them
  bool reference_changed = true;
  bool predicted_changed = true;
  std::optional<Scores> scores;  // sentence level, n = 1; absent for a failed record that was left out
  std::optional<double> s_m() const { return scores ? scores->s_m : std::nullopt; }
};

struct Block {
  Scores scores;
  ScoreIntervals intervals;  // empty without a bootstrap
};

// Counts of pairs by reference flag and predicted flag.
struct Confusion {
  std::size_t changed_as_changed = 0;
  std::size_t changed_as_unchanged = 0;  // missed changes
  std::size_t unchanged_as_changed = 0;  // false alarms
  std::size_t unchanged_as_unchanged = 0;
  std::size_t total() const;
  double accuracy() const;  // 0 where there are no pairs
};

// How well p_change means what it says, over pairs that carry it.
struct Calibration {
  struct Bin {
    std::size_t n = 0;
    double mean_p = 0;
    double changed_share = 0;
  };
  std::size_t n = 0;
  double brier = 0;  // mean (p - y)^2
  double ece = 0;    // expected calibration error: mean |changed share - mean p| over ten equal bins, weighted by n
  std::vector<Bin> bins;
};

// What is left to get wrong when only the surest part is kept, by mean log-probability, over pairs that carry it.
struct RiskCoverage {
  struct Point {
    double coverage = 0;  // 0.1 .. 1
    std::size_t n = 0;
    double flag_error = 0;    // share of wrong change flags
    double rouge_l_loss = 0;  // 1 - mean ROUGE-L of the sentences
  };
  std::vector<Point> points;
};

struct Evaluation {
  EvaluationOptions options;
  bool has_meteor = false;
  std::vector<EvaluatedPair> pairs;  // in the order of the predictions
  Block all, changed, unchanged;
  Confusion flag;
  std::optional<Calibration> calibration;
  std::optional<RiskCoverage> risk_coverage;
  std::vector<std::string> duplicates;  // ids that came again; the first one counted
  std::vector<std::string> unknown;     // predicted ids without references, left out
  std::vector<std::string> missing;     // references in the touched splits without a prediction
  // What was not joined although its name is a reference's: each with the reason.
  std::vector<std::string> elsewhere;
  std::vector<std::string> ambiguous;     // predicted ids that several references could be
  std::vector<std::string> by_last_part;  // predicted ids that are joined by their last part alone
  std::vector<std::string> notes;
  std::size_t failed = 0;             // records with an error among the matched ones
  std::vector<std::string> doubtful;  // captions taken for a change that read like none
};

// Joins by id, with or without image extension, then by the last part of the id where one reference alone can be meant
// and neither its split nor its folders are others (reference_index.h). `references` may be empty when the predictions
// bring theirs. Throws InputError where nothing can be scored, where what is joined is ambiguous, or under `strict`.
Evaluation evaluate(const std::vector<Prediction>& predictions, const std::vector<Reference>& references,
                    const EvaluationOptions& options, const Meteor* meteor);

// The whole evaluation but the pairs, and one pair as `--per-pair` writes it.
nlohmann::ordered_json to_json(const Evaluation& evaluation);
nlohmann::ordered_json to_json(const EvaluatedPair& pair);
// Files of such lines.
io::FileKind pair_scores_file();

}  // namespace ccx::metrics
