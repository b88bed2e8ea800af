// Vectors of 128 bits, as WebAssembly and every x86-64 and ARM processor have them: four floats or eight 16-bit
// numbers.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace ccx::lean {

using F4 = float __attribute__((vector_size(16)));
using I4 = std::int32_t __attribute__((vector_size(16)));
using U4 = std::uint32_t __attribute__((vector_size(16)));
using S8 = std::int16_t __attribute__((vector_size(16)));

inline constexpr std::int64_t kFloats = 4;  // of a vector

template <class Vector>
Vector load(const void* from) {
  Vector vector;
  std::memcpy(&vector, from, sizeof vector);
  return vector;
}

template <class Vector>
void store(void* to, Vector vector) {
  std::memcpy(to, &vector, sizeof vector);
}

inline F4 all(float value) {
  return F4{value, value, value, value};
}

// all(*value), read so at once.
inline F4 all_of(const float* value) {
#if defined(__wasm_simd128__)
  return (F4)wasm_v128_load32_splat(value);
#else
  return all(*value);
#endif
}

// One instruction each, which compilers do not find in the choice itself on WebAssembly.
inline F4 least(F4 a, F4 b) {
#if defined(__wasm_simd128__)
  return (F4)wasm_f32x4_pmin((v128_t)b, (v128_t)a);
#else
  return a < b ? a : b;
#endif
}
inline F4 most(F4 a, F4 b) {
#if defined(__wasm_simd128__)
  return (F4)wasm_f32x4_pmax((v128_t)a, (v128_t)b);
#else
  return a < b ? b : a;
#endif
}

// Two numbers of 16 bits at `pair`, four times.
inline S8 pairs_of(const std::int16_t* pair) {
#if defined(__wasm_simd128__)
  return (S8)wasm_v128_load32_splat(pair);
#else
  std::int32_t both;
  std::memcpy(&both, pair, sizeof both);
  return (S8)I4{both, both, both, both};
#endif
}

// [a0 b0 + a1 b1, a2 b2 + a3 b3, ...], exact in 32 bits.
inline I4 dot(S8 a, S8 b) {
#if defined(__wasm_simd128__)
  return (I4)wasm_i32x4_dot_i16x8((v128_t)a, (v128_t)b);
#elif defined(__SSE2__)
  return (I4)_mm_madd_epi16((__m128i)a, (__m128i)b);
#else
  I4 sums;
  for (int i = 0; i < 4; ++i) sums[i] = a[2 * i] * b[2 * i] + a[2 * i + 1] * b[2 * i + 1];
  return sums;
#endif
}

// Eight numbers within 16 bits.
inline S8 narrowed(I4 low, I4 high) {
#if defined(__wasm_simd128__)
  return (S8)wasm_i16x8_narrow_i32x4((v128_t)low, (v128_t)high);
#elif defined(__SSE2__)
  return (S8)_mm_packs_epi32((__m128i)low, (__m128i)high);
#else
  return __builtin_shufflevector((S8)low, (S8)high, 0, 2, 4, 6, 8, 10, 12, 14);
#endif
}

}  // namespace ccx::lean
