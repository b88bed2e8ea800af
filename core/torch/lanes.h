// Sixteen float32 numbers at once, of float32 or bfloat16 in memory: what the kernels of a step are written in. The
// compiler splits them where registers are narrower. No LibTorch.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "core/base/clones.h"
#include "core/base/exponential.h"

namespace ccx::torch_backend {

// The upper half of a float32.
struct Bf16 {
  uint16_t bits = 0;
};

using Lanes = float __attribute__((vector_size(64)));
using LaneBits = uint32_t __attribute__((vector_size(64)));
constexpr int64_t kLanes = 16;

CCX_INLINE void load(Lanes& lanes, const float* from) {
  std::memcpy(&lanes, from, sizeof(Lanes));
}
CCX_INLINE void load(Lanes& lanes, const Bf16* from) {
  uint16_t halves __attribute__((vector_size(32)));
  std::memcpy(&halves, from, sizeof(halves));
  const LaneBits bits = __builtin_convertvector(halves, LaneBits) << 16;
  std::memcpy(&lanes, &bits, sizeof(lanes));
}

CCX_INLINE float widened(float value) {
  return value;
}
CCX_INLINE float widened(Bf16 value) {
  return std::bit_cast<float>(static_cast<uint32_t>(value.bits) << 16);
}

// Rounded to the nearest, of two the even one.
CCX_INLINE void narrow(float& to, float value) {
  to = value;
}
CCX_INLINE void narrow(Bf16& to, float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  const uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  to.bits = static_cast<uint16_t>(value != value ? 0x7fc0u : rounded);  // rounding may not turn NaN into a number
}

// Sums of neighbours: a's in the first and third pair of lanes, b's in the others.
using Eight = float __attribute__((vector_size(32)));
CCX_INLINE void add_neighbours(const Eight& a, const Eight& b, Eight& to) {
  to = __builtin_shufflevector(a, b, 0, 2, 8, 10, 4, 6, 12, 14) +
       __builtin_shufflevector(a, b, 1, 3, 9, 11, 5, 7, 13, 15);
}

// The sums of four times sixteen lanes, to[0..3]: halves first, then neighbours, in one order always.
CCX_INLINE void sums_of(const Lanes (&lanes)[4], float* to) {
  Eight each[4];
  for (int i = 0; i < 4; ++i) {
    Eight halves[2];
    std::memcpy(halves, &lanes[i], sizeof(halves));
    each[i] = halves[0] + halves[1];
  }
  Eight low, high, all;
  add_neighbours(each[0], each[1], low);
  add_neighbours(each[2], each[3], high);
  add_neighbours(low, high, all);
  float halves[8];
  std::memcpy(halves, &all, sizeof(halves));
  for (int i = 0; i < 4; ++i) to[i] = halves[i] + halves[4 + i];
}

CCX_INLINE float sum_of(const Lanes& lanes) {
  const Lanes all[4] = {lanes};
  float sums[4];
  sums_of(all, sums);
  return sums[0];
}

// The largest of `count` numbers, a multiple of kLanes.
CCX_INLINE float largest_of(const float* numbers, int64_t count) {
  Lanes largest;
  load(largest, numbers);
  for (int64_t i = kLanes; i < count; i += kLanes) {
    Lanes next;
    load(next, numbers + i);
    largest = next > largest ? next : largest;
  }
  float each[kLanes];
  std::memcpy(each, &largest, sizeof(each));
  return *std::max_element(each, each + kLanes);
}

// x becomes e^x, for x <= 0.
CCX_INLINE void exp_of_negative(Lanes& x) {
  const Lanes lowest = Lanes{} + kSmallestPower;
  x = x < lowest ? lowest : x;
  exponential_of_non_positive<LaneBits>(x);
}

}  // namespace ccx::torch_backend
