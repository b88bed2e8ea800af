// METEOR's alignment of two sentences: all matches of the four stages, then the beam search that picks the largest
// consistent set of them. Source: Denkowski & Lavie 2014, "Meteor Universal", section 2.1; the order of candidates, the
// integer arithmetic and the tie rules were found by comparing with METEOR 1.5 (docs/evaluation.md).
#pragma once

#include <array>
#include <string>
#include <vector>

#include "core/metrics/meteor_data.h"

namespace ccx::metrics {

constexpr int kMeteorStages = 4;  // exact, stem, synonym, paraphrase, in this order
constexpr int kMeteorExact = 0;
constexpr std::array<double, kMeteorStages> kMeteorStageWeights = {1.0, 0.6, 0.8, 0.6};
constexpr std::size_t kMeteorBeam = 40;

// A span of the hypothesis matched with a span of the reference.
struct MeteorMatch {
  int hypothesis_start = 0;
  int hypothesis_length = 1;
  int reference_start = 0;
  int reference_length = 1;
  int stage = 0;
};

struct MeteorAlignment {
  std::vector<MeteorMatch> matches;  // ascending by reference_start, no word covered twice
  int chunks = 0;                    // runs of matches that are adjacent and in the same order on both sides
};

MeteorAlignment meteor_align(const std::vector<std::string>& hypothesis, const std::vector<std::string>& reference,
                             const MeteorData& data);

}  // namespace ccx::metrics
