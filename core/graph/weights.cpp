#include "core/graph/weights.h"

#include "core/graph/quantise.h"

namespace ccx {

std::vector<float> dequantised(const QuantisedView& weight) {
  std::vector<float> numbers(static_cast<size_t>(weight.rows * weight.columns));
  const int64_t row_bytes = quantised_row_bytes(weight.bits, weight.columns);
  const int64_t scales = scales_of_row(weight.bits, weight.columns);
  for (int64_t row = 0; row < weight.rows; ++row) {
    dequantise_row(weight.bits, weight.values + row * row_bytes, weight.scales.data() + row * scales, weight.columns,
                   numbers.data() + row * weight.columns);
  }
  return numbers;
}

}  // namespace ccx
