// Random numbers that are the same on every machine: what a seed means is part of a run's record.
#pragma once

#include <cmath>
#include <cstdint>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

namespace ccx::train {

// SplitMix64's finaliser: spreads every input bit over the output.
constexpr uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

// A seed for one purpose out of a run's seed: the same whatever else was drawn before.
constexpr uint64_t derive_seed(uint64_t seed, uint64_t purpose) { return mix(seed ^ mix(purpose)); }

// FNV-1a: a name as a purpose.
constexpr uint64_t hash_name(std::string_view name) {
  uint64_t hash = 0xcbf29ce484222325ull;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return hash;
}

// SplitMix64 as a stream. The state is the whole generator.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t next() {
    const uint64_t value = mix(state_);
    state_ += 0x9e3779b97f4a7c15ull;
    return value;
  }
  // 0 <= x < 1, 53 bits.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  // 0 .. count - 1; the bias of a modulus over 64 bits is below 1e-9 for any data set.
  uint64_t below(uint64_t count) { return next() % count; }
  // Two independent standard normal numbers (Box and Muller).
  std::pair<double, double> normal_pair() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    const double angle = 6.283185307179586 * uniform();
    return {radius * std::cos(angle), radius * std::sin(angle)};
  }

 private:
  uint64_t state_;
};

// 0 .. count - 1 in random order (Fisher and Yates).
inline std::vector<int64_t> permutation(int64_t count, uint64_t seed) {
  std::vector<int64_t> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), int64_t{0});
  Random random(seed);
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

}  // namespace ccx::train
