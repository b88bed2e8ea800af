// What one decoding step on a CPU is made of: a product of a few rows with a large weight, and attention of one query.
// No LibTorch.
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

// Attention of one position to the keys so far, for one row and one group of heads that share keys: `group` queries
// [group, width] at `q`, keys and values [keys, width], out [group, width], all float32 and dense;
// softmax(q k^T * scale) v. Like the product, it adds in an order that depends on `keys` and `width` alone.
void single_query_attention(const float* q, const float* k, const float* v, float* out, int64_t group, int64_t keys,
                            int64_t width, float scale);

}  // namespace ccx::torch_backend
