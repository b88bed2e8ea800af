// Products of a few rows with a weight as a checkpoint has it: what a decoding step on a CPU is made of where no weight
// is packed (panel_product.h). No LibTorch.
#pragma once

#include <cstdint>

#include "core/torch/lanes.h"
#include "core/torch/parallel.h"

namespace ccx::torch_backend {

// out[m][n] = sum_k x[m][k] * weight[n][k] + bias[n] (bias may be null), row-major and computed in float32.
//
// Such a product is bound by reading the weight once. BLAS libraries reach less than half of the memory's speed at it
// (measure with `ccx bench`); this one streams it. And every out[m][n] adds its products in the same order whatever the
// number of rows is, so that a caption does not depend on the batch it was made in.
void small_rows_linear(const float* x, const float* weight, const float* bias, float* out, int64_t rows, int64_t in,
                       int64_t out_features, const ParallelFor& parallel_for);
// bfloat16 weights, widened in registers.
void small_rows_linear(const float* x, const Bf16* weight, const Bf16* bias, Bf16* out, int64_t rows, int64_t in,
                       int64_t out_features, const ParallelFor& parallel_for);

}  // namespace ccx::torch_backend
