#include "core/lean/products.h"

#include <algorithm>
#include <cmath>

#include "core/lean/limits.h"

namespace ccx::lean {
namespace {

constexpr std::int64_t kOutputs = 8;  // computed together, of as many rows as registers hold
constexpr std::int64_t kRows = 4;
constexpr float kTiny = 1e-20f;

// What becomes of eight sums.
struct Finish {
  F4 scale[2], bias[2];
  Limits limits;
  std::int64_t outputs;  // how many of the eight are wanted

  void operator()(const I4* sums, float* to) const {
    F4 values[2];
    for (int half = 0; half < 2; ++half) {
      values[half] = limits(to_float(sums[half]) * scale[half] + bias[half]);
    }
    if (outputs == kOutputs) {
      store(to, values[0]);
      store(to + kFloats, values[1]);
    } else {
      std::memcpy(to, values, static_cast<std::size_t>(outputs) * sizeof(float));
    }
  }
};

// `Rows` rows by eight outputs.
template <int Rows>
void block(const std::int16_t* rows, std::int64_t row, const std::int16_t* weight, const Finish& finish, float* to,
           std::int64_t stride) {
  I4 sums[Rows][2] = {};
  for (std::int64_t k = 0; k < row; k += 2, weight += 2 * kOutputs) {
    const S8 first = load<S8>(weight);
    const S8 second = load<S8>(weight + kOutputs);
    for (int r = 0; r < Rows; ++r) {
      const S8 pair = pairs_of(rows + r * row + k);
      sums[r][0] += dot(pair, first);
      sums[r][1] += dot(pair, second);
    }
  }
  for (int r = 0; r < Rows; ++r) finish(sums[r], to + r * stride);
}

}  // namespace

Weight::Weight(std::span<const std::int8_t> values, std::span<const float> scales, std::span<const float> biases)
    : in_(static_cast<std::int64_t>(values.size() / scales.size())), out_(static_cast<std::int64_t>(scales.size())) {
  const std::int64_t padded = (out_ + kOutputs - 1) / kOutputs * kOutputs;
  values_.resize(static_cast<std::size_t>(padded * row()));
  for (std::int64_t o = 0; o < out_; ++o) {
    for (std::int64_t i = 0; i < in_; ++i) {
      const std::int64_t to = (o / kOutputs * (row() / 2) + i / 2) * 2 * kOutputs + o % kOutputs * 2 + i % 2;
      values_[static_cast<std::size_t>(to)] = static_cast<std::int16_t>(values[static_cast<std::size_t>(o * in_ + i)]);
    }
  }
  scales_.assign(scales.begin(), scales.end());
  scales_.resize(static_cast<std::size_t>(padded));
  biases_.assign(biases.begin(), biases.end());
  biases_.resize(static_cast<std::size_t>(padded));
  constexpr std::int64_t kSum = 0x7fffffff;
  steps_ = static_cast<int>(std::min<std::int64_t>(kSum / (127 * std::max<std::int64_t>(in_, 1)), 32767));
}

void Weight::multiply(const std::int16_t* rows, std::int64_t lines, std::int64_t count, float scale,
                      Activation activation, float* to, std::int64_t line) const {
  const std::int64_t length = row();
  for (std::int64_t o = 0; o < out_; o += kOutputs) {
    const std::int16_t* weight = values_.data() + o * length;
    Finish finish{{}, {}, limits_of(activation), std::min(kOutputs, out_ - o)};
    for (int half = 0; half < 2; ++half) {
      finish.scale[half] = load<F4>(scales_.data() + o + half * kFloats) * all(scale);
      finish.bias[half] = load<F4>(biases_.data() + o + half * kFloats);
    }
    for (std::int64_t y = 0; y < lines; ++y) {
      const std::int16_t* from = rows + y * count * length;
      float* into = to + y * line + o;
      std::int64_t r = 0;
      for (; r + kRows <= count; r += kRows)
        block<kRows>(from + r * length, length, weight, finish, into + r * out_, out_);
      for (; r < count; ++r) block<1>(from + r * length, length, weight, finish, into + r * out_, out_);
    }
  }
}

float largest_magnitude(std::span<const float> values) {
  F4 largest = all(kTiny);
  std::size_t i = 0;
  for (; i + kFloats <= values.size(); i += kFloats) {
    const F4 x = load<F4>(values.data() + i);
    largest = most(largest, most(x, -x));
  }
  float result = std::max({largest[0], largest[1], largest[2], largest[3]});
  for (; i < values.size(); ++i) result = std::max(result, std::abs(values[i]));
  return result;
}

float quantise(const float* values, std::int64_t count, std::int64_t columns, float largest, int steps,
               std::int16_t* to) {
  const float inverse = static_cast<float>(steps) / largest;
  const std::int64_t row = (columns + 1) / 2 * 2;
  const std::int64_t together = row == columns ? 1 : count;  // rows without a filling are one long one
  const std::int64_t length = row == columns ? count * columns : columns;
  for (std::int64_t r = 0; r < together; ++r, values += length, to += row) {
    std::int64_t i = 0;
    for (; i + 2 * kFloats <= length; i += 2 * kFloats) {
      const I4 low = rounded(load<F4>(values + i) * all(inverse));
      const I4 high = rounded(load<F4>(values + i + kFloats) * all(inverse));
      store(to + i, narrowed(low, high));
    }
    for (; i < length; ++i) to[i] = static_cast<std::int16_t>(std::nearbyintf(values[i] * inverse));
    if (row != columns) to[columns] = 0;
  }
  return largest / static_cast<float>(steps);
}

}  // namespace ccx::lean
