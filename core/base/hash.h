// Hashes that are the same on every machine: of names, and of numbers. Against accidents and for seeds, no defence
// against forgery.
#pragma once

#include <cstdint>
#include <string_view>

namespace ccx {

inline constexpr std::uint64_t kGoldenGamma = 0x9E3779B97F4A7C15u;  // 2^64 / golden ratio, odd

// SplitMix64's finaliser (Steele, Lea, Flood 2014): every input bit changes every output bit; 0 stays 0.
constexpr std::uint64_t scramble(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

// The number that SplitMix64 gives in the state x.
constexpr std::uint64_t splitmix64(std::uint64_t x) {
  return scramble(x + kGoldenGamma);
}

// FNV-1a of the bytes.
constexpr std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return hash;
}

}  // namespace ccx
