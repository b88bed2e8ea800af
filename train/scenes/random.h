// Random numbers of scenes: the same on every machine and standard library, addressed by a key instead of by order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace ccx::scenes {

// A counter hashed with SplitMix64's finaliser. Streams with different keys are independent, so that one part of a
// scene can be drawn differently without disturbing the others.
class Rng {
 public:
  explicit Rng(uint64_t key) : key_(mix(key + 0x9E3779B97F4A7C15ull)) {}

  // An independent stream for the part of the work called `tag`.
  Rng fork(uint64_t tag) const { return Rng(key_ ^ mix(tag + 0xD1B54A32D192ED03ull)); }

  uint64_t next() { return mix(key_ + 0x9E3779B97F4A7C15ull * ++counter_); }
  // In [0, 1), a multiple of 2^-24, so that float represents it exactly.
  float uniform() { return static_cast<float>(next() >> 40) * (1.0f / 16777216.0f); }
  float range(float low, float high) { return low + (high - low) * uniform(); }
  // Both ends included.
  int between(int low, int high) { return low + static_cast<int>(next() % static_cast<uint64_t>(high - low + 1)); }
  bool chance(float probability) { return uniform() < probability; }
  // Bell-shaped with mean 0 and deviation 1, within +-3.46 (a sum of four uniforms).
  float bell() { return (uniform() + uniform() + uniform() + uniform() - 2.0f) * 1.7320508f; }
  // An index drawn in proportion to the weights.
  size_t pick(std::initializer_list<float> weights) {
    float total = 0.0f;
    for (float w : weights) total += w;
    float at = uniform() * total;
    size_t index = 0;
    for (float w : weights) {
      if (at < w) return index;
      at -= w;
      ++index;
    }
    return weights.size() - 1;
  }

 private:
  static uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }

  uint64_t key_;
  uint64_t counter_ = 0;
};

}  // namespace ccx::scenes
