// LeanOps where it reads no weights.
#include "core/lean/lean_ops.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/lean/lean_value.h"
#include "core/model/ccexpert.h"
#include "core/model/names.h"

namespace ccx::lean {
namespace {

std::int64_t product_of(const Shape& shape, std::size_t from = 0) {
  return std::accumulate(shape.begin() + static_cast<std::ptrdiff_t>(from), shape.end(), std::int64_t{1},
                         std::multiplies<>());
}

[[noreturn]] void unknown(const char* what) {
  throw std::logic_error(std::string(what) + " is not of a convolutional vision graph");
}

// The last axis in memory: a map's channels, a token's width.
bool is_innermost(const Shape& shape, int axis) {
  return shape.size() == 4 ? axis == 1 : static_cast<std::size_t>(axis) + 1 == shape.size();
}

template <class F>
Numbers each(const Numbers& x, F f) {
  Numbers to(x.size());
  std::transform(x.begin(), x.end(), to.begin(), f);
  return to;
}

// b is as large as a, or lies in memory as a's innermost axes do and is repeated.
template <class F>
Numbers both(const Numbers& a, const Numbers& b, F f) {
  const Numbers& larger = a.size() >= b.size() ? a : b;
  Numbers to(larger.size());
  if (a.size() == b.size()) {
    std::transform(a.begin(), a.end(), b.begin(), to.begin(), f);
    return to;
  }
  if (larger.size() % std::min(a.size(), b.size()) != 0) throw std::logic_error("sizes that do not fit");
  // The smaller one a few times over, so that a loop over it is worth its beginning.
  constexpr std::size_t kLeast = 96;
  const Numbers& smaller = &larger == &a ? b : a;
  Numbers repeated = smaller;
  while (repeated.size() < kLeast) repeated.insert(repeated.end(), smaller.begin(), smaller.end());
  for (std::size_t i = 0; i < to.size(); i += repeated.size()) {
    const std::size_t count = std::min(repeated.size(), to.size() - i);
    const float *from = larger.data() + i, *with = repeated.data();
    float* into = to.data() + i;
    if (&larger == &a)
      std::transform(from, from + count, with, into, f);
    else
      std::transform(with, with + count, from, into, f);
  }
  return to;
}

Shape larger_shape(const Tensor& a, const Tensor& b) {
  return product_of(a.shape()) >= product_of(b.shape()) ? a.shape() : b.shape();
}

// Cells of size x size pixels of a map, each made one by `f` of what there is so far and the next.
template <class F>
Numbers pooled(const Numbers& x, const Shape& in, std::int64_t size, float first, F f) {
  const std::int64_t channels = in[1], width = in[3] / size;
  Numbers to(static_cast<std::size_t>(product_of(in) / (size * size)), first);
  for (std::int64_t row = 0; row < in[0] * in[2]; ++row) {
    for (std::int64_t column = 0; column < in[3]; ++column) {
      float* cell = to.data() + (row / size * width + column / size) * channels;
      const float* from = x.data() + (row * in[3] + column) * channels;
      for (std::int64_t c = 0; c < channels; ++c) cell[c] = f(cell[c], from[c]);
    }
  }
  return to;
}

// Over the tokens of [B, N, D].
template <class F>
Numbers reduced(const Numbers& x, const Shape& in, float first, F f) {
  Numbers to(static_cast<std::size_t>(in[0] * in[2]), first);
  for (std::int64_t b = 0; b < in[0]; ++b) {
    for (std::int64_t n = 0; n < in[1]; ++n) {
      for (std::int64_t d = 0; d < in[2]; ++d) {
        float& sum = to[static_cast<std::size_t>(b * in[2] + d)];
        sum = f(sum, x[static_cast<std::size_t>((b * in[1] + n) * in[2] + d)]);
      }
    }
  }
  return to;
}

const auto kAdd = [](float a, float b) { return a + b; };
const auto kLarger = [](float a, float b) { return std::max(a, b); };

}  // namespace

bool LeanOps::has_vision_of(const model::ModelConfig& config) {
  if (!config.vision.conv || !config.change_head || model::CCExpert(config).has_difference()) return false;
  const model::ConvTowerConfig& tower = *config.vision.conv;
  const bool filters = std::all_of(tower.stages.begin(), tower.stages.end(), [](const auto& stage) {
    return (stage.kernel == 3 || stage.kernel == 5) && stage.channels % 4 == 0;
  });
  return filters && tower.stem_channels % 4 == 0;
}

bool LeanOps::can_see(const model::ModelConfig& config, const Tensors& tensors) {
  const std::string stem = model::kConvStem;
  return has_vision_of(config) && tensors.has(stem) && tensors.type(stem) == Stored::kInt8;
}

Tensor LeanOps::input(const std::vector<std::span<const float>>& images, std::int64_t side) {
  constexpr std::int64_t kColours = 3;
  const std::int64_t pixels = side * side;
  Numbers to(images.size() * static_cast<std::size_t>(kColours * pixels));
  float* next = to.data();
  for (const std::span<const float> image : images) {
    if (image.size() != static_cast<std::size_t>(kColours * pixels))
      throw std::invalid_argument("not an image's numbers");
    const float *red = image.data(), *green = red + pixels, *blue = green + pixels;
    for (std::int64_t p = 0; p < pixels; ++p, next += kColours) {
      next[0] = red[p];
      next[1] = green[p];
      next[2] = blue[p];
    }
  }
  return make({static_cast<std::int64_t>(images.size()), kColours, side, side}, std::move(to));
}

std::vector<float> LeanOps::output(const Tensor& x) {
  const Shape shape = x.shape();
  const Numbers& from = numbers(x);
  if (shape.size() != 4) return {from.begin(), from.end()};
  const std::int64_t pixels = shape[2] * shape[3];
  std::vector<float> to;
  to.reserve(from.size());
  for (std::int64_t p = 0; p < shape[0]; ++p) {
    for (std::int64_t c = 0; c < shape[1]; ++c) {
      for (std::int64_t i = 0; i < pixels; ++i)
        to.push_back(from[static_cast<std::size_t>((p * pixels + i) * shape[1] + c)]);
    }
  }
  return to;
}

Tensor LeanOps::map(Shape shape, Numbers pixels) {
  if (product_of(shape) != static_cast<std::int64_t>(pixels.size())) throw std::invalid_argument("not a map's numbers");
  return make(std::move(shape), std::move(pixels));
}

const Numbers& LeanOps::pixels(const Tensor& map) {
  return numbers(map);
}

Tensor LeanOps::parameter(const std::string& name, const Shape& shape) {
  const std::vector<float>& values = weights_->floats(name, product_of(shape));
  return make(shape, {values.begin(), values.end()});
}

Tensor LeanOps::constant(const std::string& name, const Shape& shape,
                         const std::function<std::vector<float>()>& values) {
  const std::vector<float>& known = weights_->constant(name, values);
  return make(shape, {known.begin(), known.end()});
}

// Between the centres of cells: a quarter of the neighbour on the side that a new cell lies on.
Tensor LeanOps::upsample(const Tensor& x) {
  const Shape in = x.shape();
  const Numbers& from = numbers(x);
  const std::int64_t channels = in[1], height = in[2], width = in[3];
  Numbers to(from.size() * 4);
  float* next = to.data();
  for (std::int64_t p = 0; p < in[0]; ++p) {
    const float* map = from.data() + p * height * width * channels;
    for (std::int64_t y = 0; y < 2 * height; ++y) {
      const std::int64_t near = y / 2;
      const std::int64_t far = std::clamp<std::int64_t>(y % 2 == 0 ? near - 1 : near + 1, 0, height - 1);
      for (std::int64_t column = 0; column < 2 * width; ++column, next += channels) {
        const std::int64_t here = column / 2;
        const std::int64_t there = std::clamp<std::int64_t>(column % 2 == 0 ? here - 1 : here + 1, 0, width - 1);
        const float* a = map + (near * width + here) * channels;
        const float* b = map + (near * width + there) * channels;
        const float* c = map + (far * width + here) * channels;
        const float* d = map + (far * width + there) * channels;
        for (std::int64_t i = 0; i < channels; ++i) {
          next[i] = 0.5625f * a[i] + 0.1875f * (b[i] + c[i]) + 0.0625f * d[i];
        }
      }
    }
  }
  return make({in[0], channels, 2 * height, 2 * width}, std::move(to));
}

Tensor LeanOps::average_pool(const Tensor& x, int64_t size) {
  if (size == 1) return x;
  const Shape in = x.shape();
  Numbers to = pooled(numbers(x), in, size, 0.0f, kAdd);
  for (float& value : to) value /= static_cast<float>(size * size);
  return make({in[0], in[1], in[2] / size, in[3] / size}, std::move(to));
}

Tensor LeanOps::max_pool(const Tensor& x, int64_t size) {
  if (size == 1) return x;
  const Shape in = x.shape();
  return make({in[0], in[1], in[2] / size, in[3] / size}, pooled(numbers(x), in, size, -INFINITY, kLarger));
}

Tensor LeanOps::to_tokens(const Tensor& map) {
  const Shape in = map.shape();
  return reshaped(map, {in[0], in[2] * in[3], in[1]});
}

Tensor LeanOps::to_map(const Tensor& tokens, int64_t height, int64_t width) {
  const Shape in = tokens.shape();
  return reshaped(tokens, {in[0], in[2], height, width});
}

Tensor LeanOps::add(const Tensor& a, const Tensor& b) {
  return make(larger_shape(a, b), both(numbers(a), numbers(b), kAdd));
}
Tensor LeanOps::sub(const Tensor& a, const Tensor& b) {
  return make(larger_shape(a, b), both(numbers(a), numbers(b), [](float x, float y) { return x - y; }));
}
Tensor LeanOps::mul(const Tensor& a, const Tensor& b) {
  return make(larger_shape(a, b), both(numbers(a), numbers(b), [](float x, float y) { return x * y; }));
}
Tensor LeanOps::div(const Tensor& a, const Tensor& b) {
  return make(larger_shape(a, b), both(numbers(a), numbers(b), [](float x, float y) { return x / y; }));
}
Tensor LeanOps::add_scalar(const Tensor& x, float value) {
  return make(x.shape(), each(numbers(x), [value](float y) { return y + value; }));
}
Tensor LeanOps::sigmoid(const Tensor& x) {
  return make(x.shape(), each(numbers(x), [](float y) { return 1.0f / (1.0f + std::exp(-y)); }));
}
Tensor LeanOps::silu(const Tensor& x) {
  return make(x.shape(), each(numbers(x), [](float y) { return y / (1.0f + std::exp(-y)); }));
}
Tensor LeanOps::gelu(const Tensor& x, Gelu kind) {
  if (kind == Gelu::kTanh) unknown("the tanh form of GELU");
  constexpr float kRootHalf = 0.70710678f;
  return make(x.shape(), each(numbers(x), [](float y) { return 0.5f * y * (1.0f + std::erf(y * kRootHalf)); }));
}
Tensor LeanOps::relu(const Tensor& x) {
  return make(x.shape(), each(numbers(x), [](float y) { return std::max(y, 0.0f); }));
}
Tensor LeanOps::abs(const Tensor& x) {
  return make(x.shape(), each(numbers(x), [](float y) { return std::abs(y); }));
}

Tensor LeanOps::softmax(const Tensor& x, int axis) {
  const Shape shape = x.shape();
  if (!is_innermost(shape, axis)) unknown("a softmax over that axis");
  const auto width = static_cast<std::size_t>(shape[static_cast<std::size_t>(axis)]);
  Numbers to = numbers(x);
  for (std::size_t from = 0; from < to.size(); from += width) {
    const std::span<float> row(to.data() + from, width);
    const float largest = *std::max_element(row.begin(), row.end());
    float sum = 0;
    for (float& value : row) sum += value = std::exp(value - largest);
    for (float& value : row) value /= sum;
  }
  return make(shape, std::move(to));
}

Tensor LeanOps::concat(const std::vector<Tensor>& parts, int axis) {
  Shape shape = parts[0].shape();
  if (!is_innermost(shape, axis)) unknown("joining along that axis");
  const std::int64_t rows = product_of(shape) / shape[static_cast<std::size_t>(axis)];
  std::int64_t width = 0;
  for (const Tensor& part : parts) width += part.size(axis);
  Numbers to(static_cast<std::size_t>(rows * width));
  std::int64_t at = 0;
  for (const Tensor& part : parts) {
    const std::int64_t own = part.size(axis);
    const Numbers& from = numbers(part);
    if (static_cast<std::int64_t>(from.size()) != rows * own) throw std::logic_error("sizes that do not fit");
    for (std::int64_t r = 0; r < rows; ++r) std::copy_n(from.data() + r * own, own, to.data() + r * width + at);
    at += own;
  }
  shape[static_cast<std::size_t>(axis)] = width;
  return make(std::move(shape), std::move(to));
}

Tensor LeanOps::slice(const Tensor& x, int axis, int64_t start, int64_t count) {
  Shape shape = x.shape();
  if (!is_innermost(shape, axis)) unknown("a piece along that axis");
  const std::int64_t width = shape[static_cast<std::size_t>(axis)];
  const std::int64_t first = start < 0 ? start + width : start;
  const std::int64_t rows = product_of(shape) / width;
  const Numbers& from = numbers(x);
  Numbers to(static_cast<std::size_t>(rows * count));
  for (std::int64_t r = 0; r < rows; ++r) std::copy_n(from.data() + r * width + first, count, to.data() + r * count);
  shape[static_cast<std::size_t>(axis)] = count;
  return make(std::move(shape), std::move(to));
}

std::vector<Tensor> LeanOps::chunk(const Tensor& x, int parts, int axis) {
  const std::int64_t count = x.size(axis) / parts;
  std::vector<Tensor> pieces;
  for (int part = 0; part < parts; ++part) pieces.push_back(slice(x, axis, part * count, count));
  return pieces;
}

Tensor LeanOps::squeeze(const Tensor& x, int axis) {
  Shape shape = x.shape();
  shape.erase(shape.begin() + axis);
  return reshaped(x, std::move(shape));
}

Tensor LeanOps::mean(const Tensor& x, int axis) {
  const Shape in = x.shape();
  if (in.size() != 3 || axis != 1) unknown("a mean over that axis");
  Numbers to = reduced(numbers(x), in, 0.0f, kAdd);
  for (float& value : to) value /= static_cast<float>(in[1]);
  return make({in[0], 1, in[2]}, std::move(to));
}

Tensor LeanOps::max(const Tensor& x, int axis) {
  const Shape in = x.shape();
  if (in.size() != 3 || axis != 1) unknown("a maximum over that axis");
  return make({in[0], 1, in[2]}, reduced(numbers(x), in, -INFINITY, kLarger));
}

std::pair<Tensor, Tensor> LeanOps::split_pairs(const Tensor& x) {
  Shape shape = x.shape();
  if (shape[0] != 2) throw std::logic_error("one pair at a time");
  shape[0] = 1;
  const Numbers& from = numbers(x);
  const auto middle = from.begin() + static_cast<std::ptrdiff_t>(from.size() / 2);
  return {make(shape, {from.begin(), middle}), make(shape, {middle, from.end()})};
}

Tensor LeanOps::interleave_pairs(const Tensor& a, const Tensor& b) {
  Shape shape = a.shape();
  if (shape[0] != 1) throw std::logic_error("one pair at a time");
  shape[0] = 2;
  Numbers to;
  to.reserve(numbers(a).size() + numbers(b).size());
  to.insert(to.end(), numbers(a).begin(), numbers(a).end());
  to.insert(to.end(), numbers(b).begin(), numbers(b).end());
  return make(std::move(shape), std::move(to));
}

Tensor LeanOps::layer_norm(const Tensor&, const Scope&, float) {
  unknown("layer_norm");
}
Tensor LeanOps::patch_embedding(const Tensor&, const Scope&, int64_t, int64_t) {
  unknown("patch_embedding");
}
Tensor LeanOps::embedding(const Tensor&, const Scope&, int64_t, int64_t) {
  unknown("embedding");
}

}  // namespace ccx::lean
