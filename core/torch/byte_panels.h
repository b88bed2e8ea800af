// Products of few rows with weights of 8 or 4 bits: what a decoding step reads of a quantised model. No LibTorch.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/torch/lanes.h"
#include "core/torch/panel_product.h"
#include "core/torch/parallel.h"

namespace ccx::torch_backend {

// Inputs whose activations share a scale.
constexpr int64_t kByteBlock = 64;
// Inputs of an output channel that share a scale of a 4-bit weight.
constexpr int64_t kNibbleBlock = 32;

// A weight [out, in] in panels of kPanel outputs, as values without a sign: value + 128 of 8 bits, value + 8 of 4 bits.
struct BytePanels {
  int bits = 8;
  int64_t in = 0, padded_in = 0, out = 0;
  // 8 bits: a panel is [padded_in / 4, kPanel, 4]. 4 bits: [padded_in / 8, kPanel, 4], whose lower halves are inputs
  // 8 i .. 8 i + 3 and whose upper halves are the next four.
  std::vector<uint8_t> values;
  // 8 bits: [out]. 4 bits: [panels, padded_in / kNibbleBlock, kPanel].
  std::vector<float> scales;

  int64_t count() const { return (out + kPanel - 1) / kPanel; }
};

// values [out, in], within -127..127; scales [out]: weight = value * scale.
BytePanels byte_panels(std::span<const int8_t> values, std::span<const float> scales, int64_t out, int64_t in);
// values [out, in], within -8..7, one a byte; scales [out, in / kNibbleBlock rounded up].
BytePanels nibble_panels(std::span<const int8_t> values, std::span<const float> scales, int64_t out, int64_t in);

// Whether this processor multiplies bytes (AVX512-VNNI): activations are then made 8-bit numbers, each kByteBlock
// inputs of a row (of 4-bit weights each kNibbleBlock) with a scale of their own, largest magnitude / 127. Elsewhere
// they stay float32, and so they do with `exact`.
bool multiplies_bytes();

// out[m][n] = sum_k x[m][k] * weight[n][k] + bias[n] (bias may be null), x [rows, in]. A row's result does not depend
// on the others.
void byte_product(const float* x, int64_t rows, const BytePanels& weight, const float* bias, float* out,
                  const ParallelFor& parallel_for, bool exact = !multiplies_bytes());

}  // namespace ccx::torch_backend
