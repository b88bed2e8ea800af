// Both passes are one kernel: a weighted sum of byte rows. The vertical pass feeds it rows of the picture; the
// horizontal pass feeds it blocks of 16 rows transposed, so that neighbouring pixels become neighbouring rows and the
// compiler can vectorise either.
#include "core/image/resize.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

#include "core/base/cpu_clones.h"

namespace ccx::image {

namespace {

// Pillow's fixed point: 8 bits of pixel and 2 of head room leave 22 for the fraction.
constexpr int kFractionBits = 32 - 8 - 2;
// Rows of a transposed block, and bytes of a row that the kernel sums at once: 16 pixels of 3 bytes.
constexpr std::size_t kBlock = 16;
constexpr std::size_t kLanes = 3 * kBlock;
// Bytes whose sums are kept at once: in WebAssembly's registers, or in those of more.
#if defined(__wasm_simd128__)
constexpr std::size_t kSummed = kBlock;
#else
constexpr std::size_t kSummed = kLanes;
#endif

// The input positions that make up each output position, and their weights.
struct Coefficients {
  int taps = 0;                  // room for weights at each output position
  std::vector<int> first;        // [out] first input position
  std::vector<int> count;        // [out] how many input positions, at most `taps`
  std::vector<int32_t> weights;  // [out, taps], times 2^22

