#include "core/torch/byte_rows.h"

#include <algorithm>
#include <vector>

#include "core/graph/quantise.h"
#include "core/torch/lanes.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace ccx::torch_backend {
namespace {

// Inputs that one register of weights holds.
constexpr int64_t kBytesTogether = 64, kNibblesTogether = 128;
// Rows of x that a weight in registers is multiplied with, and outputs whose sums are added up together.
constexpr int kRowsTogether = 4, kOutputsTogether = 4;
// Outputs that a thread takes at least.
constexpr int64_t kOutputsOfAThread = 16;

int64_t rounded_up(int64_t count, int64_t to) {
  return (count + to - 1) / to * to;
}

// Rows of x in 8 bits, in the order in which a kernel meets them; zero behind the last input.
struct Tokens {
  int64_t width = 0;           // of a row, a multiple of what a register holds
  std::vector<int8_t> values;  // [rows, width]
  std::vector<float> scales;   // [rows]
  // 4 bits: -8 times the sums of the eight inputs that a lane of 32 bits adds up, [rows, width / 8].
  std::vector<int32_t> offsets;
};

// As they come, for signed weights: the kernel reads them with their sign bit turned, as x + 128 without a sign.
Tokens byte_tokens(const float* x, int64_t rows, int64_t in) {
  Tokens tokens{rounded_up(in, kBytesTogether), {}, {}, {}};
  tokens.values.resize(static_cast<size_t>(rows * tokens.width));
  tokens.scales.resize(static_cast<size_t>(rows));
  for (int64_t m = 0; m < rows; ++m) {
    int8_t* row = tokens.values.data() + m * tokens.width;
    tokens.scales[static_cast<size_t>(m)] = quantise_token(x + m * in, in, row);
    for (int64_t k = 0; k < in; ++k) row[k] = static_cast<int8_t>(static_cast<uint8_t>(row[k]) ^ 0x80u);
  }
  return tokens;
}

// Of each group of 128 first the inputs whose weights lie in lower halves of bytes, then the others.
Tokens nibble_tokens(const float* x, int64_t rows, int64_t in) {
  Tokens tokens{rounded_up(in, kNibblesTogether), {}, {}, {}};
  tokens.values.resize(static_cast<size_t>(rows * tokens.width));
  tokens.scales.resize(static_cast<size_t>(rows));
  tokens.offsets.resize(static_cast<size_t>(rows * tokens.width / 8));
  std::vector<int8_t> plain(static_cast<size_t>(tokens.width));
  for (int64_t m = 0; m < rows; ++m) {
    tokens.scales[static_cast<size_t>(m)] = quantise_token(x + m * in, in, plain.data());
    int8_t* row = tokens.values.data() + m * tokens.width;
    int32_t* offsets = tokens.offsets.data() + m * tokens.width / 8;
    for (int64_t k = 0; k < tokens.width; ++k) {
      const int64_t within = k % kNibblesTogether;
      const int8_t value = plain[static_cast<size_t>(k)];
      row[k - within + within % 2 * (kNibblesTogether / 2) + within / 2] = value;
      offsets[k / 8] -= 8 * value;
    }
  }
  return tokens;
}

#if defined(__x86_64__)
#define CCX_VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))
#define CCX_VNNI_INLINE CCX_VNNI inline __attribute__((always_inline))

CCX_VNNI_INLINE __m512 as_floats(__m512i whole) {
  return _mm512_maskz_cvtepi32_ps(0xffff, whole);  // the plain one warns of what GCC 12 leaves undefined
}

CCX_VNNI_INLINE int32_t total_of(__m512i lanes) {
  __m256i halves[2];  // by way of memory: of taking them out GCC 12 warns without a reason
  _mm512_storeu_si512(halves, lanes);
  const __m256i eight = _mm256_add_epi32(halves[0], halves[1]);
  __m128i four = _mm_add_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
  return _mm_cvtsi128_si32(_mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1)));
}

