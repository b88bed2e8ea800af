// Repetition penalty, temperature, top-k and top-p.
#include "core/generate/score_processing.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace ccx::generate {

namespace {

struct Scored {
  std::int64_t token;
  double score;
};

// The score of the k-th best.
float kth_largest(std::span<const float> scores, std::size_t k) {
  std::vector<float> sorted(scores.begin(), scores.end());
  const auto kth = sorted.begin() + static_cast<std::ptrdiff_t>(k - 1);
  std::nth_element(sorted.begin(), kth, sorted.end(), std::greater<>());
  return *kth;
}

}  // namespace

void apply_repetition_penalty(std::span<float> scores, std::span<const std::int64_t> generated, double penalty) {
  if (penalty == 1.0) return;
  std::vector<std::int64_t> distinct(generated.begin(), generated.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  const auto factor = static_cast<float>(penalty);
  for (const std::int64_t token : distinct) {
    float& score = scores[static_cast<std::size_t>(token)];
    score = score < 0 ? score * factor : score / factor;
  }
}

std::vector<Candidate> sampling_candidates(std::span<const float> scores, double temperature, std::int64_t top_k,
                                           double top_p) {
  float threshold = -std::numeric_limits<float>::infinity();
  if (top_k > 0 && static_cast<std::uint64_t>(top_k) < scores.size()) {
    threshold = kth_largest(scores, static_cast<std::size_t>(top_k));
  }
  std::vector<Scored> kept;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i] < threshold || std::isinf(scores[i])) continue;
    kept.push_back({static_cast<std::int64_t>(i), static_cast<double>(scores[i]) / temperature});
  }
  std::stable_sort(kept.begin(), kept.end(), [](const Scored& a, const Scored& b) { return a.score < b.score; });

  double sum = 0;
  for (const Scored& scored : kept) sum += std::exp(scored.score - kept.back().score);
  std::vector<Candidate> candidates;
  double cumulative = 0;
  double left = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const double probability = std::exp(kept[i].score - kept.back().score) / sum;
    cumulative += probability;
    const bool last = i + 1 == kept.size();
    if (top_p < 1 && cumulative <= 1 - top_p && !last) continue;
    candidates.push_back({kept[i].token, probability});
    left += probability;
  }
  for (Candidate& candidate : candidates) candidate.probability /= left;
  return candidates;
}

std::int64_t pick(const std::vector<Candidate>& candidates, double draw) {
  double cumulative = 0;
  for (const Candidate& candidate : candidates) {
    cumulative += candidate.probability;
    if (draw < cumulative) return candidate.token;
  }
  return candidates.back().token;  // rounding left the sum below the draw
}

}  // namespace ccx::generate
