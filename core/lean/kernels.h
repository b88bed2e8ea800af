// The loops that take the time, for each width of a processor's vectors. All give the same bits: whole numbers are
// added exactly, and what is in float32 is added in one order, without fused multiply-adds (-ffp-contract=off).
#pragma once

#include <cstdint>

#include "core/graph/ops.h"

namespace ccx::lean {

struct Depthwise;

// Rows of 16-bit whole numbers times a weight of 8 bits (Weight::multiply()).
struct ProductCall {
  const std::int16_t* rows = nullptr;  // [lines, count, length]
  std::int64_t lines = 0, count = 0, length = 0, out = 0;
  const std::int16_t* values = nullptr;              // [out / panel][length / 2][panel][2]
  const float *scales = nullptr, *biases = nullptr;  // [out, rounded up to a panel]
  float scale = 0;                                   // of the rows
  Activation activation = Activation::kNone;
  float* to = nullptr;    // [lines, count, out]
  std::int64_t line = 0;  // numbers of `to` from one line to the next
};

// Four queries that look at the keys of one head. Keys and values lie as they are read: keys by twice the lanes of a
// vector, values by its lanes.
struct AttentionCall {
  static constexpr std::int64_t kQueries = 4;
  const float* queries = nullptr;    // [4, width], scaled
  const float* keys = nullptr;       // [padded / (2 lanes), width, 2 lanes]
  const float* values = nullptr;     // [width / lanes rounded up, stored, lanes]
  const float* bias[kQueries] = {};  // of each query, null behind the last one; [seen]
  std::int64_t width = 0, padded = 0, stored = 0, seen = 0;
  float* scores = nullptr;   // [4, padded], room
  float* to[kQueries] = {};  // [width] each, null behind the last one
};

struct Kernels {
  std::int64_t panel = 8;  // outputs of a product that lie and are computed together
  std::int64_t lanes = 4;  // floats of a vector
  void (*multiply)(const ProductCall& call) = nullptr;
  // The largest magnitude of `count` numbers, not below `least`.
  float (*largest)(const float* values, std::int64_t count, float least) = nullptr;
  // Numbers times `inverse`, rounded to the nearest, of two the even one; those of more than 16 bits do not come.
  void (*quantise)(const float* values, std::int64_t count, float inverse, std::int16_t* to) = nullptr;
  // A row of a depthwise convolution's output, [width, channels], from `kernel` rows of the input whose sides are
  // filled.
  void (*filter_row)(const Depthwise& filter, const float* rows, std::int64_t row_stride, std::int64_t width,
                     float* to) = nullptr;
  void (*attend)(const AttentionCall& call) = nullptr;
};

// The widest that this processor has.
const Kernels& kernels();
// By the bits of a vector: 128, which every processor has, 256 or 512. Null where this one has not.
const Kernels* kernels_of_width(int bits);

}  // namespace ccx::lean
