#include "core/torch/byte_panels.h"

#include <algorithm>
#include <cmath>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace ccx::torch_backend {
namespace {

constexpr int kVectors = kPanel / kLanes;

int64_t rounded_up(int64_t count, int64_t to) {
  return (count + to - 1) / to * to;
}

// Rows of activations in 8 bits, block by block.
struct QuantisedRows {
  int64_t block = 0, blocks = 0;
  std::vector<int8_t> values;  // [rows, blocks * block]
  std::vector<float> scales;   // [rows, blocks]
  std::vector<int32_t> sums;   // of the values, [rows, blocks]
};

QuantisedRows quantise_rows(const float* x, int64_t rows, int64_t in, int64_t padded_in, int64_t block) {
  QuantisedRows q{block, padded_in / block, {}, {}, {}};
  q.values.resize(static_cast<size_t>(rows * padded_in));
  q.scales.resize(static_cast<size_t>(rows * q.blocks));
  q.sums.resize(q.scales.size());
  for (int64_t i = 0; i < rows * q.blocks; ++i) {
    const int64_t first = i % q.blocks * block, used = std::clamp(in - first, int64_t{0}, block);
    const float* from = x + i / q.blocks * in + first;
    int8_t* to = q.values.data() + i * block;
    float largest = 0;
    for (int64_t k = 0; k < used; ++k) largest = std::max(largest, std::abs(from[k]));
    const float inverse = largest > 0 ? 127.0f / largest : 0.0f;
    int32_t sum = 0;
    for (int64_t k = 0; k < used; ++k) {
      to[k] = static_cast<int8_t>(std::nearbyintf(from[k] * inverse));
      sum += to[k];
    }
    q.scales[static_cast<size_t>(i)] = largest / 127.0f;
    q.sums[static_cast<size_t>(i)] = sum;
  }
  return q;
}

// A panel's sums of one row, scales of 8-bit weights still to come.
using Sums = float[kPanel];

#if defined(__x86_64__)
#define CCX_VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))

CCX_VNNI inline __m512i four_of(const int8_t* x) {
  int32_t four;
  std::memcpy(&four, x, sizeof(four));
  return _mm512_set1_epi32(four);
}

CCX_VNNI inline __m512 as_floats(__m512i whole) {
  return _mm512_maskz_cvtepi32_ps(0xffff, whole);  // the plain one warns of what GCC 12 leaves undefined
}

// kRows rows with one panel of 8-bit weights.
template <int kRows>
CCX_VNNI void multiply_bytes(const BytePanels& weight, const uint8_t* panel, const QuantisedRows& x, int64_t row,
                             Sums* to) {
  __m512 total[kRows][kVectors];
  for (auto& of_row : total) {
    for (__m512& lanes : of_row) lanes = _mm512_setzero_ps();
  }
  for (int64_t b = 0; b < x.blocks; ++b) {
    __m512i sum[kRows][kVectors];
    for (int m = 0; m < kRows; ++m) {
      const int32_t offset = -128 * x.sums[static_cast<size_t>((row + m) * x.blocks + b)];
      for (__m512i& lanes : sum[m]) lanes = _mm512_set1_epi32(offset);
    }
    for (int64_t k = b * x.block; k < (b + 1) * x.block; k += 4) {
      __m512i xs[kRows];
      for (int m = 0; m < kRows; ++m) xs[m] = four_of(x.values.data() + (row + m) * weight.padded_in + k);
      for (int v = 0; v < kVectors; ++v) {
        const __m512i w = _mm512_loadu_si512(panel + k * kPanel + v * 64);
        for (int m = 0; m < kRows; ++m) sum[m][v] = _mm512_dpbusd_epi32(sum[m][v], w, xs[m]);
      }
    }
    for (int m = 0; m < kRows; ++m) {
      const __m512 scale = _mm512_set1_ps(x.scales[static_cast<size_t>((row + m) * x.blocks + b)]);
      for (int v = 0; v < kVectors; ++v) {
        total[m][v] = _mm512_fmadd_ps(as_floats(sum[m][v]), scale, total[m][v]);
      }
    }
  }
  for (int m = 0; m < kRows; ++m) {
    for (int v = 0; v < kVectors; ++v) _mm512_storeu_ps(to[m] + v * kLanes, total[m][v]);
  }
}

// Of 4-bit weights, whose scales come in here.
template <int kRows>
CCX_VNNI void multiply_nibbles(const BytePanels& weight, const uint8_t* panel, const float* scales,
                               const QuantisedRows& x, int64_t row, Sums* to) {
  const __m512i low = _mm512_set1_epi8(0x0f);
  __m512 total[kRows][kVectors];
  for (auto& of_row : total) {
    for (__m512& lanes : of_row) lanes = _mm512_setzero_ps();
  }
  for (int64_t b = 0; b < x.blocks; ++b) {
    __m512i sum[kRows][kVectors];
    for (int m = 0; m < kRows; ++m) {
      const int32_t offset = -8 * x.sums[static_cast<size_t>((row + m) * x.blocks + b)];
      for (__m512i& lanes : sum[m]) lanes = _mm512_set1_epi32(offset);
    }
    for (int64_t k = b * x.block; k < (b + 1) * x.block; k += 8) {
      __m512i first[kRows], second[kRows];
      for (int m = 0; m < kRows; ++m) {
        const int8_t* from = x.values.data() + (row + m) * weight.padded_in + k;
        first[m] = four_of(from);
        second[m] = four_of(from + 4);
      }
      for (int v = 0; v < kVectors; ++v) {
        const __m512i w = _mm512_loadu_si512(panel + k / 2 * kPanel + v * 64);
        const __m512i lower = _mm512_and_si512(w, low), upper = _mm512_and_si512(_mm512_srli_epi16(w, 4), low);
        for (int m = 0; m < kRows; ++m) {
          sum[m][v] = _mm512_dpbusd_epi32(_mm512_dpbusd_epi32(sum[m][v], lower, first[m]), upper, second[m]);
        }
      }
    }
    for (int v = 0; v < kVectors; ++v) {
      const __m512 scale = _mm512_loadu_ps(scales + b * kPanel + v * kLanes);
      for (int m = 0; m < kRows; ++m) {
        const __m512 both =
            _mm512_mul_ps(scale, _mm512_set1_ps(x.scales[static_cast<size_t>((row + m) * x.blocks + b)]));
        total[m][v] = _mm512_fmadd_ps(as_floats(sum[m][v]), both, total[m][v]);
      }
    }
  }
  for (int m = 0; m < kRows; ++m) {
    for (int v = 0; v < kVectors; ++v) _mm512_storeu_ps(to[m] + v * kLanes, total[m][v]);
  }
}
#endif

using Whole = int32_t __attribute__((vector_size(64)));

CCX_INLINE void to_floats(const LaneBits& bits, int offset, Lanes& lanes) {
  Whole whole;
  std::memcpy(&whole, &bits, sizeof(whole));
  lanes = __builtin_convertvector(whole - offset, Lanes);
}

// One row of float32 with one panel: the values widened in registers.
CCX_CLONES void multiply_widened(const BytePanels& weight, const uint8_t* panel, const float* scales, const float* x,
                                 float* to) {
  const bool bytes = weight.bits == 8;
  const int64_t block = bytes ? kByteBlock : kNibbleBlock;
  Lanes total[kVectors] = {};
  for (int64_t start = 0; start < weight.in; start += block) {
    Lanes sum[kVectors] = {};
    for (int64_t k = start; k < std::min(start + block, weight.in); ++k) {
      // Inputs k of an octet (4 bits) or of four (8 bits) are bytes of the same numbers.
      const int64_t place = bytes ? k / 4 * 4 * kPanel : k / 8 * 4 * kPanel;
      const int64_t shift = k % 4 * 8 + (bytes || k % 8 < 4 ? 0 : 4);
      for (int v = 0; v < kVectors; ++v) {
        LaneBits four;
        std::memcpy(&four, panel + place + v * 64, sizeof(four));
        Lanes values;
        to_floats((four >> static_cast<uint32_t>(shift)) & (bytes ? 0xffu : 0x0fu), bytes ? 128 : 8, values);
        sum[v] += values * x[k];
      }
    }
    for (int v = 0; v < kVectors; ++v) {
      Lanes scale = Lanes{} + 1.0f;
      if (!bytes) load(scale, scales + start / kNibbleBlock * kPanel + v * kLanes);
      total[v] += sum[v] * scale;
    }
  }
  std::memcpy(to, total, sizeof(total));
}

struct Call {
  const BytePanels& weight;
  const float* x;
  const QuantisedRows* quantised;  // null: x itself
  const float* bias;
  float* out;

