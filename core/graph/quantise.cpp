#include "core/graph/quantise.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/base/clones.h"

namespace ccx {
namespace {

// Adding it leaves no fraction: rounds numbers of less than 2^22 to the nearest integer, of two to the even one, in
// arithmetic that compilers do many of at once.
constexpr float kNoFraction = 12582912.0f;  // 1.5 * 2^23
CCX_INLINE float rounded(float value) {
  return (value + kNoFraction) - kNoFraction;
}

CCX_INLINE float largest_magnitude(const float* values, int64_t count) {
  // Several at once: a maximum does not depend on the order.
  float largest[16] = {};
  int64_t i = 0;
  for (; i + 16 <= count; i += 16) {
    for (int lane = 0; lane < 16; ++lane) largest[lane] = std::max(largest[lane], std::abs(values[i + lane]));
  }
  for (; i < count; ++i) largest[0] = std::max(largest[0], std::abs(values[i]));
  return *std::max_element(largest, largest + 16);
}

// A whole block, filled up with zeros, which add nothing to an error.
using Block = float[kInt4Block];

// Sixteen numbers at once; the compiler splits them where registers are narrower.
using Lanes = float __attribute__((vector_size(64)));

CCX_INLINE float squared_error(const Block& block, float scale) {
  const float inverse = 1.0f / scale;
  const Lanes least = Lanes{} - 8.0f, most = Lanes{} + 7.0f;
  Lanes halves[2], errors = {};
  std::memcpy(halves, block, sizeof(halves));
  for (const Lanes& weights : halves) {
    Lanes values = (weights * inverse + kNoFraction) - kNoFraction;
    values = values < least ? least : values;
    values = values > most ? most : values;
    const Lanes difference = values * scale - weights;
    errors += difference * difference;
  }
  float each[16], error = 0;  // added in the same order on every processor
  std::memcpy(each, &errors, sizeof(each));
  for (const float some : each) error += some;
  return error;
}

// The scale of a block with the least squared error among those around max|weight| / 8. Its sign makes the weight of
// largest magnitude negative, as -8 has no positive counterpart.
CCX_INLINE float best_int4_scale(const Block& block) {
  float extreme = 0;
  for (const float value : block) extreme = std::abs(value) > std::abs(extreme) ? value : extreme;
  if (extreme == 0) return 1.0f;
  float best = extreme / -8.0f;
  float least = std::numeric_limits<float>::max();
  for (float divisor = -9.0f; divisor <= -6.5f; divisor += 0.25f) {
    const float scale = extreme / divisor;
    const float error = squared_error(block, scale);
    if (error < least) least = error, best = scale;
  }
  return best;
}

// One block of `length` weights: its values, and the scale.
CCX_CLONES float quantise_block(const float* weights, int64_t length, int8_t* values) {
  Block block = {};
  std::copy(weights, weights + length, block);
  const float scale = best_int4_scale(block);
  for (int64_t i = 0; i < length; ++i) {
    values[i] = static_cast<int8_t>(std::min(std::max(rounded(block[i] / scale), -8.0f), 7.0f));
  }
  return scale;
}

// One row of 8 bits: its values, and the scale.
CCX_CLONES float quantise_row(const float* row, int64_t columns, int8_t* values) {
  const float largest = largest_magnitude(row, columns);
  const float scale = largest > 0 ? largest / 127.0f : 1.0f;
  for (int64_t c = 0; c < columns; ++c) {
    values[c] = static_cast<int8_t>(std::min(std::max(rounded(row[c] / scale), -127.0f), 127.0f));
  }
  return scale;
}

}  // namespace

Int8Rows quantise_int8_rows(std::span<const float> table, int64_t rows, int64_t columns) {
  Int8Rows result{std::vector<int8_t>(table.size()), std::vector<float>(static_cast<size_t>(rows))};
  for (int64_t r = 0; r < rows; ++r) {
    result.scales[static_cast<size_t>(r)] =
        quantise_row(table.data() + r * columns, columns, result.values.data() + r * columns);
  }
  return result;
}

Int4Weight quantise_int4(std::span<const float> weight, int64_t out, int64_t in) {
  const int64_t blocks = int4_blocks(in);
  Int4Weight result{std::vector<int8_t>(weight.size()), std::vector<float>(static_cast<size_t>(out * blocks)), blocks};
  for (int64_t o = 0; o < out; ++o) {
    for (int64_t b = 0; b < blocks; ++b) {
      const int64_t first = o * in + b * kInt4Block;
      result.scales[static_cast<size_t>(o * blocks + b)] = quantise_block(
          weight.data() + first, std::min(kInt4Block, in - b * kInt4Block), result.values.data() + first);
    }
  }
  return result;
}

std::vector<uint8_t> pack_int4_rows(std::span<const int8_t> values, int64_t out, int64_t in) {
  const int64_t row_bytes = packed_int4_row_bytes(in);
  std::vector<uint8_t> packed(static_cast<size_t>(out * row_bytes), 0x88);
  for (int64_t o = 0; o < out; ++o) {
    uint8_t* row = packed.data() + o * row_bytes;
    for (int64_t i = 0; i < in; ++i) {
      const auto nibble = static_cast<unsigned>(values[static_cast<size_t>(o * in + i)] + 8);
      row[i / 2] =
          static_cast<uint8_t>(i % 2 == 0 ? (row[i / 2] & 0xf0u) | nibble : (row[i / 2] & 0x0fu) | nibble << 4);
    }
  }
  return packed;
}

void quantise_rows(int bits, std::span<const float> weights, int64_t out, int64_t in, void* values, float* scales) {
  const auto copy = [&](const auto& bytes, const std::vector<float>& of_rows) {
    std::memcpy(values, bytes.data(), bytes.size());
    std::copy(of_rows.begin(), of_rows.end(), scales);
  };
  if (bits == 8) {
    const Int8Rows found = quantise_int8_rows(weights, out, in);
    copy(found.values, found.scales);
  } else {
    const Int4Weight found = quantise_int4(weights, out, in);
    copy(pack_int4_rows(found.values, out, in), found.scales);
  }
}

namespace {

CCX_CLONES void dequantise_int8_row(const int8_t* values, float scale, int64_t in, float* weights) {
  for (int64_t i = 0; i < in; ++i) weights[i] = static_cast<float>(values[i]) * scale;
}

CCX_CLONES void dequantise_int4_row(const uint8_t* packed, const float* scales, int64_t in, float* weights) {
  for (int64_t first = 0; first < in; first += kInt4Block) {
    const float scale = scales[first / kInt4Block];
    float block[kInt4Block];
    const int64_t bytes = std::min(kInt4Block / 2, packed_int4_row_bytes(in) - first / 2);
    for (int64_t i = 0; i < bytes; ++i) {
      block[2 * i] = static_cast<float>((packed[first / 2 + i] & 0x0f) - 8) * scale;
      block[2 * i + 1] = static_cast<float>((packed[first / 2 + i] >> 4) - 8) * scale;
    }
    std::copy(block, block + std::min(kInt4Block, in - first), weights + first);
  }
}

}  // namespace

void dequantise_row(int bits, const void* values, const float* scales, int64_t in, float* weights) {
  if (bits == 8) {
    dequantise_int8_row(static_cast<const int8_t*>(values), *scales, in, weights);
  } else {
    dequantise_int4_row(static_cast<const uint8_t*>(values), scales, in, weights);
  }
}

CCX_CLONES float quantise_token(const float* x, int64_t count, int8_t* values) {
  const float scale = std::max(largest_magnitude(x, count), 1e-20f) * (1.0f / 127.0f);
  // A conversion cuts towards zero: of value + 128.5, all above zero, it leaves the nearest integer.
  for (int64_t i = 0; i < count; ++i) values[i] = static_cast<int8_t>(static_cast<int>(x[i] / scale + 128.5f) - 128);
  return scale;
}

}  // namespace ccx
