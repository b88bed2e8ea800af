// Random numbers that depend on nothing but what they are asked for: the same on every platform and in every batch.
#pragma once

#include <cstdint>
#include <string_view>

namespace ccx::generate {

// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every input bit changes every output bit.
constexpr std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

// The number of draw `counter` of the stream `key` under `seed`, uniform in [0, 1). There is no state to advance.
constexpr double uniform(std::uint64_t seed, std::uint64_t key, std::uint64_t counter) {
  return static_cast<double>(mix(mix(mix(seed) ^ key) ^ counter) >> 11) * 0x1.0p-53;
}

// A key for a name, such as a pair's id (FNV-1a), so that a pair's samples do not depend on its place in a batch.
constexpr std::uint64_t key_of(std::string_view name) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return hash;
}

}  // namespace ccx::generate