  template <int kRows>
  void rows(int64_t panel, int64_t row) const {
    Sums sums[kRows];
    const bool bytes = weight.bits == 8;
    const uint8_t* values = weight.values.data() + panel * kPanel * weight.padded_in * weight.bits / 8;
    const float* scales = bytes ? weight.scales.data() + panel * kPanel
                                : weight.scales.data() + panel * kPanel * (weight.padded_in / kNibbleBlock);
    if (quantised == nullptr) {
      for (int m = 0; m < kRows; ++m) multiply_widened(weight, values, scales, x + (row + m) * weight.in, sums[m]);
#if defined(__x86_64__)
    } else if (bytes) {
      multiply_bytes<kRows>(weight, values, *quantised, row, sums);
    } else {
      multiply_nibbles<kRows>(weight, values, scales, *quantised, row, sums);
#endif
    }
    const int64_t first = panel * kPanel, used = std::min(kPanel, weight.out - first);
    for (int m = 0; m < kRows; ++m) {
      for (int64_t n = 0; n < used; ++n) {
        const float sum = bytes ? sums[m][n] * scales[n] : sums[m][n];
        out[(row + m) * weight.out + first + n] = sum + (bias != nullptr ? bias[first + n] : 0.0f);
      }
    }
  }
};

}  // namespace

