// How weights are stored: float32, float16, 8 and 4 bits. Plain arithmetic on arrays, exact to the definitions here.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ccx::onnx {

// A product's weight is [out, in] in the checkpoint, row-major; ONNX multiplies from the right, [in, out].
std::vector<float> transposed(std::span<const float> weight, int64_t out, int64_t in);

// The bytes of the values as float16 (round to nearest even). Throws CheckpointError naming the tensor when a value is
// beyond float16's range.
std::string float16_bytes(std::span<const float> values, const std::string& tensor);
std::string float32_bytes(std::span<const float> values);

// 8 bits a weight, one scale an output channel: weight = (value - 128) * scale, scale = max|weight| / 127. Unsigned
// around 128, because signed 8-bit products saturate on x86 processors without VNNI.
struct Int8Weight {
  std::vector<uint8_t> values;  // [in, out]
  std::vector<float> scales;    // [out]
};
inline constexpr uint8_t kInt8ZeroPoint = 128;
Int8Weight quantise_int8(std::span<const float> weight, int64_t out, int64_t in);

// The same for the rows of a table: weight = value * scale of the row, signed. For look-ups and DequantizeLinear.
struct Int8Rows {
  std::vector<int8_t> values;  // [rows, columns]
  std::vector<float> scales;   // [rows]
};
Int8Rows quantise_int8_rows(std::span<const float> table, int64_t rows, int64_t columns);

// 4 bits a weight, one scale for every 32 inputs of an output channel: weight = value * scale, value in -8..7, the
// scale being the one of least squared error among a few around max|weight| / 8. A channel's last block may be shorter.
struct Int4Weight {
  std::vector<int8_t> values;  // [out, in], one a byte
  std::vector<float> scales;   // [out, blocks]
  int64_t blocks = 0;
};
inline constexpr int64_t kInt4Block = 32;
Int4Weight quantise_int4(std::span<const float> weight, int64_t out, int64_t in);

// The values as MatMulNBits reads them: [out, blocks, 16] bytes, value + 8, low half first, short blocks padded.
std::string pack_matmul_nbits(const Int4Weight& weight, int64_t out, int64_t in);
// The values as an ONNX int4 tensor [in, out]: two's complement, low half first.
std::string pack_int4_transposed(const Int4Weight& weight, int64_t out, int64_t in);

}  // namespace ccx::onnx
