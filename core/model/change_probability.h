// The probability that a pair has changed, from what the language model and the change head say of it.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

namespace ccx::model {

// p = sigmoid(bias + language * logit(q) + head * flag), q being what the language model gives to everything but its
// no-change sentences and flag the change head's logit. Fitted for one model's weights; a language of 1 and the rest 0
// leave q as it is.
struct ChangeFit {
  float bias = 0;
  float language = 1;
  float head = 0;
};

// Without a fit q itself, as models without a head have it. Without a flag the head counts nothing.
inline double change_probability(double q, std::optional<double> flag, const std::optional<ChangeFit>& fit) {
  if (!fit) return q;
  constexpr double kEdge = 1e-6;  // beyond it q is rounding
  const double bounded = std::clamp(q, kEdge, 1 - kEdge);
  const double logit = fit->bias + fit->language * std::log(bounded / (1 - bounded)) + fit->head * flag.value_or(0.0);
  return 1.0 / (1.0 + std::exp(-logit));
}

}  // namespace ccx::model
