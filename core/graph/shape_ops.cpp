#include "core/graph/shape_ops.h"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "core/graph/sizes.h"

namespace ccx {
namespace {

class ShapeTensor : public TensorImpl {
 public:
  explicit ShapeTensor(Shape shape) : shape_(std::move(shape)) {}
  Shape shape() const override { return shape_; }

 private:
  Shape shape_;
};

Tensor make(Shape shape) {
  return Tensor(std::make_shared<ShapeTensor>(std::move(shape)));
}

double product(const Shape& shape) {
  double n = 1;
  for (int64_t size : shape) n *= static_cast<double>(size);
  return n;
}

size_t axis_of(const Shape& shape, int axis) {
  return static_cast<size_t>(axis < 0 ? axis + static_cast<int>(shape.size()) : axis);
}

// A mistake in the graph's own code, never a user's.
void require(bool condition, const char* what) {
  if (!condition) throw std::logic_error(std::string("ShapeOps: ") + what);
}

}  // namespace

Tensor ShapeOps::input(Shape shape) {
  return make(std::move(shape));
}

Tensor ShapeOps::parameter(const std::string& name, const Shape& shape) {
  const auto [entry, added] = parameters_.emplace(name, shape);
  require(added || entry->second == shape, "one weight read with two shapes");
  return make(shape);
}

Tensor ShapeOps::constant(const std::string&, const Shape& shape, const std::function<std::vector<float>()>&) {
  return make(shape);
}

Tensor ShapeOps::linear(const Tensor& x, const Scope& scope, int64_t out, Bias bias, int64_t rows) {
  Shape shape = x.shape();
  parameter(scope.weight(), {out, shape.back()});
  products_.insert(scope.weight());
  if (bias == Bias::kAdd) parameter(scope.bias(), {out});
  const int64_t computed = used_rows(out, rows);
  flops_ += 2.0 * product(shape) * static_cast<double>(computed);
  shape.back() = computed;
  return make(shape);
}

Tensor ShapeOps::layer_norm(const Tensor& x, const Scope& scope, float) {
  parameter(scope.weight(), {x.size(-1)});
  parameter(scope.bias(), {x.size(-1)});
  return x;
}

Tensor ShapeOps::rms_norm(const Tensor& x, const Scope& scope, float) {
  parameter(scope.weight(), {x.size(-1)});
  return x;
}

Tensor ShapeOps::patch_embedding(const Tensor& pixels, const Scope& scope, int64_t patch, int64_t width) {
  parameter(scope.weight(), {width, 3, patch, patch});
  parameter(scope.bias(), {width});
  const int64_t tokens = (pixels.size(2) / patch) * (pixels.size(3) / patch);
  flops_ += 2.0 * static_cast<double>(pixels.size(0) * tokens * width * 3 * patch * patch);
  return make({pixels.size(0), tokens, width});
}

Tensor ShapeOps::embedding(const Tensor& ids, const Scope& scope, int64_t vocabulary, int64_t width) {
  parameter(scope.weight(), {vocabulary, width});
  tables_.insert(scope.weight());
  return make({ids.size(0), ids.size(1), width});
}

Tensor ShapeOps::conv2d(const Tensor& x, const Scope& scope, const ConvSpec& spec) {
  const Shape in = x.shape();
  require(in.size() == 4 && in[1] % spec.groups == 0 && spec.out % spec.groups == 0,
          "channels do not divide into groups");
  parameter(scope.weight(), {spec.out, in[1] / spec.groups, spec.kernel, spec.kernel});
  parameter(scope.bias(), {spec.out});
  const auto [height, width] = conv_size(spec, in[2], in[3]);
  const Shape out = {in[0], spec.out, height, width};
  const int64_t taps = in[1] / spec.groups * spec.kernel * spec.kernel;
  flops_ += 2.0 * product(out) * static_cast<double>(taps);
  return make(out);
}

Tensor ShapeOps::upsample(const Tensor& x) {
  Shape shape = x.shape();
  shape[2] *= 2;
  shape[3] *= 2;
  return make(shape);
}

Tensor ShapeOps::average_pool(const Tensor& x, int64_t size) {
  Shape shape = x.shape();
  require(shape[2] % size == 0 && shape[3] % size == 0, "pooled cells do not fill the map");
  shape[2] /= size;
  shape[3] /= size;
  return make(shape);
}

Tensor ShapeOps::to_tokens(const Tensor& map) {
  return make({map.size(0), map.size(2) * map.size(3), map.size(1)});
}

Tensor ShapeOps::to_map(const Tensor& tokens, int64_t height, int64_t width) {
  require(tokens.size(1) == height * width, "tokens do not fill the map");
  return make({tokens.size(0), tokens.size(2), height, width});
}

Tensor ShapeOps::attention(const Tensor& q, const Tensor& new_k, const Tensor& new_v, const AttentionSpec& spec) {
  const auto [k, v] = spec.with_earlier(new_k, new_v);
  require(k.shape() == v.shape() && q.size(0) == k.size(0), "keys, values and queries do not match");
  require(q.size(2) / spec.heads == k.size(2) / spec.kv_heads, "head widths differ");
  const double queries = static_cast<double>(q.size(1));
  const double keys = static_cast<double>(k.size(1));
  const double seen = spec.mask == Mask::kCausal ? keys - (queries - 1) / 2 : keys;
  flops_ += 4.0 * static_cast<double>(q.size(0) * q.size(2)) * queries * seen;
  return make(q.shape());
}

Tensor ShapeOps::rotary(const Tensor& x, const Tensor&, int, float) {
  return x;
}

Tensor ShapeOps::broadcast(const Tensor& a, const Tensor& b) {
  Shape x = a.shape();
  Shape y = b.shape();
  if (x.size() < y.size()) std::swap(x, y);
  for (size_t i = 0; i < y.size(); ++i) {
    int64_t& size = x[x.size() - y.size() + i];
    require(size == y[i] || size == 1 || y[i] == 1, "shapes do not broadcast");
    size = std::max(size, y[i]);
  }
  return make(x);
}

Tensor ShapeOps::concat(const std::vector<Tensor>& parts, int axis) {
  Shape shape = parts.at(0).shape();
  const size_t at = axis_of(shape, axis);
  for (size_t i = 1; i < parts.size(); ++i) {
    Shape other = parts[i].shape();
    shape[at] += other[at];
    other[at] = shape[at];
    require(other == shape, "concatenated tensors differ off the axis");
  }
  return make(shape);
}

Tensor ShapeOps::slice(const Tensor& x, int axis, int64_t start, int64_t count) {
  Shape shape = x.shape();
  const size_t at = axis_of(shape, axis);
  require(start >= -shape[at] && (start < 0 ? start + shape[at] : start) + count <= shape[at], "slice out of range");
  shape[at] = count;
  return make(shape);
}

std::vector<Tensor> ShapeOps::chunk(const Tensor& x, int parts, int axis) {
  Shape shape = x.shape();
  const size_t at = axis_of(shape, axis);
  require(shape[at] % parts == 0, "chunks are not equal");
  shape[at] /= parts;
  return std::vector<Tensor>(static_cast<size_t>(parts), make(shape));
}

Tensor ShapeOps::squeeze(const Tensor& x, int axis) {
  Shape shape = x.shape();
  const size_t at = axis_of(shape, axis);
  require(shape[at] == 1, "squeezed axis is not of size one");
  shape.erase(shape.begin() + static_cast<ptrdiff_t>(at));
  return make(shape);
}

Tensor ShapeOps::mean(const Tensor& x, int axis) {
  Shape shape = x.shape();
  shape[axis_of(shape, axis)] = 1;
  return make(shape);
}

std::pair<Tensor, Tensor> ShapeOps::split_pairs(const Tensor& x) {
  Shape shape = x.shape();
  require(shape[0] % 2 == 0, "an odd number of images");
  shape[0] /= 2;
  return {make(shape), make(shape)};
}

Tensor ShapeOps::interleave_pairs(const Tensor& a, const Tensor& b) {
  require(a.shape() == b.shape(), "images of a pair differ");
  Shape shape = a.shape();
  shape[0] *= 2;
  return make(shape);
}

}  // namespace ccx
