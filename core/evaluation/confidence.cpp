#include "core/evaluation/confidence.h"

#include <algorithm>
#include <cmath>

namespace ccx::metrics {
namespace {

constexpr std::size_t kBins = 10;
constexpr std::size_t kPoints = 10;

bool captioned(const EvaluatedPair& pair) {
  return pair.scores && pair.prediction.error.empty();
}

}  // namespace

std::optional<Calibration> calibrate(const std::vector<EvaluatedPair>& pairs) {
  Calibration result;
  result.bins.resize(kBins);
  for (const EvaluatedPair& pair : pairs) {
    if (!captioned(pair) || !pair.prediction.p_change) continue;
    const double p = *pair.prediction.p_change;
    const double truth = pair.reference_changed ? 1 : 0;
    Calibration::Bin& bin = result.bins[std::min(kBins - 1, static_cast<std::size_t>(p * kBins))];
    ++bin.n;
    bin.mean_p += p;
    bin.changed_share += truth;
    ++result.n;
    result.brier += (p - truth) * (p - truth);
  }
  if (result.n == 0) return std::nullopt;
  result.brier /= static_cast<double>(result.n);
  for (Calibration::Bin& bin : result.bins) {
    if (bin.n == 0) continue;
    bin.mean_p /= static_cast<double>(bin.n);
    bin.changed_share /= static_cast<double>(bin.n);
    result.ece += std::abs(bin.mean_p - bin.changed_share) * static_cast<double>(bin.n) / static_cast<double>(result.n);
  }
  return result;
}

std::optional<RiskCoverage> risk_by_confidence(const std::vector<EvaluatedPair>& pairs) {
  std::vector<const EvaluatedPair*> surest;
  for (const EvaluatedPair& pair : pairs) {
    if (captioned(pair) && pair.prediction.logprob_mean) surest.push_back(&pair);
  }
  if (surest.size() < kPoints) return std::nullopt;
  std::stable_sort(surest.begin(), surest.end(), [](const EvaluatedPair* a, const EvaluatedPair* b) {
    return *a->prediction.logprob_mean > *b->prediction.logprob_mean;
  });
  RiskCoverage result;
  std::size_t taken = 0;
  double wrong = 0;
  double rouge = 0;
  for (std::size_t point = 1; point <= kPoints; ++point) {
    for (; taken < surest.size() * point / kPoints; ++taken) {
      wrong += surest[taken]->predicted_changed != surest[taken]->reference_changed ? 1 : 0;
      rouge += surest[taken]->scores->rouge_l;
    }
    const double n = static_cast<double>(taken);
    result.points.push_back({static_cast<double>(point) / kPoints, taken, wrong / n, 1 - rouge / n});
  }
  return result;
}

}  // namespace ccx::metrics
