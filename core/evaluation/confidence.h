// What a model's own confidence is worth: calibration of p_change, and risk against coverage by mean log-probability.
#pragma once

#include <optional>
#include <vector>

#include "core/evaluation/evaluation.h"

namespace ccx::metrics {

// Over scored pairs that carry p_change; absent where none does.
std::optional<Calibration> calibrate(const std::vector<EvaluatedPair>& pairs);

// Over scored pairs that carry logprob_mean, at ten coverages; absent where fewer than ten do.
std::optional<RiskCoverage> risk_by_confidence(const std::vector<EvaluatedPair>& pairs);

}  // namespace ccx::metrics