CCX_VNNI_INLINE float total_of(__m512 lanes) {
  Lanes all;
  _mm512_storeu_ps(&all, lanes);
  return sum_of(all);
}

// kRows rows with kOutputs outputs from `first` on: the sums in integers, to[row][output].
template <int kRows, int kOutputs>
CCX_VNNI void multiply_bytes(const ByteWeight& weight, int64_t first, const Tokens& x, int64_t row,
                             int32_t (*to)[kOutputsTogether]) {
  __m512i sums[kRows][kOutputs];
  for (auto& of_row : sums) {
    for (__m512i& lanes : of_row) lanes = _mm512_setzero_si512();
  }
  const int8_t* w = weight.values + first * weight.in;
  const int8_t* tokens = x.values.data() + row * x.width;
  // One output after the other: memory is fastest read from one end to the other.
  for (int n = 0; n < kOutputs; ++n) {
    const int8_t* of_output = w + n * weight.in;
    for (int64_t k = 0; k < weight.in; k += kBytesTogether) {
      const int64_t left = std::min(kBytesTogether, weight.in - k);
      const __mmask64 inside = left == kBytesTogether ? ~__mmask64{0} : (__mmask64{1} << left) - 1;
      const __m512i values = _mm512_maskz_loadu_epi8(inside, of_output + k);
      for (int m = 0; m < kRows; ++m) {
        sums[m][n] = _mm512_dpbusd_epi32(sums[m][n], _mm512_loadu_si512(tokens + m * x.width + k), values);
      }
    }
  }
  for (int m = 0; m < kRows; ++m) {
    for (int n = 0; n < kOutputs; ++n) to[m][n] = total_of(sums[m][n]) - 128 * weight.sums[first + n];
  }
}

// The sums with the weights' scales in them.
template <int kRows, int kOutputs>
CCX_VNNI void multiply_nibbles(const NibbleWeight& weight, int64_t first, const Tokens& x, int64_t row,
                               float (*to)[kOutputsTogether]) {
  const __m512i low = _mm512_set1_epi8(0x0f);
  const __m512i four_lanes_each = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
  const int64_t row_bytes = packed_int4_row_bytes(weight.in), blocks = int4_blocks(weight.in);
  __m512 totals[kRows][kOutputs];
  for (auto& of_row : totals) {
    for (__m512& lanes : of_row) lanes = _mm512_setzero_ps();
  }
  for (int n = 0; n < kOutputs; ++n) {
    const uint8_t* of_output = weight.values + (first + n) * row_bytes;
    const float* its_scales = weight.scales + (first + n) * blocks;
    for (int64_t group = 0; group * kNibblesTogether < weight.in; ++group) {
      const int64_t bytes_left = row_bytes - group * 64, blocks_left = blocks - group * 4;
      const __mmask64 inside = bytes_left >= 64 ? ~__mmask64{0} : (__mmask64{1} << bytes_left) - 1;
      const auto scaled = static_cast<__mmask8>(blocks_left >= 4 ? 0xf : (1 << blocks_left) - 1);
      const __m512i both = _mm512_maskz_loadu_epi8(inside, of_output + group * 64);
      const __m512i lower = _mm512_and_si512(both, low), upper = _mm512_and_si512(_mm512_srli_epi16(both, 4), low);
      const __m128 few = _mm_maskz_loadu_ps(scaled, its_scales + group * 4);
      const __m512 scales = _mm512_maskz_permutexvar_ps(0xffff, four_lanes_each, _mm512_castps128_ps512(few));
      for (int m = 0; m < kRows; ++m) {
        const int8_t* token = x.values.data() + (row + m) * x.width + group * kNibblesTogether;
        __m512i sum = _mm512_loadu_si512(x.offsets.data() + (row + m) * x.width / 8 + group * 16);
        sum = _mm512_dpbusd_epi32(sum, lower, _mm512_loadu_si512(token));
        sum = _mm512_dpbusd_epi32(sum, upper, _mm512_loadu_si512(token + kNibblesTogether / 2));
        totals[m][n] = _mm512_fmadd_ps(as_floats(sum), scales, totals[m][n]);
      }
    }
  }
  for (int m = 0; m < kRows; ++m) {
    for (int n = 0; n < kOutputs; ++n) to[m][n] = total_of(totals[m][n]);
  }
}
#endif

