#include "core/metrics/scores.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "core/metrics/cider_d.h"
#include "core/metrics/rouge_l.h"

namespace ccx::metrics {
namespace {

std::vector<std::size_t> first_n(std::size_t n) {
  std::vector<std::size_t> indices(n);
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  return indices;
}

std::vector<Words> split_all(const std::vector<std::string>& texts) {
  std::vector<Words> words;
  for (const std::string& text : texts) words.push_back(split_whitespace(text));
  return words;
}

void set_bleu(Scores& scores, const Bleu& bleu) {
  scores.bleu_1 = bleu[0];
  scores.bleu_2 = bleu[1];
  scores.bleu_3 = bleu[2];
  scores.bleu_4 = bleu[3];
}

void set_meteor(Scores& scores, double meteor) {
  scores.meteor = meteor;
  scores.s_m = (scores.bleu_4 + meteor + scores.rouge_l + scores.cider_d) / 4;
}

// A uniform draw from 0..n-1 that does not depend on the standard library: the high half of a 64 x 64 bit product.
std::size_t draw(std::mt19937_64& generator, std::size_t n) {
  const std::uint64_t high = generator() >> 32;
  return static_cast<std::size_t>(high * static_cast<std::uint64_t>(n) >> 32);
}

// The percentile of sorted values, interpolated linearly.
double percentile(const std::vector<double>& sorted, double share) {
  const double position = share * static_cast<double>(sorted.size() - 1);
  const std::size_t below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - static_cast<double>(below));
}

}  // namespace

std::vector<NamedScore> named_scores(const Scores& scores) {
  return {{"bleu_1", "BLEU-1", scores.bleu_1},    {"bleu_2", "BLEU-2", scores.bleu_2},
          {"bleu_3", "BLEU-3", scores.bleu_3},    {"bleu_4", "BLEU-4", scores.bleu_4},
          {"meteor", "METEOR", scores.meteor},    {"rouge_l", "ROUGE-L", scores.rouge_l},
          {"cider_d", "CIDEr-D", scores.cider_d}, {"s_m", "S*_m", scores.s_m}};
}

ScoredPairs::ScoredPairs(std::vector<EvalPair> pairs, const Meteor* meteor)
    : pairs_(std::move(pairs)), has_meteor_(meteor != nullptr) {
  stats_.reserve(pairs_.size());
  for (const EvalPair& pair : pairs_) {
    PairStats stats;
    stats.bleu = bleu_stats(split_whitespace(pair.hypothesis), split_all(pair.references));
    stats.rouge_l = rouge_l(pair.hypothesis, pair.references);
    if (meteor != nullptr) stats.meteor = meteor->stats(pair.hypothesis, pair.references);
    stats_.push_back(stats);
  }
}

std::vector<double> ScoredPairs::ciders(const std::vector<std::size_t>& indices) const {
  std::vector<CiderInput> inputs;
  inputs.reserve(indices.size());
  for (std::size_t i : indices) {
    inputs.push_back({split_whitespace(pairs_[i].hypothesis), split_all(pairs_[i].references)});
  }
  return cider_d(inputs);
}

Scores ScoredPairs::sum(const std::vector<std::size_t>& indices, const std::vector<double>& cider) const {
  Scores scores;
  scores.n = indices.size();
  if (indices.empty()) return scores;
  BleuStats bleu;
  MeteorStats meteor;
  for (std::size_t k = 0; k < indices.size(); ++k) {
    const PairStats& stats = stats_[indices[k]];
    bleu += stats.bleu;
    scores.rouge_l += stats.rouge_l;
    scores.cider_d += cider[k];
    if (has_meteor_) meteor += stats.meteor;
  }
  set_bleu(scores, bleu_score(bleu));
  scores.rouge_l /= static_cast<double>(indices.size());
  scores.cider_d /= static_cast<double>(indices.size());
  if (has_meteor_) set_meteor(scores, meteor_score(meteor));
  return scores;
}

Scores ScoredPairs::corpus(const std::vector<std::size_t>& indices) const {
  return sum(indices, ciders(indices));
}

Scores ScoredPairs::corpus() const {
  return corpus(first_n(pairs_.size()));
}

std::vector<Scores> ScoredPairs::per_pair() const {
  const std::vector<double> cider = ciders(first_n(pairs_.size()));
  std::vector<Scores> all;
  all.reserve(pairs_.size());
  for (std::size_t i = 0; i < pairs_.size(); ++i) all.push_back(sum({i}, {cider[i]}));
  return all;
}

ScoreIntervals ScoredPairs::bootstrap(const std::vector<std::size_t>& indices, int rounds, std::uint64_t seed) const {
  const std::vector<NamedScore> named = named_scores(corpus(indices));
  ScoreIntervals intervals(named.size());
  if (indices.empty() || rounds < 1) return intervals;
  const std::vector<double> cider = ciders(indices);
  std::mt19937_64 generator(seed);
  std::vector<std::vector<double>> values(named.size());
  std::vector<std::size_t> resample(indices.size());
  std::vector<double> resampled_cider(indices.size());
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t k = 0; k < indices.size(); ++k) {
      const std::size_t pick = draw(generator, indices.size());
      resample[k] = indices[pick];
      resampled_cider[k] = cider[pick];
    }
    const std::vector<NamedScore> scores = named_scores(sum(resample, resampled_cider));
    for (std::size_t s = 0; s < scores.size(); ++s) {
      if (scores[s].value) values[s].push_back(*scores[s].value);
    }
  }
  for (std::size_t s = 0; s < named.size(); ++s) {
    if (values[s].empty()) continue;
    std::sort(values[s].begin(), values[s].end());
    intervals[s] = Interval{percentile(values[s], 0.025), percentile(values[s], 0.975)};
  }
  return intervals;
}

Scores score_corpus(const std::vector<EvalPair>& pairs, const Meteor* meteor) {
  return ScoredPairs(pairs, meteor).corpus();
}

}  // namespace ccx::metrics
