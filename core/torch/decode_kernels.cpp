#include "core/torch/decode_kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace ccx::torch_backend {
namespace {

// Sixteen lanes; the compiler splits them where registers are narrower.
using Lanes = float __attribute__((vector_size(64)));
constexpr int64_t kLanes = 16;

inline __attribute__((always_inline)) void load(Lanes& lanes, const float* from) {
  std::memcpy(&lanes, from, sizeof(Lanes));
}

// Products of kRows rows of x with kColumns rows of the weight. Each has two accumulators of sixteen lanes that take
// turns along k; they are added, then the lanes pairwise, then the tail: an order that depends on `in` alone. Reading
// several rows of the weight at once, and the next ones ahead of time, is what keeps the memory busy.
constexpr int kChains = 2;

template <int kRows, int kColumns>
inline __attribute__((always_inline)) void tile(const float* x, const float* weight, const float* bias, float* out,
                                                int64_t in, int64_t out_features) {
  Lanes sum[kRows][kColumns][kChains] = {};
  const auto step = [&](int64_t k, int c) __attribute__((always_inline)) {
    Lanes xs[kRows];
    for (int m = 0; m < kRows; ++m) load(xs[m], x + m * in + k);
    for (int n = 0; n < kColumns; ++n) {
      Lanes w;
      load(w, weight + n * in + k);
      __builtin_prefetch(weight + (n + 2 * kColumns) * in + k, /*rw=*/0, /*locality=*/2);
      for (int m = 0; m < kRows; ++m) sum[m][n][c] += xs[m] * w;
    }
  };
  int64_t k = 0;
  for (; k + kChains * kLanes <= in; k += kChains * kLanes) {
    for (int c = 0; c < kChains; ++c) step(k + c * kLanes, c);
  }
  if (k + kLanes <= in) {
    step(k, 0);
    k += kLanes;
  }
  for (int m = 0; m < kRows; ++m) {
    for (int n = 0; n < kColumns; ++n) {
      const Lanes both = sum[m][n][0] + sum[m][n][1];
      float lanes[kLanes];
      std::memcpy(lanes, &both, sizeof(lanes));
      for (int64_t half = kLanes / 2; half > 0; half /= 2) {
        for (int64_t i = 0; i < half; ++i) lanes[i] += lanes[i + half];
      }
      float total = lanes[0];
      for (int64_t t = k; t < in; ++t) total += x[m * in + t] * weight[n * in + t];
      out[m * out_features + n] = total + (bias != nullptr ? bias[n] : 0.0f);
    }
  }
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CCX_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CCX_CLONES
#endif

// kColumns weight rows for all rows of x: they are read from memory once and then stay in the cache.
template <int kColumns>
inline __attribute__((always_inline)) void all_rows(const float* x, const float* weight, const float* bias, float* out,
                                                    int64_t rows, int64_t in, int64_t out_features) {
  int64_t m = 0;
  for (; m + 4 <= rows; m += 4) tile<4, kColumns>(x + m * in, weight, bias, out + m * out_features, in, out_features);
  for (; m < rows; ++m) tile<1, kColumns>(x + m * in, weight, bias, out + m * out_features, in, out_features);
}

// Weight rows [begin, end) for all rows of x.
CCX_CLONES void part(const float* x, const float* weight, const float* bias, float* out, int64_t rows, int64_t in,
                     int64_t out_features, int64_t begin, int64_t end) {
  const auto bias_at = [&](int64_t n) { return bias != nullptr ? bias + n : nullptr; };
  int64_t n = begin;
  if (rows <= 4) {  // more rows of x leave fewer registers
    for (; n + 8 <= end; n += 8) all_rows<8>(x, weight + n * in, bias_at(n), out + n, rows, in, out_features);
  }
  for (; n + 4 <= end; n += 4) all_rows<4>(x, weight + n * in, bias_at(n), out + n, rows, in, out_features);
  for (; n < end; ++n) all_rows<1>(x, weight + n * in, bias_at(n), out + n, rows, in, out_features);
}

inline __attribute__((always_inline)) float dot(const float* a, const float* b, int64_t count) {
  Lanes sum = {};
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    Lanes x;
    Lanes y;
    load(x, a + i);
    load(y, b + i);
    sum += x * y;
  }
  float lanes[kLanes];
  std::memcpy(lanes, &sum, sizeof(lanes));
  for (int64_t half = kLanes / 2; half > 0; half /= 2) {
    for (int64_t l = 0; l < half; ++l) lanes[l] += lanes[l + half];
  }
  for (; i < count; ++i) lanes[0] += a[i] * b[i];
  return lanes[0];
}

// e^x for x <= 0, to two units in the last place: 2^n * e^r with |r| <= ln(2) / 2 and a polynomial for e^r. Unlike
// std::exp it is plain arithmetic, which the compiler turns into lanes.
inline __attribute__((always_inline)) float exp_of_negative(float x) {
  const float clamped = x < -87.0f ? -87.0f : x;
  const float n = std::floor(clamped * 1.44269504f + 0.5f);
  const float r = (clamped - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const float e = p * r * r + r + 1.0f;
  return e * std::bit_cast<float>((static_cast<int32_t>(n) + 127) << 23);
}

CCX_CLONES void attend(const float* q, const float* k, const float* v, float* out, float* scores, int64_t group,
                       int64_t keys, int64_t width, float scale) {
  for (int64_t s = 0; s < keys; ++s) {
    for (int64_t g = 0; g < group; ++g) scores[g * keys + s] = scale * dot(q + g * width, k + s * width, width);
  }
  for (int64_t g = 0; g < group; ++g) {
    float* row = scores + g * keys;
    const float largest = *std::max_element(row, row + keys);
    float sum = 0;
    for (int64_t s = 0; s < keys; ++s) row[s] = exp_of_negative(row[s] - largest);
    for (int64_t s = 0; s < keys; ++s) sum += row[s];
    for (int64_t s = 0; s < keys; ++s) row[s] /= sum;
  }
  std::fill(out, out + group * width, 0.0f);
  for (int64_t s = 0; s < keys; ++s) {
    for (int64_t g = 0; g < group; ++g) {
      const float weight = scores[g * keys + s];
      for (int64_t d = 0; d < width; ++d) out[g * width + d] += weight * v[s * width + d];
    }
  }
}

}  // namespace

void single_query_attention(const float* q, const float* k, const float* v, float* out, int64_t group, int64_t keys,
                            int64_t width, float scale) {
  std::vector<float> scores(static_cast<size_t>(group * keys));
  attend(q, k, v, out, scores.data(), group, keys, width, scale);
}

void small_rows_linear(const float* x, const float* weight, const float* bias, float* out, int64_t rows, int64_t in,
                       int64_t out_features, const ParallelFor& parallel_for) {
  parallel_for(out_features,
               [&](int64_t begin, int64_t end) { part(x, weight, bias, out, rows, in, out_features, begin, end); });
}

}  // namespace ccx::torch_backend