// One row of float32 with one output.
using SomeBytes = uint8_t __attribute__((vector_size(16)));
using Whole = int32_t __attribute__((vector_size(64)));

// By way of 32-bit numbers, for which processors have instructions and GCC 12 finds them; of bytes with a sign it does
// not.
CCX_INLINE void to_floats(const SomeBytes& bytes, Lanes& lanes) {
  lanes = __builtin_convertvector(__builtin_convertvector(bytes, Whole), Lanes);
}

CCX_CLONES float widened_bytes(const int8_t* weight, const float* x, int64_t in) {
  Lanes total[2] = {};
  int64_t k = 0;
  for (; k + 2 * kLanes <= in; k += 2 * kLanes) {
    for (int half = 0; half < 2; ++half) {
      SomeBytes bytes;
      std::memcpy(&bytes, weight + k + half * kLanes, sizeof(bytes));
      Lanes values, inputs;
      to_floats(bytes ^ 0x80, values);
      load(inputs, x + k + half * kLanes);
      total[half] += (values - 128.0f) * inputs;
    }
  }
  float sum = sum_of(total[0] + total[1]);
  for (; k < in; ++k) sum += static_cast<float>(weight[k]) * x[k];
  return sum;
}

// x of each whole block: the inputs of lower halves first, then the others.
CCX_CLONES float widened_nibbles(const uint8_t* weight, const float* scales, const float* x, int64_t in) {
  Lanes total = {};
  const int64_t whole = in / kInt4Block;
  for (int64_t b = 0; b < whole; ++b) {
    SomeBytes bytes;
    std::memcpy(&bytes, weight + b * kInt4Block / 2, sizeof(bytes));
    Lanes even, odd, lower, upper;
    load(even, x + b * kInt4Block);
    load(odd, x + b * kInt4Block + kLanes);
    to_floats(bytes & 0x0f, lower);
    to_floats(bytes >> 4, upper);
    total += ((lower - 8.0f) * even + (upper - 8.0f) * odd) * scales[b];
  }
  float sum = sum_of(total);
  for (int64_t k = whole * kInt4Block; k < in; ++k) {
    const int nibble = k % 2 == 0 ? weight[k / 2] & 0x0f : weight[k / 2] >> 4;
    sum += static_cast<float>(nibble - 8) * scales[whole] * x[k];
  }
  return sum;
}

// x with each whole block of 32 inputs in the order in which widened_nibbles() meets them.
std::vector<float> halves_apart(const float* x, int64_t rows, int64_t in) {
  std::vector<float> apart(x, x + rows * in);
  for (int64_t m = 0; m < rows; ++m) {
    for (int64_t k = 0; k < in / kInt4Block * kInt4Block; ++k) {
      const int64_t within = k % kInt4Block;
      apart[static_cast<size_t>(m * in + k - within + within % 2 * kLanes + within / 2)] = x[m * in + k];
    }
  }
  return apart;
}

// Goes through rows and outputs, several of each at once where there are: tile(rows, outputs, row, output), with the
// two counts as types.
template <int kCount>
using Count = std::integral_constant<int, kCount>;
template <class Tile>
void in_tiles(int64_t rows, int64_t begin, int64_t end, const Tile& tile) {
  for (int64_t n = begin; n < end;) {
    const bool several = n + kOutputsTogether <= end;
    for (int64_t m = 0; m < rows;) {
      const bool many = m + kRowsTogether <= rows;
      if (many && several) tile(Count<kRowsTogether>(), Count<kOutputsTogether>(), m, n);
      if (many && !several) tile(Count<kRowsTogether>(), Count<1>(), m, n);
      if (!many && several) tile(Count<1>(), Count<kOutputsTogether>(), m, n);
      if (!many && !several) tile(Count<1>(), Count<1>(), m, n);
      m += many ? kRowsTogether : 1;
    }
    n += several ? kOutputsTogether : 1;
  }
}

