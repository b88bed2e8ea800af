// Products with weights of 8 and 4 bits on a CPU, as a checkpoint stores them or made when it is loaded.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <optional>

#include "core/graph/ops.h"
#include "core/graph/weights.h"

namespace ccx::torch_backend {

// A weight [out, in]. Its numbers are those of core/graph/quantise.h.
struct QuantisedWeight {
  int bits = 8;  // or 4
  int64_t out = 0, in = 0;
  at::Tensor values;  // [out, quantised_row_bytes(bits, in)], 8 bits: int8, 4: uint8
  at::Tensor scales;  // float32 [out, scales_of_row(bits, in)]
  at::Tensor sums;    // 8 bits: of each row's values, int32 [out]

  size_t nbytes() const;
};

// weight [out, in] of float32, bfloat16 or float16 on a CPU, on all threads; 8 or 4 bits.
QuantisedWeight quantised(const at::Tensor& weight, int bits);
// What a checkpoint holds, copied into large pages where Linux has them: reading mapped files is slower, and a step
// does nothing else.
QuantisedWeight quantised(const QuantisedView& stored);

// input [..., in] of float32 or bfloat16 times the first `rows` rows of the weight, bias [rows] or undefined: [...,
// rows], through gelu where one is given. Where the processor multiplies bytes the input becomes 8-bit numbers, each
// position with a scale of its own; elsewhere, and of many positions with 4-bit weights, the weight becomes numbers of
// the input's type. Without gradients.
at::Tensor quantised_linear(const at::Tensor& input, const QuantisedWeight& weight, const at::Tensor& bias,
                            int64_t rows, std::optional<Gelu> gelu = std::nullopt);

// Rows `ids` of a table: [..., in] of `dtype`.
at::Tensor quantised_rows(const QuantisedWeight& table, const at::Tensor& ids, at::ScalarType dtype);

// The first `rows` rows of the weight as numbers, [rows, in] of `dtype` (float32 or bfloat16), on all threads.
at::Tensor dequantised(const QuantisedWeight& weight, int64_t rows, at::ScalarType dtype);

}  // namespace ccx::torch_backend
