// Products with weights of 8 bits. Activations are made 16-bit whole numbers, of as many steps as a sum of 32 bits
// holds, so that what is lost beside float32 lies below what 8 bits of the weights have cost.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/graph/ops.h"
#include "core/lean/kernels.h"

namespace ccx::lean {

// A weight [out, in] in the order in which it is read: by a panel of outputs, by two inputs.
class Weight {
 public:
  // values: [out, in], within -127..127; scales, biases: [out]. weight = value * scale. `kernels` multiply it.
  Weight(std::span<const std::int8_t> values, std::span<const float> scales, std::span<const float> biases,
         const Kernels& kernels = lean::kernels());

  std::int64_t in() const { return in_; }
  std::int64_t out() const { return out_; }
  std::int64_t row() const { return (in_ + 1) / 2 * 2; }  // numbers of a quantised row, the last of which may be 0
  // The largest magnitude of a quantised activation with which no sum overflows.
  int steps() const { return steps_; }

  // rows: [lines, count, row()], which stand for themselves times `scale` -> to [lines, count, out], `line` numbers
  // from one line to the next.
  void multiply(const std::int16_t* rows, std::int64_t lines, std::int64_t count, float scale, Activation activation,
                float* to, std::int64_t line) const;

 private:
  const Kernels* kernels_;
  std::int64_t in_ = 0, out_ = 0;
  int steps_ = 0;
  std::vector<std::int16_t> values_;    // [out / panel][row() / 2][panel][2]
  std::vector<float> scales_, biases_;  // [out, rounded up to a panel]
};

// The largest magnitude of `values`; not below a tiny one.
float largest_magnitude(std::span<const float> values);

// [count, columns] -> [count, columns rounded up to 2], in steps of largest / steps. Gives the size of a step.
float quantise(const float* values, std::int64_t count, std::int64_t columns, float largest, int steps,
               std::int16_t* to);

}  // namespace ccx::lean
