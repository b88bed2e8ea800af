// BLEU-1..4 as the COCO caption scorer computes it. Source: Papineni et al. 2002, "BLEU: a method for automatic
// evaluation of machine translation", with the smoothing constants of pycocoevalcap.
//
// Pitfalls: the corpus score comes from summed counts and is not the mean of the sentences; the reference length is the
// one closest to the hypothesis (of two equally close ones, the shorter); counts are clipped by the largest count in
// any one reference. Other scorers (NLTK, sacreBLEU, mteval) differ in length rule, smoothing and tokenisation.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/metrics/text.h"

namespace ccx::metrics {

constexpr int kBleuOrders = 4;
using Bleu = std::array<double, kBleuOrders>;  // BLEU-1 .. BLEU-4, each cumulative and in 0..1

// What a sentence adds to the corpus: add the statistics, then score.
struct BleuStats {
  std::int64_t hypothesis_length = 0;
  std::int64_t reference_length = 0;
  std::array<std::int64_t, kBleuOrders> guesses{};  // n-grams in the hypothesis
  std::array<std::int64_t, kBleuOrders> matches{};  // of them in a reference, clipped

  BleuStats& operator+=(const BleuStats& other);
};

// At least one reference, or InputError.
BleuStats bleu_stats(const Words& hypothesis, const std::vector<Words>& references);

// (prod_{k<=n} (matches_k + 1e-15) / (guesses_k + 1e-9))^(1/n), times exp(1 - 1/ratio) when the length ratio
// (hypothesis + 1e-15) / (reference + 1e-9) is below 1. Holds for one sentence and for sums alike.
Bleu bleu_score(const BleuStats& stats);

}  // namespace ccx::metrics
