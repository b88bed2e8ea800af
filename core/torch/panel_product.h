// Products of few rows with weights as oneDNN lays them out for many: a decoding step reads what the prompt's products
// read, and no weight is kept twice. No LibTorch.
#pragma once

#include <cstdint>

#include "core/torch/lanes.h"
#include "core/torch/parallel.h"

namespace ccx::torch_backend {

// Outputs that lie together.
constexpr int64_t kPanel = 64;
// Inputs that lie together.
template <class T>
constexpr int64_t kTogether = sizeof(T) == sizeof(Bf16) ? 2 : 1;

// A weight [out, in] in panels of kPanel outputs, each [padded_in / kTogether, kPanel, kTogether]: of bfloat16 the
// first two inputs of all outputs of the panel, then the next two; of float32 one input after the other. What is beyond
// `in` and `out` is zero. T is float or Bf16.
template <class T>
struct Panels {
  const T* values = nullptr;  // null: laid out otherwise
  int64_t in = 0, padded_in = 0, out = 0;

  int64_t count() const { return (out + kPanel - 1) / kPanel; }
};

// The panels that `bytes` bytes at `data` are, if they hold exactly the numbers of `weight` [out, in]; else null ones.
template <class T>
Panels<T> as_panels(const void* data, int64_t bytes, const T* weight, int64_t out, int64_t in);

// One of several products of the same rows.
template <class T>
struct PanelProduct {
  Panels<T> weight;
  const T* bias = nullptr;  // [out], may be null
  T* to = nullptr;          // [rows, out]
};

// to[m][n] = sum_k x[m][k] * weight[n][k] + bias[n] for each of `products`, of x [rows, in], summed in float32. All are
// read in one go of the threads. The order of a sum depends on `in` alone, so a row is the same bits whatever stands
// beside it. bfloat16 is multiplied two inputs an instruction where the processor has AVX512-BF16, else widened in
// registers.
template <class T>
void panel_products(const T* x, int64_t rows, const PanelProduct<T>* products, int64_t count,
                    const ParallelFor& parallel_for);

}  // namespace ccx::torch_backend