  const int32_t* weights_of(int i) const {
    return weights.data() + static_cast<std::size_t>(i) * static_cast<std::size_t>(taps);
  }
};

// Keys' cubic with a = -0.5, support 2, in the order of operations that decides the last bit.
double bicubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * a;
  return 0.0;
}

Coefficients make_coefficients(int in_size, int out_size) {
  const double scale = static_cast<double>(in_size) / out_size;
  const double filter_scale = std::max(scale, 1.0);  // reducing widens the filter: antialiasing
  const double support = 2.0 * filter_scale;
  const double inverse = 1.0 / filter_scale;
  Coefficients out;
  out.taps = static_cast<int>(std::ceil(support)) * 2 + 1;
  out.weights.assign(static_cast<std::size_t>(out_size) * static_cast<std::size_t>(out.taps), 0);
  std::vector<double> weights(static_cast<std::size_t>(out.taps));
  for (int i = 0; i < out_size; ++i) {
    const double centre = (i + 0.5) * scale;
    const int first = std::max(static_cast<int>(std::floor(centre - support + 0.5)), 0);
    const int count = std::min(static_cast<int>(std::floor(centre + support + 0.5)), in_size) - first;
    double sum = 0.0;
    for (int t = 0; t < count; ++t) {
      weights[static_cast<std::size_t>(t)] = bicubic((t + first - centre + 0.5) * inverse);
      sum += weights[static_cast<std::size_t>(t)];
    }
    int32_t* fixed = out.weights.data() + static_cast<std::size_t>(i) * static_cast<std::size_t>(out.taps);
    for (int t = 0; t < count; ++t) {
      double weight = weights[static_cast<std::size_t>(t)];
      if (sum != 0.0) weight /= sum;
      fixed[t] = static_cast<int32_t>((weight < 0 ? -0.5 : 0.5) + weight * (1 << kFractionBits));
    }
    out.first.push_back(first);
    out.count.push_back(count);
  }
  return out;
}

constexpr int32_t kHalf = 1 << (kFractionBits - 1);  // rounds to nearest

uint8_t to_byte(int32_t sum) {
  return static_cast<uint8_t>(std::clamp(sum >> kFractionBits, 0, 255));
}

// out[l] = clip(round(sum over t of weights[t] * in[t * stride + l])) for l in 0..bytes-1.
CCX_CPU_CLONES void weighted_sum(const uint8_t* in, std::size_t stride, const int32_t* weights, int count,
                                 std::size_t bytes, uint8_t* out) {
  std::size_t at = 0;
  for (; at + kSummed <= bytes; at += kSummed) {
    int32_t sums[kSummed];
    for (int32_t& sum : sums) sum = kHalf;
    for (int t = 0; t < count; ++t) {
      const uint8_t* row = in + static_cast<std::size_t>(t) * stride + at;
      const int32_t weight = weights[t];
      for (std::size_t l = 0; l < kSummed; ++l) sums[l] += row[l] * weight;
    }
    for (std::size_t l = 0; l < kSummed; ++l) out[at + l] = to_byte(sums[l]);
  }
  for (; at < bytes; ++at) {
    int32_t sum = kHalf;
    for (int t = 0; t < count; ++t) sum += in[static_cast<std::size_t>(t) * stride + at] * weights[t];
    out[at] = to_byte(sum);
  }
}

// Transposes a 16x16 block of bytes in place: a perfect shuffle rotates the 8 bits of an index (4 of row, 4 of column)
// by one, so four of them swap row and column. Each vectorises to byte interleaves, which compilers for WebAssembly do
// not find.
#if defined(__wasm_simd128__)
void transpose16(uint8_t* block) {
  constexpr int rows = kBlock, half = rows / 2;
  v128_t lines[rows], others[rows];
  const auto interleave = [](const v128_t* from, v128_t* to) {
    for (int i = 0; i < half; ++i) {
      to[2 * i] = wasm_i8x16_shuffle(from[i], from[half + i], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      to[2 * i + 1] =
          wasm_i8x16_shuffle(from[i], from[half + i], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
  };
  for (int i = 0; i < rows; ++i) lines[i] = wasm_v128_load(block + i * rows);
  interleave(lines, others);
  interleave(others, lines);
  interleave(lines, others);
  interleave(others, lines);
  for (int i = 0; i < rows; ++i) wasm_v128_store(block + i * rows, lines[i]);
}
#else
CCX_CPU_CLONES void transpose16(uint8_t* block) {
  uint8_t other[kBlock * kBlock];
  constexpr std::size_t half = kBlock * kBlock / 2;
  for (std::size_t i = 0; i < half; ++i) {
    other[2 * i] = block[i];
    other[2 * i + 1] = block[half + i];
  }
  for (std::size_t i = 0; i < half; ++i) {
    block[2 * i] = other[i];
    block[2 * i + 1] = other[half + i];
  }
  for (std::size_t i = 0; i < half; ++i) {
    other[2 * i] = block[i];
    other[2 * i + 1] = block[half + i];
  }
  for (std::size_t i = 0; i < half; ++i) {
    block[2 * i] = other[i];
    block[2 * i + 1] = other[half + i];
  }
}
#endif

// Copies a row of a block: whole ones, nearly all, as one move.
void copy_block_row(uint8_t* to, const uint8_t* from, std::size_t bytes) {
  if (bytes == kBlock) {
    std::memcpy(to, from, kBlock);
  } else {
    std::memcpy(to, from, bytes);
  }
}

std::size_t round_up(std::size_t n, std::size_t multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

// The horizontal pass.
Image resize_rows(const Image& in, int width) {
  const Coefficients coefficients = make_coefficients(in.width, width);
  const std::size_t in_bytes = static_cast<std::size_t>(in.width) * 3;
  const std::size_t out_bytes = static_cast<std::size_t>(width) * 3;
  Image out = filled_image(width, in.height);
  std::vector<uint8_t> columns(round_up(in_bytes, kBlock) * kBlock);   // [byte of a row, row of the block]
  std::vector<uint8_t> results(round_up(out_bytes, kBlock) * kBlock);  // the same of the output
  alignas(64) uint8_t block[kBlock * kBlock] = {};
  for (int y = 0; y < in.height; y += kBlock) {
    const int rows = std::min<int>(kBlock, in.height - y);
    for (std::size_t x = 0; x < in_bytes; x += kBlock) {
      const std::size_t bytes = std::min(kBlock, in_bytes - x);
      for (int r = 0; r < rows; ++r)
        copy_block_row(block + static_cast<std::size_t>(r) * kBlock, in.row(y + r) + x, bytes);
      transpose16(block);
      std::memcpy(columns.data() + x * kBlock, block, sizeof block);
    }
    for (int i = 0; i < width; ++i) {
      const auto at = static_cast<std::size_t>(i);
      weighted_sum(columns.data() + static_cast<std::size_t>(coefficients.first[at]) * kLanes, kLanes,
                   coefficients.weights_of(i), coefficients.count[at], kLanes, results.data() + at * kLanes);
    }
    for (std::size_t x = 0; x < out_bytes; x += kBlock) {
      const std::size_t bytes = std::min(kBlock, out_bytes - x);
      std::memcpy(block, results.data() + x * kBlock, sizeof block);
      transpose16(block);
      for (int r = 0; r < rows; ++r)
        copy_block_row(out.row(y + r) + x, block + static_cast<std::size_t>(r) * kBlock, bytes);
    }
  }
  return out;
}

// The vertical pass.
Image resize_columns(const Image& in, int height) {
  const Coefficients coefficients = make_coefficients(in.height, height);
  const std::size_t row_bytes = static_cast<std::size_t>(in.width) * 3;
  Image out = filled_image(in.width, height);
  for (int i = 0; i < height; ++i) {
    const auto at = static_cast<std::size_t>(i);
    weighted_sum(in.row(coefficients.first[at]), row_bytes, coefficients.weights_of(i), coefficients.count[at],
                 row_bytes, out.row(i));
  }
  return out;
}

}  // namespace

Image resize_bicubic(const Image& in, int width, int height) {
  require_consistent(in);
  if (width < 1 || height < 1) {
    throw InputError("cannot resize to " + std::to_string(width) + "x" + std::to_string(height) + " pixels");
  }
  const bool horizontal = width != in.width;
  const bool vertical = height != in.height;
  if (horizontal && vertical) {
    // Pillow 13's rule, which decides bytes because each pass rounds: a picture that loses more than twice as many rows
    // as columns is reduced vertically first. Pillow before 12.2 always began horizontally.
    const int64_t lost_rows = static_cast<int64_t>(in.height) - height;
    const int64_t lost_columns = static_cast<int64_t>(in.width) - width;
    if (lost_rows > 0 && lost_rows > 2 * lost_columns) return resize_rows(resize_columns(in, height), width);
    return resize_columns(resize_rows(in, width), height);
  }
  if (horizontal) return resize_rows(in, width);
  if (vertical) return resize_columns(in, height);
  return in;
}

}  // namespace ccx::image
