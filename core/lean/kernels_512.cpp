// Vectors of 512 bits: AVX-512 with VNNI.
#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/clones.h"
#include "core/base/exponential.h"
#include "core/lean/blocks.h"
#include "core/lean/kernels.h"
#include "core/lean/vectors.h"

// Behind the headers, whose inline functions the rest of the program shares.
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"))), \
                             apply_to = function)
#else
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")
#endif

namespace ccx::lean {
namespace {

struct Isa {
  static constexpr std::int64_t kLanes = 16, kPanel = 16;
  static constexpr int kRegisters = 30;
  static constexpr int kRows = 8, kPanels = 2;
  using F = float __attribute__((vector_size(64)));
  using I = std::int32_t __attribute__((vector_size(64)));
  using U = std::uint32_t __attribute__((vector_size(64)));
  using S = std::int16_t __attribute__((vector_size(64)));
  static F least(F a, F b) { return _mm512_min_ps(a, b); }
  static F most(F a, F b) { return _mm512_max_ps(a, b); }
  static F every(const float* value) { return _mm512_set1_ps(*value); }
  static S pairs_of(const std::int16_t* pair) {
    std::int32_t both;
    std::memcpy(&both, pair, sizeof both);
    return (S)_mm512_set1_epi32(both);
  }
  static I add_dot(I sum, S a, S b) { return (I)_mm512_dpwssd_epi32((__m512i)sum, (__m512i)a, (__m512i)b); }
  static void store_narrowed(std::int16_t* to, I low, I high) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_cvtsepi32_epi16((__m512i)low));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + kLanes), _mm512_cvtsepi32_epi16((__m512i)high));
  }
};

#include "core/lean/kernels.inc"

}  // namespace

extern const Kernels kKernels512;
const Kernels kKernels512 = kKernels;

}  // namespace ccx::lean
#ifdef __clang__
#pragma clang attribute pop
#endif
#endif
