#include "core/graph/exported.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/base/error.h"
#include "core/io/safetensors.h"

namespace ccx {

std::vector<float> transposed(std::span<const float> weight, int64_t out, int64_t in) {
  std::vector<float> result(weight.size());
  constexpr int64_t kTile = 32;  // both sides of a tile stay in the cache
  for (int64_t row = 0; row < out; row += kTile) {
    for (int64_t column = 0; column < in; column += kTile) {
      for (int64_t r = row; r < std::min(row + kTile, out); ++r) {
        for (int64_t c = column; c < std::min(column + kTile, in); ++c) {
          result[static_cast<size_t>(c * out + r)] = weight[static_cast<size_t>(r * in + c)];
        }
      }
    }
  }
  return result;
}

std::string float16_bytes(std::span<const float> values, const std::string& tensor) {
  std::string bytes(values.size() * sizeof(uint16_t), '\0');
  for (size_t i = 0; i < values.size(); ++i) {
    const uint16_t half = io::float_to_half(values[i]);
    if ((half & 0x7c00u) == 0x7c00u) {
      throw CheckpointError("tensor \"" + tensor + "\" holds " + std::to_string(values[i]) +
                            ", which float16 cannot; export with --quantize none and --embeddings fp32");
    }
    std::memcpy(bytes.data() + i * sizeof(half), &half, sizeof(half));
  }
  return bytes;
}

std::string float32_bytes(std::span<const float> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

Int8Weight quantise_int8(std::span<const float> weight, int64_t out, int64_t in) {
  Int8Rows rows = quantise_int8_rows(weight, out, in);
  Int8Weight result{std::vector<uint8_t>(weight.size()), std::move(rows.scales)};
  for (int64_t o = 0; o < out; ++o) {
    for (int64_t i = 0; i < in; ++i) {
      result.values[static_cast<size_t>(i * out + o)] =
          static_cast<uint8_t>(rows.values[static_cast<size_t>(o * in + i)] + kInt8ZeroPoint);
    }
  }
  return result;
}

}  // namespace ccx