// Threads get outputs in whole tiles, so that which of them are computed together does not depend on their number.
template <class Tile>
void over_outputs(int64_t rows, int64_t out, const ParallelFor& parallel_for, const Tile& tile) {
  parallel_for((out + kOutputsOfAThread - 1) / kOutputsOfAThread, [&](int64_t begin, int64_t end) {
    in_tiles(rows, begin * kOutputsOfAThread, std::min(end * kOutputsOfAThread, out), tile);
  });
}

}  // namespace

bool multiplies_bytes() {
#if defined(__x86_64__)
  static const bool found = __builtin_cpu_supports("avx512vnni") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
                            __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512dq") != 0;
  return found;
#else
  return false;
#endif
}

void byte_rows(const float* x, int64_t rows, const ByteWeight& weight, const float* bias, float* out,
               const ParallelFor& parallel_for, bool exact) {
  const auto offset = [&](int64_t n) { return bias != nullptr ? bias[n] : 0.0f; };
  if (exact) {
    parallel_for(weight.out, [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; ++n) {
        for (int64_t m = 0; m < rows; ++m) {
          const float sum = widened_bytes(weight.values + n * weight.in, x + m * weight.in, weight.in);
          out[m * weight.out + n] = sum * weight.scales[n] + offset(n);
        }
      }
    });
    return;
  }
#if defined(__x86_64__)
  const Tokens tokens = byte_tokens(x, rows, weight.in);
  over_outputs(rows, weight.out, parallel_for, [&](auto some, auto outputs, int64_t row, int64_t first) {
    int32_t sums[some()][kOutputsTogether];
    multiply_bytes<some(), outputs()>(weight, first, tokens, row, sums);
    for (int m = 0; m < some(); ++m) {
      const float scale = tokens.scales[static_cast<size_t>(row + m)];
      for (int n = 0; n < outputs(); ++n) {
        out[(row + m) * weight.out + first + n] =
            byte_sum(sums[m][n], weight.scales[first + n], scale, offset(first + n));
      }
    }
  });
#endif
}

void nibble_rows(const float* x, int64_t rows, const NibbleWeight& weight, const float* bias, float* out,
                 const ParallelFor& parallel_for, bool exact) {
  const auto offset = [&](int64_t n) { return bias != nullptr ? bias[n] : 0.0f; };
  if (exact) {
    const std::vector<float> apart = halves_apart(x, rows, weight.in);
    const int64_t row_bytes = packed_int4_row_bytes(weight.in), blocks = int4_blocks(weight.in);
    parallel_for(weight.out, [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; ++n) {
        for (int64_t m = 0; m < rows; ++m) {
          out[m * weight.out + n] = widened_nibbles(weight.values + n * row_bytes, weight.scales + n * blocks,
                                                    apart.data() + m * weight.in, weight.in) +
                                    offset(n);
        }
      }
    });
    return;
  }
#if defined(__x86_64__)
  const Tokens tokens = nibble_tokens(x, rows, weight.in);
  over_outputs(rows, weight.out, parallel_for, [&](auto some, auto outputs, int64_t row, int64_t first) {
    float sums[some()][kOutputsTogether];
    multiply_nibbles<some(), outputs()>(weight, first, tokens, row, sums);
    for (int m = 0; m < some(); ++m) {
      const float scale = tokens.scales[static_cast<size_t>(row + m)];
      for (int n = 0; n < outputs(); ++n) {
        out[(row + m) * weight.out + first + n] = sums[m][n] * scale + offset(first + n);
      }
    }
  });
#endif
}

}  // namespace ccx::torch_backend
