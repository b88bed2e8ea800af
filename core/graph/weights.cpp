#include "core/graph/weights.h"

#include "core/graph/quantise.h"

namespace ccx {

std::vector<float> dequantised(const QuantisedView& weight) {
  std::vector<float> numbers(static_cast<size_t>(weight.rows * weight.columns));
  for (int64_t row = 0; row < weight.rows; ++row) {
    float* to = numbers.data() + row * weight.columns;
    if (weight.bits == 8) {
      dequantise_int8_row(reinterpret_cast<const int8_t*>(weight.values) + row * weight.columns,
                          weight.scales[static_cast<size_t>(row)], weight.columns, to);
    } else {
      dequantise_int4_row(reinterpret_cast<const uint8_t*>(weight.values) + row * packed_int4_row_bytes(weight.columns),
                          weight.scales.data() + row * int4_blocks(weight.columns), weight.columns, to);
    }
  }
  return numbers;
}

}  // namespace ccx
