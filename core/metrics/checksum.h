// A fast 64-bit checksum against accidents (truncation, a flipped bit). Not a defence against forgery.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/base/hash.h"

namespace ccx::metrics {

// Four independent multiply-and-rotate lanes over 8-byte words, so that it runs at memory speed.
inline std::uint64_t checksum(std::string_view bytes, std::uint64_t seed = 0) {
  constexpr std::uint64_t kFactor = kGoldenGamma;
  const auto mix = [](std::uint64_t lane, std::uint64_t word) {
    lane = (lane ^ word) * kFactor;
    return lane << 29 | lane >> 35;
  };
  std::uint64_t lanes[4] = {seed, seed + 1, seed + 2, seed + 3};
  std::size_t at = 0;
  for (; at + 32 <= bytes.size(); at += 32) {
    for (int l = 0; l < 4; ++l) {
      std::uint64_t word;
      std::memcpy(&word, bytes.data() + at + 8 * l, 8);
      lanes[l] = mix(lanes[l], word);
    }
  }
  std::uint64_t result = bytes.size();
  for (std::uint64_t lane : lanes) result = mix(result, lane);
  for (; at < bytes.size(); ++at) result = mix(result, static_cast<unsigned char>(bytes[at]));
  return result ^ result >> 32;
}

}  // namespace ccx::metrics
