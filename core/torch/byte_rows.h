// Products of few rows with weights of 8 or 4 bits, read as they lie in a checkpoint: what a decoding step takes of a
// quantised model. No LibTorch.
#pragma once

#include <cstdint>

#include "core/torch/parallel.h"

namespace ccx::torch_backend {

// A product's weight [out, in] in 8 bits.
struct ByteWeight {
  const int8_t* values = nullptr;  // [out, in]
  const float* scales = nullptr;   // [out]
  const int32_t* sums = nullptr;   // of each row's values, [out]
  int64_t out = 0, in = 0;
};

// In 4 bits, as pack_int4_rows() lays them (graph/quantise.h).
struct NibbleWeight {
  const uint8_t* values = nullptr;  // [out, packed_int4_row_bytes(in)]
  const float* scales = nullptr;    // [out, int4_blocks(in)]
  int64_t out = 0, in = 0;
};

// Whether this processor multiplies bytes (AVX512-VNNI): activations are then made 8-bit numbers by quantise_token().
// Elsewhere they stay float32, and so they do with `exact`.
bool multiplies_bytes();

// out[m][n] = sum_k x[m][k] * weight[n][k] + bias[n] (bias may be null), x [rows, in]. A row's result does not depend
// on the others.
void byte_rows(const float* x, int64_t rows, const ByteWeight& weight, const float* bias, float* out,
               const ParallelFor& parallel_for, bool exact = !multiplies_bytes());
void nibble_rows(const float* x, int64_t rows, const NibbleWeight& weight, const float* bias, float* out,
                 const ParallelFor& parallel_for, bool exact = !multiplies_bytes());

// The sum of a product of bytes as a number: byte_rows()'s and whoever else's that multiplied the same bytes.
inline float byte_sum(int32_t sum, float weight_scale, float token_scale, float bias) {
  return static_cast<float>(sum) * weight_scale * token_scale + bias;
}

}  // namespace ccx::torch_backend
