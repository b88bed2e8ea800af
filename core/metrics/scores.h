// The metrics of a set of pairs together: corpus scores, scores a pair, subsets and bootstrap intervals.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/metrics/bleu.h"
#include "core/metrics/meteor.h"
#include "core/metrics/pair.h"

namespace ccx::metrics {

// The scorers' raw values: 0..1, CIDEr-D 0..10. S*_m = (BLEU-4 + METEOR + ROUGE-L + CIDEr-D) / 4, absent like METEOR
// where METEOR's data is not there.
struct Scores {
  std::size_t n = 0;  // pairs
  double bleu_1 = 0;
  double bleu_2 = 0;
  double bleu_3 = 0;
  double bleu_4 = 0;
  std::optional<double> meteor;
  double rouge_l = 0;
  double cider_d = 0;
  std::optional<double> s_m;
};

// A score by the name it has in tables and JSON.
struct NamedScore {
  const char* name;   // "bleu_1"
  const char* label;  // "BLEU-1"
  std::optional<double> value;
};
// BLEU-1..4, METEOR, ROUGE-L, CIDEr-D, S*_m, in this order.
std::vector<NamedScore> named_scores(const Scores& scores);

struct Interval {
  double low = 0;
  double high = 0;
};

// The 95 % interval of each named score, in the order of named_scores; absent where the score is.
using ScoreIntervals = std::vector<std::optional<Interval>>;

// Pairs that are scored once and then asked for any subset.
class ScoredPairs {
 public:
  // Texts as the protocol left them. `meteor` may be null. Throws InputError for a pair without references.
  ScoredPairs(std::vector<EvalPair> pairs, const Meteor* meteor);

  const std::vector<EvalPair>& pairs() const { return pairs_; }

  // What the scorers print when they are given these pairs alone: CIDEr-D counts documents among them only.
  Scores corpus(const std::vector<std::size_t>& indices) const;
  Scores corpus() const;

  // One Scores a pair (n = 1), sentence level; CIDEr-D with the document frequencies of all pairs.
  std::vector<Scores> per_pair() const;

  // Percentile bootstrap over pairs, `rounds` resamples of the subset with a seeded generator. CIDEr-D keeps each
  // pair's score from the whole subset, so that its document frequencies do not vary between resamples.
  ScoreIntervals bootstrap(const std::vector<std::size_t>& indices, int rounds, std::uint64_t seed) const;

 private:
  struct PairStats {
    BleuStats bleu;
    MeteorStats meteor;
    double rouge_l = 0;
  };
  std::vector<double> ciders(const std::vector<std::size_t>& indices) const;
  Scores sum(const std::vector<std::size_t>& indices, const std::vector<double>& ciders) const;

  std::vector<EvalPair> pairs_;
  bool has_meteor_ = false;
  std::vector<PairStats> stats_;
};

// The corpus scores of pairs whose texts a protocol has prepared.
Scores score_corpus(const std::vector<EvalPair>& pairs, const Meteor* meteor);

}  // namespace ccx::metrics
