// The four stages of METEOR that propose matches between two sentences: exact, stem, synonym, paraphrase.
#pragma once

#include <string>
#include <vector>

#include "core/metrics/meteor_aligner.h"

namespace ccx::metrics {

// Candidates by the reference word they start at. In each list stages come in order, which the beam search's ties
// depend on, and a match may be proposed by several stages, or by the paraphrase table in both directions.
using MeteorCandidates = std::vector<std::vector<MeteorMatch>>;

MeteorCandidates meteor_candidates(const std::vector<std::string>& hypothesis,
                                   const std::vector<std::string>& reference, const MeteorData& data);

}  // namespace ccx::metrics
