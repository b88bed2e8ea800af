#include "core/torch/row_products.h"

#include <algorithm>

namespace ccx::torch_backend {
namespace {

// Products of kRows rows of x with kColumns rows of the weight. Each has two accumulators of sixteen lanes that take
// turns along k; they are added, then the lanes pairwise, then the tail: an order that depends on `in` alone. Reading
// several rows of the weight at once, and the next ones ahead of time, is what keeps the memory busy.
constexpr int kChains = 2;

template <int kRows, int kColumns, class T>
CCX_INLINE void tile(const float* x, const T* weight, const T* bias, T* out, int64_t in, int64_t out_features) {
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
    float totals[std::max(kColumns, 4)];
    for (int n = 0; n < kColumns; n += 4) {
      Lanes both[4] = {};
      for (int i = 0; i < 4 && n + i < kColumns; ++i) both[i] = sum[m][n + i][0] + sum[m][n + i][1];
      sums_of(both, totals + n);
    }
    for (int n = 0; n < kColumns; ++n) {
      for (int64_t t = k; t < in; ++t) totals[n] += x[m * in + t] * widened(weight[n * in + t]);
      narrow(out[m * out_features + n], totals[n] + (bias != nullptr ? widened(bias[n]) : 0.0f));
    }
  }
}

// kColumns weight rows for all rows of x: they are read from memory once and then stay in the cache.
template <int kColumns, class T>
CCX_INLINE void all_rows(const float* x, const T* weight, const T* bias, T* out, int64_t rows, int64_t in,
                         int64_t out_features) {
  int64_t m = 0;
  for (; m + 4 <= rows; m += 4) tile<4, kColumns>(x + m * in, weight, bias, out + m * out_features, in, out_features);
  for (; m < rows; ++m) tile<1, kColumns>(x + m * in, weight, bias, out + m * out_features, in, out_features);
}

// Weight rows [begin, end) for all rows of x.
template <class T>
CCX_INLINE void part(const float* x, const T* weight, const T* bias, T* out, int64_t rows, int64_t in,
                     int64_t out_features, int64_t begin, int64_t end) {
  const auto bias_at = [&](int64_t n) { return bias != nullptr ? bias + n : nullptr; };
  int64_t n = begin;
  if (rows <= 4) {  // more rows of x leave fewer registers
    for (; n + 8 <= end; n += 8) all_rows<8>(x, weight + n * in, bias_at(n), out + n, rows, in, out_features);
  }
  for (; n + 4 <= end; n += 4) all_rows<4>(x, weight + n * in, bias_at(n), out + n, rows, in, out_features);
  for (; n < end; ++n) all_rows<1>(x, weight + n * in, bias_at(n), out + n, rows, in, out_features);
}

CCX_CLONES void part_float(const float* x, const float* weight, const float* bias, float* out, int64_t rows, int64_t in,
                           int64_t out_features, int64_t begin, int64_t end) {
  part(x, weight, bias, out, rows, in, out_features, begin, end);
}
CCX_CLONES void part_bf16(const float* x, const Bf16* weight, const Bf16* bias, Bf16* out, int64_t rows, int64_t in,
                          int64_t out_features, int64_t begin, int64_t end) {
  part(x, weight, bias, out, rows, in, out_features, begin, end);
}

}  // namespace

void small_rows_linear(const float* x, const float* weight, const float* bias, float* out, int64_t rows, int64_t in,
                       int64_t out_features, const ParallelFor& parallel_for) {
  parallel_for(out_features, [&](int64_t begin, int64_t end) {
    part_float(x, weight, bias, out, rows, in, out_features, begin, end);
  });
}
void small_rows_linear(const float* x, const Bf16* weight, const Bf16* bias, Bf16* out, int64_t rows, int64_t in,
                       int64_t out_features, const ParallelFor& parallel_for) {
  parallel_for(out_features, [&](int64_t begin, int64_t end) {
    part_bf16(x, weight, bias, out, rows, in, out_features, begin, end);
  });
}

}  // namespace ccx::torch_backend
