// Log-probabilities of logits, summed in double.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace ccx::generate {

// The largest value that is a number; -infinity if there is none.
float largest(std::span<const float> values);

// log(sum(exp(logits))), stable for any finite range; absolute error below 1e-6. Not finite exactly if a logit is NaN
// or +infinity or all are -infinity: callers test that to find a model that has overflowed.
double log_sum_exp(std::span<const float> logits);

// log_softmax of the first `vocabulary` of each row's logits [rows, columns]: [rows, vocabulary].
std::vector<float> log_probabilities(std::span<const float> logits, std::size_t rows, std::size_t vocabulary);

// log_softmax(logits)[token].
double log_probability(std::span<const float> logits, std::size_t token);

}  // namespace ccx::generate
