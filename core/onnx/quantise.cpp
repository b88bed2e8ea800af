#include "core/onnx/quantise.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/base/error.h"
#include "core/io/safetensors.h"

namespace ccx::onnx {

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
