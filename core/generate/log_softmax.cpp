// log-sum-exp over a vocabulary: 150,000 exponentials a token, so written for the compiler to vectorise.
#include "core/generate/log_softmax.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

#include "core/base/exponential.h"

namespace ccx::generate {

namespace {

constexpr std::size_t kLanes = 8;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

inline float exp_of_non_positive(float x) {
  exponential_of_non_positive<std::uint32_t>(x);
  return x;
}

inline float above_smallest(float x) {
  return kSmallestPower > x ? kSmallestPower : x;
}

// sum(exp(logits - top)): a block at a time, each step of it a loop of its own, which is what vectorises.
double sum_of_exponentials(std::span<const float> logits, float top) {
  constexpr std::size_t kBlock = 256;
  std::array<float, kBlock> block;
  std::array<double, kLanes> lanes{};
  std::size_t i = 0;
  for (; i + kBlock <= logits.size(); i += kBlock) {
    const float* values = logits.data() + i;
    for (std::size_t j = 0; j < kBlock; ++j) block[j] = above_smallest(values[j] - top);
    for (float& value : block) value = exp_of_non_positive(value);
    for (std::size_t j = 0; j < kBlock; j += kLanes) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += static_cast<double>(block[j + lane]);
    }
  }
  double sum = std::accumulate(lanes.begin(), lanes.end(), 0.0);
  for (; i < logits.size(); ++i) sum += static_cast<double>(exp_of_non_positive(above_smallest(logits[i] - top)));
  return sum;
}

}  // namespace

float largest(std::span<const float> values) {
  std::array<float, kLanes> lanes;
  lanes.fill(-kInfinity);
  std::size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      lanes[lane] = values[i + lane] > lanes[lane] ? values[i + lane] : lanes[lane];
    }
  }
  float best = *std::max_element(lanes.begin(), lanes.end());
  for (; i < values.size(); ++i) best = std::max(best, values[i]);
  return best;
}

double log_sum_exp(std::span<const float> logits) {
  const float top = largest(logits);
  if (!std::isfinite(top)) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(top) + std::log(sum_of_exponentials(logits, top));
}

std::vector<float> log_probabilities(std::span<const float> logits, std::size_t rows, std::size_t vocabulary) {
  const std::size_t columns = logits.size() / rows;
  std::vector<float> said;
  said.reserve(rows * vocabulary);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::span<const float> one = logits.subspan(row * columns, vocabulary);
    const double all = log_sum_exp(one);
    for (const float logit : one) said.push_back(static_cast<float>(logit - all));
  }
  return said;
}

double log_probability(std::span<const float> logits, std::size_t token) {
  return static_cast<double>(logits[token]) - log_sum_exp(logits);
}

}  // namespace ccx::generate
