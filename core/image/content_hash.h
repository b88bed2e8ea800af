// A number that tells pictures apart by their pixels. Plain C++, shared with WebAssembly.
#pragma once

#include <cstdint>
#include <cstring>

#include "core/base/hash.h"
#include "core/image/image.h"

namespace ccx::image {

// Eight bytes at a time, mixed by a multiplication; the size counts too.
inline uint64_t content_hash(const Image& image) {
  uint64_t hash = static_cast<uint64_t>(image.width) << 32 ^ static_cast<uint64_t>(image.height);
  std::size_t at = 0;
  const auto mix = [&](uint64_t word) {
    hash = (hash ^ word) * kGoldenGamma;
    hash ^= hash >> 29;
  };
  for (; at + 8 <= image.rgb.size(); at += 8) {
    uint64_t word = 0;
    std::memcpy(&word, image.rgb.data() + at, 8);
    mix(word);
  }
  uint64_t rest = 0;
  std::memcpy(&rest, image.rgb.data() + at, image.rgb.size() - at);
  mix(rest);
  return hash;
}

}  // namespace ccx::image
