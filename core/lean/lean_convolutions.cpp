// LeanOps where it reads weights: convolutions and linear layers.
#include <algorithm>
#include <span>

#include "core/base/error.h"
#include "core/graph/sizes.h"
#include "core/lean/lean_value.h"
#include "core/lean/vectors.h"
#include "core/model/names.h"

namespace ccx::lean {
namespace {

// Short ones, which a call of a library would not be worth.
void copy(const std::int16_t* from, std::int64_t count, std::int16_t* to) {
  constexpr std::int64_t kTogether = 8;
  if (count < kTogether) {
    for (std::int64_t i = 0; i < count; ++i) to[i] = from[i];
    return;
  }
  for (std::int64_t i = 0; i + kTogether <= count; i += kTogether) store(to + i, load<S8>(from + i));
  store(to + count - kTogether, load<S8>(from + count - kTogether));
}

// Rows of the input that each output of a k x k convolution reads, pixel by pixel: [h * w, k * k * in].
std::vector<std::int16_t> gathered(const std::int16_t* map, MapSize size, std::int64_t channels, const ConvSpec& spec,
                                   std::int64_t row, std::int64_t first, std::int64_t count) {
  const MapSize out = output_size(spec, size);
  std::vector<std::int16_t> rows(static_cast<std::size_t>(count * out.width * row));
  std::int16_t* to = rows.data();
  for (std::int64_t y = first; y < first + count; ++y) {
    for (std::int64_t x = 0; x < out.width; ++x, to += row) {
      const std::int64_t left = x * spec.stride - spec.left;
      const std::int64_t begin = std::max<std::int64_t>(left, 0);
      const std::int64_t end = std::min(left + spec.kernel, size.width);
      for (std::int64_t ky = 0; ky < spec.kernel; ++ky) {
        const std::int64_t from = y * spec.stride - spec.top + ky;
        if (from < 0 || from >= size.height) continue;
        copy(map + (from * size.width + begin) * channels, (end - begin) * channels,
             to + (ky * spec.kernel + begin - left) * channels);
      }
    }
  }
  return rows;
}

}  // namespace

Tensor LeanOps::multiply(const Numbers& rows, const Weight& weight, Activation activation, Shape shape) {
  const std::int64_t count = static_cast<std::int64_t>(rows.size()) / weight.in();
  Fresh<std::int16_t> quantised(static_cast<std::size_t>(count * weight.row()));
  const float scale =
      quantise(rows.data(), count, weight.in(), largest_magnitude(rows), weight.steps(), quantised.data());
  Numbers to(static_cast<std::size_t>(count * weight.out()));
  weight.multiply(quantised.data(), 1, count, scale, activation, to.data(), 0);
  return make(std::move(shape), std::move(to));
}

Numbers LeanOps::product_of_floats(const Numbers& from, const Scope& scope, std::int64_t in, std::int64_t out,
                                   Bias bias) {
  const std::vector<float>& weight = weights_->floats(scope.weight(), in * out);
  const std::vector<float>* offset = bias == Bias::kAdd ? &weights_->floats(scope.bias(), out) : nullptr;
  const std::int64_t count = static_cast<std::int64_t>(from.size()) / in;
  Numbers to(static_cast<std::size_t>(count * out), 0.0f);
  for (std::int64_t r = 0; r < count; ++r) {
    float* row = to.data() + r * out;
    if (offset != nullptr) std::copy(offset->begin(), offset->end(), row);
    for (std::int64_t i = 0; i < in; ++i) {
      const float value = from[static_cast<std::size_t>(r * in + i)];
      for (std::int64_t o = 0; o < out; ++o) row[o] += value * weight[static_cast<std::size_t>(i * out + o)];
    }
  }
  return to;
}

Tensor LeanOps::linear(const Tensor& x, const Scope& scope, int64_t out, Bias bias, int64_t rows) {
  Shape shape = x.shape();
  const std::int64_t in = shape.back(), used = used_rows(out, rows);
  const Numbers& from = numbers(x);
  if (scope.weight() == model::kTokenTable) {
    if (bias == Bias::kAdd) throw std::logic_error("the table of tokens has no bias");
    shape.back() = used;
    return make(std::move(shape), rows_of_table(from, in, used));
  }
  shape.back() = out;
  const Weight* weight = weights_->product(scope, in, out, bias);
  const Tensor whole = weight != nullptr ? multiply(from, *weight, Activation::kNone, shape)
                                         : make(shape, product_of_floats(from, scope, in, out, bias));
  return used < out ? slice(whole, static_cast<int>(shape.size()) - 1, 0, used) : whole;
}

Tensor LeanOps::conv2d(const Tensor& x, const Scope& scope, const ConvSpec& spec) {
  const Shape in = x.shape();
  const MapSize size = output_size(spec, {in[2], in[3]});
  const Shape shape = {in[0], spec.out, size.height, size.width};
  const Value& value = value_of(x);
  if (spec.groups > 1) {
    Block begun = value.is_begun() ? value.begun() : Block{};
    if (begun.depthwise) throw std::logic_error("two depthwise convolutions in a row");
    begun.depthwise = &weights_->depthwise(scope, spec);
    return Tensor(std::make_shared<Value>(shape, value.is_begun() ? value.input() : x, begun));
  }
  const Weight& weight = weights_->convolution(scope, spec, in[1]);
  if (value.is_begun()) return project(value, weight, spec);
  if (spec.kernel == 1 && spec.activation != Activation::kNone) {
    Block begun;
    begun.expand = &weight;
    begun.expanded = spec.activation;
    return Tensor(std::make_shared<Value>(shape, x, begun));
  }
  return convolve(x, weight, spec);
}

Tensor LeanOps::project(const Value& filtered, const Weight& weight, const ConvSpec& spec) const {
  if (spec.kernel != 1 || !filtered.begun().depthwise) throw std::logic_error("no inverted residual ends like that");
  Block block = filtered.begun();
  block.project = &weight;
  block.projected = spec.activation;
  const Shape in = filtered.input().shape();
  const Shape middle = filtered.shape();
  const Numbers& from = numbers(filtered.input());
  const std::int64_t one = middle[2] * middle[3] * spec.out;
  Numbers to(static_cast<std::size_t>(in[0] * one));
  for (std::int64_t p = 0; p < in[0]; ++p) {
    run_block(block, from.data() + p * in[1] * in[2] * in[3], {in[2], in[3]}, to.data() + p * one);
  }
  return make({in[0], spec.out, middle[2], middle[3]}, std::move(to));
}

Tensor LeanOps::convolve(const Tensor& x, const Weight& weight, const ConvSpec& spec) const {
  const Shape in = x.shape();
  const MapSize size{in[2], in[3]};
  const MapSize out = output_size(spec, size);
  const Shape shape = {in[0], spec.out, out.height, out.width};
  const Numbers& from = numbers(x);
  if (spec.kernel == 1 && spec.stride == 1) return multiply(from, weight, spec.activation, shape);
  Fresh<std::int16_t> quantised(from.size() + 1);
  const float scale = quantise(from.data(), 1, static_cast<std::int64_t>(from.size()), largest_magnitude(from),
                               weight.steps(), quantised.data());
  Numbers to(static_cast<std::size_t>(in[0] * spec.out * out.height * out.width));
  constexpr std::int64_t kTogether = 64 * 1024;  // numbers gathered at a time, which a cache holds
  const std::int64_t lines = std::max<std::int64_t>(1, kTogether / (out.width * weight.row()));
  for (std::int64_t p = 0; p < in[0]; ++p) {
    for (std::int64_t y = 0; y < out.height; y += lines) {
      const std::int64_t some = std::min(lines, out.height - y);
      const std::vector<std::int16_t> rows =
          gathered(quantised.data() + p * in[1] * in[2] * in[3], size, in[1], spec, weight.row(), y, some);
      weight.multiply(rows.data(), 1, some * out.width, scale, spec.activation,
                      to.data() + (p * out.height + y) * out.width * spec.out, 0);
    }
  }
  return make(shape, std::move(to));
}

}  // namespace ccx::lean
