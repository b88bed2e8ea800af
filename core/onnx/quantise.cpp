#include "core/onnx/quantise.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/base/error.h"
#include "core/io/safetensors.h"

namespace ccx::onnx {
namespace {

float largest_magnitude(std::span<const float> values) {
  float largest = 0;
  for (float value : values) largest = std::max(largest, std::abs(value));
  return largest;
}

int rounded(float value, int low, int high) {
  return std::clamp(static_cast<int>(std::nearbyintf(value)), low, high);
}

// The scale of a block with the least squared error among those around max|weight| / 8. Its sign makes the weight of
// largest magnitude negative, as -8 has no positive counterpart.
float best_int4_scale(std::span<const float> block) {
  float extreme = 0;
  for (float value : block) extreme = std::abs(value) > std::abs(extreme) ? value : extreme;
  if (extreme == 0) return 1.0f;
  float best = extreme / -8.0f;
  float least = std::numeric_limits<float>::max();
  for (float divisor = -9.0f; divisor <= -6.5f; divisor += 0.25f) {
    const float scale = extreme / divisor;
    const float inverse = 1.0f / scale;
    float error = 0;
    for (float value : block) {
      const float difference = std::clamp(std::nearbyint(value * inverse), -8.0f, 7.0f) * scale - value;
      error += difference * difference;
    }
    if (error < least) least = error, best = scale;
  }
  return best;
}

}  // namespace

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
  Int8Weight result{std::vector<uint8_t>(weight.size()), std::vector<float>(static_cast<size_t>(out))};
  for (int64_t o = 0; o < out; ++o) {
    const auto row = weight.subspan(static_cast<size_t>(o * in), static_cast<size_t>(in));
    const float largest = largest_magnitude(row);
    const float scale = largest > 0 ? largest / 127.0f : 1.0f;
    result.scales[static_cast<size_t>(o)] = scale;
    for (int64_t i = 0; i < in; ++i) {
      const int value = rounded(row[static_cast<size_t>(i)] / scale, -127, 127);
      result.values[static_cast<size_t>(i * out + o)] = static_cast<uint8_t>(value + kInt8ZeroPoint);
    }
  }
  return result;
}

Int8Rows quantise_int8_rows(std::span<const float> table, int64_t rows, int64_t columns) {
  Int8Rows result{std::vector<int8_t>(table.size()), std::vector<float>(static_cast<size_t>(rows))};
  for (int64_t r = 0; r < rows; ++r) {
    const auto row = table.subspan(static_cast<size_t>(r * columns), static_cast<size_t>(columns));
    const float largest = largest_magnitude(row);
    const float scale = largest > 0 ? largest / 127.0f : 1.0f;
    result.scales[static_cast<size_t>(r)] = scale;
    for (int64_t c = 0; c < columns; ++c) {
      result.values[static_cast<size_t>(r * columns + c)] =
          static_cast<int8_t>(rounded(row[static_cast<size_t>(c)] / scale, -127, 127));
    }
  }
  return result;
}

Int4Weight quantise_int4(std::span<const float> weight, int64_t out, int64_t in) {
  const int64_t blocks = (in + kInt4Block - 1) / kInt4Block;
  Int4Weight result{std::vector<int8_t>(weight.size()), std::vector<float>(static_cast<size_t>(out * blocks)), blocks};
  for (int64_t o = 0; o < out; ++o) {
    for (int64_t b = 0; b < blocks; ++b) {
      const auto first = static_cast<size_t>(o * in + b * kInt4Block);
      const auto length = static_cast<size_t>(std::min(kInt4Block, in - b * kInt4Block));
      const auto block = weight.subspan(first, length);
      const float scale = best_int4_scale(block);
      result.scales[static_cast<size_t>(o * blocks + b)] = scale;
      for (size_t i = 0; i < length; ++i) {
        result.values[first + i] = static_cast<int8_t>(rounded(block[i] / scale, -8, 7));
      }
    }
  }
  return result;
}

std::string pack_matmul_nbits(const Int4Weight& weight, int64_t out, int64_t in) {
  constexpr int64_t kBytes = kInt4Block / 2;
  std::string packed(static_cast<size_t>(out * weight.blocks * kBytes), static_cast<char>(0x88));
  for (int64_t o = 0; o < out; ++o) {
    for (int64_t i = 0; i < in; ++i) {
      const auto nibble = static_cast<unsigned>(weight.values[static_cast<size_t>(o * in + i)] + 8);
      const int64_t place = o * weight.blocks * kBytes + i / kInt4Block * kBytes + i % kInt4Block / 2;
      auto byte = static_cast<unsigned char>(packed[static_cast<size_t>(place)]);
      byte = static_cast<unsigned char>(i % 2 == 0 ? (byte & 0xf0u) | nibble : (byte & 0x0fu) | (nibble << 4));
      packed[static_cast<size_t>(place)] = static_cast<char>(byte);
    }
  }
  return packed;
}

std::string pack_int4_transposed(const Int4Weight& weight, int64_t out, int64_t in) {
  std::string packed(static_cast<size_t>((in * out + 1) / 2), '\0');
  for (int64_t i = 0; i < in; ++i) {
    for (int64_t o = 0; o < out; ++o) {
      const auto nibble = static_cast<unsigned>(weight.values[static_cast<size_t>(o * in + i)]) & 0x0fu;
      const int64_t place = i * out + o;
      auto byte = static_cast<unsigned char>(packed[static_cast<size_t>(place / 2)]);
      byte = static_cast<unsigned char>(byte | (place % 2 == 0 ? nibble : nibble << 4));
      packed[static_cast<size_t>(place / 2)] = static_cast<char>(byte);
    }
  }
  return packed;
}

}  // namespace ccx::onnx
