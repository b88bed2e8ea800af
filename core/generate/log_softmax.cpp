// log-sum-exp over a vocabulary: 150,000 exponentials a token, so written for the compiler to vectorise.
#include "core/generate/log_softmax.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numeric>

namespace ccx::generate {

namespace {

constexpr std::size_t kLanes = 8;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

constexpr float kSmallest = -87.0f;  // exp of it is 1.6e-38, which is nothing beside the largest term, 1

// exp(x) for kSmallest <= x <= 0 to a relative 2e-7: 2^n times a polynomial of the remainder (Cephes' expf). There is
// no branch and no conversion that a NaN could upset, else compilers would not vectorise it. NaN stays NaN.
inline float exp_of_non_positive(float x) {
  constexpr float kLog2E = 1.44269504088896341f;
  constexpr float kLn2High = 0.693359375f;
  constexpr float kLn2Low = -2.12194440e-4f;
  constexpr float kRound = 12582912.0f;  // 1.5 * 2^23: adding it rounds to a whole number, held in the lowest bits
  constexpr std::uint32_t kRoundBits = 0x4B400000u;
  const float rounded = x * kLog2E + kRound;
  const float n = rounded - kRound;
  const float r = (x - n * kLn2High) - n * kLn2Low;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  std::uint32_t bits;
  std::memcpy(&bits, &rounded, sizeof bits);
  bits = (bits - kRoundBits + 127u) << 23;
  float scale;
  std::memcpy(&scale, &bits, sizeof scale);
  return p * scale;
}

inline float above_smallest(float x) {
  return kSmallest > x ? kSmallest : x;
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

double log_probability(std::span<const float> logits, std::size_t token) {
  return static_cast<double>(logits[token]) - log_sum_exp(logits);
}

}  // namespace ccx::generate
