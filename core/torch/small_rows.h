// A matrix product for a few rows against a large weight: what one decoding step is made of. No LibTorch.
#pragma once

#include <cstdint>
#include <functional>

namespace ccx::torch_backend {

// Runs body(begin, end) over parts of [0, count) on the threads of the caller's pool.
using ParallelFor = std::function<void(int64_t count, const std::function<void(int64_t begin, int64_t end)>& body)>;

// out[m][n] = sum_k x[m][k] * weight[n][k] + bias[n] (bias may be null), all float32 and row-major.
//
// Such a product is bound by reading the weight once. BLAS libraries reach less than half of the memory's speed at it
// (measure with `ccx bench`); this one streams it. And every out[m][n] adds its products in the same order whatever the
// number of rows is, so that a caption does not depend on the batch it was made in.
void small_rows_linear(const float* x, const float* weight, const float* bias, float* out, int64_t rows, int64_t in,
                       int64_t out_features, const ParallelFor& parallel_for);

}  // namespace ccx::torch_backend
