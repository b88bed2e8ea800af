// log-sum-exp over a vocabulary: 150,000 exponentials a token, so written for the compiler to vectorise.
#include "core/generate/log_softmax.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace ccx::generate {

namespace {

constexpr std::size_t kLanes = 8;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// exp(x) for x <= 0 to a relative 2e-7, without a branch: 2^n times a polynomial of the remainder (Cephes' expf). NaN
// stays NaN; below exp(-87) the result is 0 or smaller than 1e-37.
inline float exp_of_non_positive(float x) {
  constexpr float kLog2E = 1.44269504088896341f;
  constexpr float kLn2High = 0.693359375f;
  constexpr float kLn2Low = -2.12194440e-4f;
  constexpr float kRound = 12582912.0f;  // 1.5 * 2^23: adding it rounds to a whole number
  const float clamped = x < -87.0f ? -87.0f : x;
  const float n = (clamped * kLog2E + kRound) - kRound;
  const float r = (clamped - n * kLn2High) - n * kLn2Low;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  // A NaN has no exponent to build; the addition below keeps it.
  const float whole = n == n ? n : 0.0f;
  const auto bits = static_cast<std::uint32_t>((static_cast<std::int32_t>(whole) + 127) << 23);
  return p * std::bit_cast<float>(bits);
}

float largest(std::span<const float> logits) {
  std::array<float, kLanes> lanes;
  lanes.fill(-kInfinity);
  std::size_t i = 0;
  for (; i + kLanes <= logits.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      lanes[lane] = logits[i + lane] > lanes[lane] ? logits[i + lane] : lanes[lane];
    }
  }
  float best = *std::max_element(lanes.begin(), lanes.end());
  for (; i < logits.size(); ++i) best = std::max(best, logits[i]);
  return best;
}

}  // namespace

double log_sum_exp(std::span<const float> logits) {
  const float top = largest(logits);
  if (!std::isfinite(top)) return std::numeric_limits<double>::quiet_NaN();
  std::array<double, kLanes> lanes{};
  std::size_t i = 0;
  for (; i + kLanes <= logits.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      lanes[lane] += static_cast<double>(exp_of_non_positive(logits[i + lane] - top));
    }
  }
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  for (; i < logits.size(); ++i) sum += static_cast<double>(exp_of_non_positive(logits[i] - top));
  return static_cast<double>(top) + std::log(sum);
}

double log_probability(std::span<const float> logits, std::size_t token) {
  return static_cast<double>(logits[token]) - log_sum_exp(logits);
}

}  // namespace ccx::generate
