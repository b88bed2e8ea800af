#include "core/torch/small_rows.h"

#include <cstring>

namespace ccx::torch_backend {
namespace {

// Sixteen lanes; the compiler splits them where registers are narrower.
using Lanes = float __attribute__((vector_size(64)));
constexpr int64_t kLanes = 16;

inline __attribute__((always_inline)) void load(Lanes& lanes, const float* from) { std::memcpy(&lanes, from, sizeof(Lanes)); }

// One tile: kRows rows of x against kColumns rows of the weight. Every (row, column) has one accumulator of sixteen lanes,
// then its tail, then the lanes are added pairwise: an order that depends on `in` alone.
template <int kRows, int kColumns>
inline __attribute__((always_inline)) void tile(const float* x, const float* weight, const float* bias, float* out,
                                                int64_t in, int64_t out_features) {
  Lanes sum[kRows][kColumns] = {};
  const int64_t whole = in / kLanes * kLanes;
  for (int64_t k = 0; k < whole; k += kLanes) {
    Lanes xs[kRows];
    for (int m = 0; m < kRows; ++m) load(xs[m], x + m * in + k);
    for (int n = 0; n < kColumns; ++n) {
      Lanes w;
      load(w, weight + n * in + k);
      for (int m = 0; m < kRows; ++m) sum[m][n] += xs[m] * w;
    }
  }
  for (int m = 0; m < kRows; ++m) {
    for (int n = 0; n < kColumns; ++n) {
      float lanes[kLanes];
      std::memcpy(lanes, &sum[m][n], sizeof(lanes));
      for (int64_t k = whole; k < in; ++k) lanes[k - whole] += x[m * in + k] * weight[n * in + k];
      for (int64_t half = kLanes / 2; half > 0; half /= 2) {
        for (int64_t i = 0; i < half; ++i) lanes[i] += lanes[i + half];
      }
      out[m * out_features + n] = lanes[0] + (bias != nullptr ? bias[n] : 0.0f);
    }
  }
}

template <int kRows, int kColumns>
inline __attribute__((always_inline)) void columns(const float* x, const float* weight, const float* bias, float* out,
                                                   int64_t in, int64_t out_features, int64_t begin, int64_t end) {
  const auto bias_at = [&](int64_t n) { return bias != nullptr ? bias + n : nullptr; };
  int64_t n = begin;
  for (; n + kColumns <= end; n += kColumns) {
    tile<kRows, kColumns>(x, weight + n * in, bias_at(n), out + n, in, out_features);
  }
  for (; n < end; ++n) tile<kRows, 1>(x, weight + n * in, bias_at(n), out + n, in, out_features);
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CCX_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CCX_CLONES
#endif

// Weight rows [begin, end) for all rows of x. Sixteen weight rows at a time stay in the cache while the rows of x pass.
CCX_CLONES void part(const float* x, const float* weight, const float* bias, float* out, int64_t rows, int64_t in,
                     int64_t out_features, int64_t begin, int64_t end) {
  if (rows == 1) {
    columns<1, 8>(x, weight, bias, out, in, out_features, begin, end);
    return;
  }
  constexpr int64_t kBlock = 16;
  for (int64_t first = begin; first < end; first += kBlock) {
    const int64_t last = first + kBlock < end ? first + kBlock : end;
    int64_t m = 0;
    for (; m + 4 <= rows; m += 4) {
      columns<4, 4>(x + m * in, weight, bias, out + m * out_features, in, out_features, first, last);
    }
    for (; m < rows; ++m) columns<1, 8>(x + m * in, weight, bias, out + m * out_features, in, out_features, first, last);
  }
}

}  // namespace

void small_rows_linear(const float* x, const float* weight, const float* bias, float* out, int64_t rows, int64_t in,
                       int64_t out_features, const ParallelFor& parallel_for) {
  parallel_for(out_features, [&](int64_t begin, int64_t end) {
    part(x, weight, bias, out, rows, in, out_features, begin, end);
  });
}

}  // namespace ccx::torch_backend
