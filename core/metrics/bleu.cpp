#include "core/metrics/bleu.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/base/error.h"
#include "core/metrics/ngrams.h"

namespace ccx::metrics {
namespace {

constexpr double kTiny = 1e-15;  // keeps a precision of zero from making the product zero
constexpr double kSmall = 1e-9;  // keeps the divisions defined

std::int64_t closest_length(std::int64_t length, const std::vector<Words>& references) {
  std::int64_t best = static_cast<std::int64_t>(references.front().size());
  for (const Words& reference : references) {
    const std::int64_t candidate = static_cast<std::int64_t>(reference.size());
    const std::int64_t distance = std::abs(candidate - length);
    const std::int64_t best_distance = std::abs(best - length);
    if (distance < best_distance || (distance == best_distance && candidate < best)) best = candidate;
  }
  return best;
}

}  // namespace

BleuStats& BleuStats::operator+=(const BleuStats& other) {
  hypothesis_length += other.hypothesis_length;
  reference_length += other.reference_length;
  for (int k = 0; k < kBleuOrders; ++k) {
    guesses[k] += other.guesses[k];
    matches[k] += other.matches[k];
  }
  return *this;
}

BleuStats bleu_stats(const Words& hypothesis, const std::vector<Words>& references) {
  if (references.empty()) throw InputError("BLEU needs at least one reference for every hypothesis");
  BleuStats stats;
  stats.hypothesis_length = static_cast<std::int64_t>(hypothesis.size());
  stats.reference_length = closest_length(stats.hypothesis_length, references);
  for (int k = 0; k < kBleuOrders; ++k) {
    stats.guesses[k] = std::max<std::int64_t>(0, stats.hypothesis_length - k);
    std::vector<NgramCounts> reference_counts;
    for (const Words& reference : references) reference_counts.push_back(count_ngrams(reference, k + 1));
    for (const auto& [ngram, count] : count_ngrams(hypothesis, k + 1)) {
      int most = 0;
      for (const NgramCounts& counts : reference_counts) {
        const auto found = counts.find(ngram);
        if (found != counts.end()) most = std::max(most, found->second);
      }
      stats.matches[k] += std::min(count, most);
    }
  }
  return stats;
}

Bleu bleu_score(const BleuStats& stats) {
  const double ratio =
      (static_cast<double>(stats.hypothesis_length) + kTiny) / (static_cast<double>(stats.reference_length) + kSmall);
  const double brevity_penalty = ratio < 1 ? std::exp(1 - 1 / ratio) : 1.0;
  Bleu bleu{};
  double product = 1;
  for (int k = 0; k < kBleuOrders; ++k) {
    product *= (static_cast<double>(stats.matches[k]) + kTiny) / (static_cast<double>(stats.guesses[k]) + kSmall);
    bleu[k] = std::pow(product, 1.0 / (k + 1)) * brevity_penalty;
  }
  return bleu;
}

}  // namespace ccx::metrics
