// Products of two bfloat16 numbers an instruction, where compiler and processor have AVX512-BF16. No LibTorch.
#pragma once

#include <cstdint>
#include <cstring>

#include "core/torch/lanes.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#include <immintrin.h>
// Around what is compiled for such processors. Behind the headers, whose inline functions the rest of the program
// shares.
#define CCX_BF16_PAIRS_BEGIN \
  _Pragma("GCC push_options") _Pragma("GCC target(\"avx512f,avx512bw,avx512vl,avx512dq,avx512bf16\")")
#define CCX_BF16_PAIRS_END _Pragma("GCC pop_options")
#endif

namespace ccx::torch_backend {

// Whether this program and processor can.
inline bool has_bf16_pairs() {
#ifdef CCX_BF16_PAIRS_BEGIN
  static const bool has = __builtin_cpu_supports("avx512bf16") != 0;
  return has;
#else
  return false;
#endif
}

#ifdef CCX_BF16_PAIRS_BEGIN
CCX_BF16_PAIRS_BEGIN

// Sixteen pairs of numbers.
CCX_INLINE __m512bh pairs_at(const Bf16* from) {
  __m512bh pairs;
  std::memcpy(&pairs, from, sizeof(pairs));
  return pairs;
}

// One pair, sixteen times: `bits` are the first number and, in the upper half, the second.
CCX_INLINE __m512bh pair_everywhere(uint32_t bits) {
  const LaneBits everywhere = LaneBits{} + bits;
  __m512bh pairs;
  std::memcpy(&pairs, &everywhere, sizeof(pairs));
  return pairs;
}
CCX_INLINE __m512bh pair_everywhere(const Bf16* pair) {
  uint32_t bits;
  std::memcpy(&bits, pair, sizeof(bits));
  return pair_everywhere(bits);
}

CCX_BF16_PAIRS_END
#endif

}  // namespace ccx::torch_backend