bool multiplies_bytes() {
#if defined(__x86_64__)
  static const bool found = __builtin_cpu_supports("avx512vnni") != 0 && __builtin_cpu_supports("avx512bw") != 0;
  return found;
#else
  return false;
#endif
}

BytePanels byte_panels(std::span<const int8_t> values, std::span<const float> scales, int64_t out, int64_t in) {
  BytePanels panels{8, in, rounded_up(in, kByteBlock), out, {}, {scales.begin(), scales.end()}};
  panels.values.resize(static_cast<size_t>(panels.count() * kPanel * panels.padded_in), 128);
  for (int64_t n = 0; n < out; ++n) {
    for (int64_t k = 0; k < in; ++k) {
      const int64_t place = n / kPanel * kPanel * panels.padded_in + k / 4 * 4 * kPanel + n % kPanel * 4 + k % 4;
      panels.values[static_cast<size_t>(place)] = static_cast<uint8_t>(values[static_cast<size_t>(n * in + k)] + 128);
    }
  }
  return panels;
}

BytePanels nibble_panels(std::span<const int8_t> values, std::span<const float> scales, int64_t out, int64_t in) {
  BytePanels panels{4, in, rounded_up(in, kNibbleBlock), out, {}, {}};
  const int64_t blocks = panels.padded_in / kNibbleBlock;
  panels.values.resize(static_cast<size_t>(panels.count() * kPanel * panels.padded_in / 2), 0x88);
  panels.scales.resize(static_cast<size_t>(panels.count() * blocks * kPanel));
  for (int64_t n = 0; n < out; ++n) {
    for (int64_t b = 0; b < blocks; ++b) {
      panels.scales[static_cast<size_t>((n / kPanel * blocks + b) * kPanel + n % kPanel)] =
          scales[static_cast<size_t>(n * blocks + b)];
    }
    for (int64_t k = 0; k < in; ++k) {
      const int64_t place = n / kPanel * kPanel * panels.padded_in / 2 + k / 8 * 4 * kPanel + n % kPanel * 4 + k % 4;
      uint8_t& both = panels.values[static_cast<size_t>(place)];
      const auto nibble = static_cast<unsigned>(values[static_cast<size_t>(n * in + k)] + 8);
      both = static_cast<uint8_t>(k % 8 < 4 ? (both & 0xf0u) | nibble : (both & 0x0fu) | nibble << 4);
    }
  }
  return panels;
}

void byte_product(const float* x, int64_t rows, const BytePanels& weight, const float* bias, float* out,
                  const ParallelFor& parallel_for, bool exact) {
  QuantisedRows quantised;
  if (!exact) {
    quantised = quantise_rows(x, rows, weight.in, weight.padded_in, weight.bits == 8 ? kByteBlock : kNibbleBlock);
  }
  const Call call{weight, x, exact ? nullptr : &quantised, bias, out};
  parallel_for(weight.count(), [&](int64_t begin, int64_t end) {
    for (int64_t panel = begin; panel < end; ++panel) {
      int64_t m = 0;
      for (; m + 4 <= rows; m += 4) call.rows<4>(panel, m);
      for (; m < rows; ++m) call.rows<1>(panel, m);
    }
  });
}

}  // namespace ccx::torch_backend
