#include "core/lean/products.h"

#include <algorithm>

namespace ccx::lean {
namespace {

constexpr float kTiny = 1e-20f;

}  // namespace

Weight::Weight(std::span<const std::int8_t> values, std::span<const float> scales, std::span<const float> biases,
               const Kernels& kernels)
    : kernels_(&kernels),
      in_(static_cast<std::int64_t>(values.size() / scales.size())),
      out_(static_cast<std::int64_t>(scales.size())) {
  const std::int64_t panel = kernels.panel;
  const std::int64_t padded = (out_ + panel - 1) / panel * panel;
  values_.resize(static_cast<std::size_t>(padded * row()));
  for (std::int64_t o = 0; o < out_; ++o) {
    for (std::int64_t i = 0; i < in_; ++i) {
      const std::int64_t to = (o / panel * (row() / 2) + i / 2) * 2 * panel + o % panel * 2 + i % 2;
      values_[static_cast<std::size_t>(to)] = static_cast<std::int16_t>(values[static_cast<std::size_t>(o * in_ + i)]);
    }
  }
  scales_.assign(scales.begin(), scales.end());
  scales_.resize(static_cast<std::size_t>(padded));
  biases_.assign(biases.begin(), biases.end());
  biases_.resize(static_cast<std::size_t>(padded));
  constexpr std::int64_t kSum = 0x7fffffff;
  steps_ = static_cast<int>(std::min<std::int64_t>(kSum / (127 * std::max<std::int64_t>(in_, 1)), 32767));
}

void Weight::multiply(const std::int16_t* rows, std::int64_t lines, std::int64_t count, float scale,
                      Activation activation, float* to, std::int64_t line) const {
  kernels_->multiply({.rows = rows,
                      .lines = lines,
                      .count = count,
                      .length = row(),
                      .out = out_,
                      .values = values_.data(),
                      .scales = scales_.data(),
                      .biases = biases_.data(),
                      .scale = scale,
                      .activation = activation,
                      .to = to,
                      .line = line});
}

float largest_magnitude(std::span<const float> values) {
  return kernels().largest(values.data(), static_cast<std::int64_t>(values.size()), kTiny);
}

float quantise(const float* values, std::int64_t count, std::int64_t columns, float largest, int steps,
               std::int16_t* to) {
  const float inverse = static_cast<float>(steps) / largest;
  const std::int64_t row = (columns + 1) / 2 * 2;
  const std::int64_t together = row == columns ? 1 : count;  // rows without a filling are one long one
  const std::int64_t length = row == columns ? count * columns : columns;
  for (std::int64_t r = 0; r < together; ++r, values += length, to += row) {
    kernels().quantise(values, length, inverse, to);
    if (row != columns) to[columns] = 0;
  }
  return largest / static_cast<float>(steps);
}

}  // namespace ccx::lean
