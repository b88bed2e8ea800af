// What stands between a language model's products, row by row in one pass: RMS norm, rotary embedding, the gate. Each
// computes in float32 and rounds once, where it writes. T is float or Bf16. No LibTorch.
#pragma once

#include <cstdint>

#include "core/torch/lanes.h"

namespace ccx::torch_backend {

// to[r] = round(x[r] / sqrt(mean(x[r]^2) + eps)) * weight, of rows [rows, width]; in the type's precision before the
// weight, as the published models have it.
template <class T>
void rms_norm_rows(const T* x, const T* weight, T* to, int64_t rows, int64_t width, float eps);

// Turns the heads of one position, [heads, width], by cos and sin [width / 2]: (low, high) becomes
// (low cos - high sin, high cos + low sin), low and high being the halves of a head.
template <class T>
void rotate_heads(const T* x, const T* cos, const T* sin, T* to, int64_t heads, int64_t width);

// to = gate / (1 + e^-gate) * up, of `count` numbers.
template <class T>
void gate_with_silu(const T* gate, const T* up, T* to, int64_t count);

}  // namespace ccx::torch_backend
