// Weights in 8 and 4 bits: what the numbers are. One definition for exports, checkpoints and the CPU's products.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ccx {

// 8 bits a weight, one scale a row (an output channel of a product, an entry of a table): weight = value * scale,
// scale = max|weight of the row| / 127, 1 for a row of zeros; value in -127..127, rounded to the nearest, of two the
// even one.
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
inline int64_t int4_blocks(int64_t in) {
  return (in + kInt4Block - 1) / kInt4Block;
}
Int4Weight quantise_int4(std::span<const float> weight, int64_t out, int64_t in);

// How 4-bit values lie in memory and in a checkpoint: value + 8, eight of a row in four bytes, of two the first in the
// lower half. A row begins with a new group of eight; what fills its last one is 0 + 8.
inline int64_t packed_int4_row_bytes(int64_t in) {
  return (in + 7) / 8 * 4;
}
// values [out, in] -> [out, packed_int4_row_bytes(in)]
std::vector<uint8_t> pack_int4_rows(std::span<const int8_t> values, int64_t out, int64_t in);

// A weight's rows as they lie in memory and in a checkpoint, of 8 or 4 bits: the bytes of a row's values, and how many
// scales it has.
inline int64_t quantised_row_bytes(int bits, int64_t in) {
  return bits == 8 ? in : packed_int4_row_bytes(in);
}
inline int64_t scales_of_row(int bits, int64_t in) {
  return bits == 8 ? 1 : int4_blocks(in);
}
// weights [out, in] -> values [out, quantised_row_bytes], scales [out, scales_of_row].
void quantise_rows(int bits, std::span<const float> weights, int64_t out, int64_t in, void* values, float* scales);
// Back to numbers: one row's, [in].
void dequantise_row(int bits, const void* values, const float* scales, int64_t in, float* weights);

// Activations as a product with 8-bit weights takes them: value * scale, one scale a row (a token), so that a token's
// result does not depend on what stands beside it. scale = max|x| / 127 and at least 1e-20 / 127; value = x / scale
// rounded to the nearest, of two the greater.
float quantise_token(const float* x, int64_t count, int8_t* values);

}  // namespace ccx
