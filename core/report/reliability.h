// The reliability diagram: what share of the pairs changed where the model said with which probability that they did.
#pragma once

#include <string>

#include "core/evaluation/evaluation.h"

namespace ccx::report {

// A <figure> with a dot a bin, its area the number of pairs; on the diagonal the probability is what it says.
std::string draw(const metrics::Calibration& calibration);

}  // namespace ccx::report
