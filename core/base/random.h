// Random numbers that are the same on every machine, standard library and batch: what a seed means is part of a run's
// record.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <numeric>
#include <utility>
#include <vector>

#include "core/base/hash.h"

namespace ccx {

// The number of draw `counter` of the stream `key` under `seed`, uniform in [0, 1). There is no state to advance.
constexpr double uniform_draw(std::uint64_t seed, std::uint64_t key, std::uint64_t counter) {
  return static_cast<double>(splitmix64(splitmix64(splitmix64(seed) ^ key) ^ counter) >> 11) * 0x1.0p-53;
}

// A seed for one purpose out of a run's seed: the same whatever else was drawn before.
constexpr std::uint64_t derive_seed(std::uint64_t seed, std::uint64_t purpose) {
  return splitmix64(seed ^ splitmix64(purpose));
}

// SplitMix64 as a stream. The state is the whole generator.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    const std::uint64_t value = splitmix64(state_);
    state_ += kGoldenGamma;
    return value;
  }
  // 0 <= x < 1, 53 bits.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  // 0 .. count - 1; the bias of a modulus over 64 bits is below 1e-9 for any data set.
  std::uint64_t below(std::uint64_t count) { return next() % count; }
  // Two independent standard normal numbers (Box and Muller).
  std::pair<double, double> normal_pair() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    const double angle = 6.283185307179586 * uniform();
    return {radius * std::cos(angle), radius * std::sin(angle)};
  }

 private:
  std::uint64_t state_;
};

// 0 .. count - 1 in random order (Fisher and Yates).
inline std::vector<std::int64_t> permutation(std::int64_t count, std::uint64_t seed) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  Random random(seed);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

// A stream that forks: streams with different keys are independent, so that one part of a scene can be drawn
// differently without disturbing the others. Floats are multiples of 2^-24, which float represents exactly.
// One draw a statement wherever order matters: arguments of a call and operands of an operator are evaluated in the
// order that the compiler likes, so two draws among them give each compiler scenes of its own (braced lists, ?: and &&
// go left to right).
class Rng {
 public:
  explicit Rng(std::uint64_t key) : key_(splitmix64(key)) {}

  // An independent stream for the part of the work called `tag`.
  Rng fork(std::uint64_t tag) const { return Rng(key_ ^ scramble(tag + 0xD1B54A32D192ED03u)); }

  std::uint64_t next() { return scramble(key_ + kGoldenGamma * ++counter_); }
  float uniform() { return static_cast<float>(next() >> 40) * (1.0f / 16777216.0f); }  // in [0, 1)
  float range(float low, float high) { return low + (high - low) * uniform(); }
  // Both ends included.
  int between(int low, int high) { return low + static_cast<int>(next() % static_cast<std::uint64_t>(high - low + 1)); }
  bool chance(float probability) { return uniform() < probability; }
  // Bell-shaped with mean 0 and deviation 1, within +-3.46 (a sum of four uniforms).
  float bell() {
    float sum = uniform();
    for (int i = 0; i < 3; ++i) sum += uniform();
    return (sum - 2.0f) * 1.7320508f;
  }
  // An index drawn in proportion to the weights.
  std::size_t pick(std::initializer_list<float> weights) {
    float total = 0.0f;
    for (float w : weights) total += w;
    float at = uniform() * total;
    std::size_t index = 0;
    for (float w : weights) {
      if (at < w) return index;
      at -= w;
      ++index;
    }
    return weights.size() - 1;
  }

 private:
  std::uint64_t key_;
  std::uint64_t counter_ = 0;
};

}  // namespace ccx
