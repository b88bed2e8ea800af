// Vectors of 256 bits: AVX2.
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
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC target("avx2")
#endif

namespace ccx::lean {
namespace {

struct Isa {
  static constexpr std::int64_t kLanes = 8, kPanel = 8;
  static constexpr int kRegisters = 14;
  static constexpr int kRows = 6, kPanels = 2;
  using F = float __attribute__((vector_size(32)));
  using I = std::int32_t __attribute__((vector_size(32)));
  using U = std::uint32_t __attribute__((vector_size(32)));
  using S = std::int16_t __attribute__((vector_size(32)));
  static F least(F a, F b) { return _mm256_min_ps(a, b); }
  static F most(F a, F b) { return _mm256_max_ps(a, b); }
  static F every(const float* value) { return _mm256_set1_ps(*value); }
  static S pairs_of(const std::int16_t* pair) {
    std::int32_t both;
    std::memcpy(&both, pair, sizeof both);
    return (S)_mm256_set1_epi32(both);
  }
  static I add_dot(I sum, S a, S b) { return sum + (I)_mm256_madd_epi16((__m256i)a, (__m256i)b); }
  static void store_narrowed(std::int16_t* to, I low, I high) {
    const __m256i mixed = _mm256_packs_epi32((__m256i)low, (__m256i)high);  // of each half the lower four first
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm256_permute4x64_epi64(mixed, 0xd8));
  }
};

#include "core/lean/kernels.inc"

}  // namespace

extern const Kernels kKernels256;
const Kernels kKernels256 = kKernels;

}  // namespace ccx::lean
#ifdef __clang__
#pragma clang attribute pop
#endif
#endif
