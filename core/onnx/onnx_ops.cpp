#include "core/onnx/onnx_ops.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <stdexcept>
#include <utility>

#include "core/graph/sizes.h"
#include "core/onnx/onnx_value.h"

namespace ccx::onnx {
namespace {

size_t axis_of(const Shape& shape, int axis) {
  return static_cast<size_t>(axis < 0 ? axis + static_cast<int>(shape.size()) : axis);
}

// Sizes of a reshape; one that is not known stands as -1, which ONNX works out. Only one may be.
std::vector<int64_t> sizes(const Shape& shape) {
  if (std::count(shape.begin(), shape.end(), kDynamic) > 1) throw std::logic_error("OnnxOps: two unknown sizes");
  return shape;
}

}  // namespace

Tensor OnnxOps::input(const std::string& name, ElementType type, const std::vector<Dim>& dims) {
  graph_.add_input({name, type, dims});
  Shape shape;
  for (const Dim& dim : dims) {
    const auto* size = std::get_if<int64_t>(&dim);
    shape.push_back(size != nullptr ? *size : kDynamic);
  }
  return make(name, shape);
}

void OnnxOps::output(const std::string& name, const Tensor& x, const std::vector<Dim>& dims) {
  graph_.rename_output(value_of(x).name, name);
  graph_.add_output({name, ElementType::kFloat, dims});
}

Tensor OnnxOps::square_root(const Tensor& x) {
  return make(emit("Sqrt", {value_of(x).name}), x.shape());
}

Tensor OnnxOps::gather(const Tensor& x, int axis, const Tensor& indices) {
  Shape shape = x.shape();
  shape[axis_of(shape, axis)] = indices.size(0);
  return make(emit("Gather", {value_of(x).name, value_of(indices).name}, {{"axis", static_cast<int64_t>(axis)}}),
              shape);
}

Tensor OnnxOps::unfold(const Tensor& x, const std::vector<int64_t>& last) {
  Shape shape = x.shape();
  shape.pop_back();
  shape.insert(shape.end(), last.begin(), last.end());
  return make(emitter_.reshape(value_of(x).name, sizes(shape)), shape);
}

Tensor OnnxOps::with_past(const Tensor& x, const std::string& past, const std::string& present) {
  Value value(value_of(x));
  value.past = {past, present};
  return Tensor(std::make_shared<Value>(value));
}

Tensor OnnxOps::parameter(const std::string& name, const Shape& shape) {
  return make(weights_.dense(name, shape), shape);
}

Tensor OnnxOps::constant(const std::string& name, const Shape& shape,
                         const std::function<std::vector<float>()>& values) {
  return make(weights_.constant(name, shape, values), shape);
}

Tensor OnnxOps::linear(const Tensor& x, const Scope& scope, int64_t out, Bias bias, int64_t rows) {
  const int64_t used = used_rows(out, rows);
  emitter_.within(scope);
  std::string product = products_.multiply(value_of(x).name, scope, out, x.size(-1), used);
  if (bias == Bias::kAdd) {
    const std::string offset = weights_.dense(scope.bias(), {out});
    product = emit("Add", {product, used < out ? emitter_.first(offset, used) : offset});
  }
  emitter_.leave(scope);
  Shape shape = x.shape();
  shape.back() = used;
  return make(product, shape);
}

Tensor OnnxOps::layer_norm(const Tensor& x, const Scope& scope, float eps) {
  emitter_.leave(scope);
  const Shape width = {x.size(-1)};
  const std::string name =
      graph_.add_node(scope.name() + "/LayerNormalization", "LayerNormalization",
                      {value_of(x).name, weights_.dense(scope.weight(), width), weights_.dense(scope.bias(), width)},
                      {{"axis", int64_t{-1}}, {"epsilon", eps}})[0];
  return make(name, x.shape());
}

Tensor OnnxOps::rms_norm(const Tensor& x, const Scope& scope, float eps) {
  const std::string weight = weights_.dense(scope.weight(), {x.size(-1)});
  emitter_.within(scope);
  std::string normed;
  if (dialect_.fused_rotary_and_norm) {
    normed = emit("RMSNormalization", {value_of(x).name, weight}, {{"axis", int64_t{-1}}, {"epsilon", eps}});
  } else {
    const std::string& value = value_of(x).name;
    const std::string square = emit("Mul", {value, value});
    const std::string mean_square = emit("ReduceMean", {square, graph_.integers({-1})}, {{"keepdims", int64_t{1}}});
    const std::string root = emit("Sqrt", {emit("Add", {mean_square, weights_.scalar(eps)})});
    normed = emit("Mul", {emit("Div", {value, root}), weight});
  }
  emitter_.leave(scope);
  return make(normed, x.shape());
}

Tensor OnnxOps::patch_embedding(const Tensor& pixels, const Scope& scope, int64_t patch, int64_t width) {
  emitter_.within(scope);
  const int64_t grid = pixels.size(2) / patch;
  const std::string planes =
      emit("Conv",
           {value_of(pixels).name, weights_.dense(scope.weight(), {width, pixels.size(1), patch, patch}),
            weights_.dense(scope.bias(), {width})},
           {{"kernel_shape", std::vector<int64_t>{patch, patch}}, {"strides", std::vector<int64_t>{patch, patch}}});
  const std::string flat = emitter_.reshape(planes, {0, width, grid * grid});
  const std::string tokens = emit("Transpose", {flat}, {{"perm", std::vector<int64_t>{0, 2, 1}}});
  emitter_.leave(scope);
  return make(tokens, {pixels.size(0), grid * grid, width});
}

Tensor OnnxOps::embedding(const Tensor& ids, const Scope& scope, int64_t vocabulary, int64_t width) {
  emitter_.within(scope);
  Shape shape = ids.shape();
  shape.push_back(width);
  return make(emit("Gather", {weights_.dense(scope.weight(), {vocabulary, width}), value_of(ids).name}), shape);
}

Tensor OnnxOps::add_scalar(const Tensor& x, float value) {
  return make(emit("Add", {value_of(x).name, weights_.scalar(value)}), x.shape());
}

Tensor OnnxOps::sigmoid(const Tensor& x) {
  return make(emit("Sigmoid", {value_of(x).name}), x.shape());
}

Tensor OnnxOps::silu(const Tensor& x) {
  return make(emit("Mul", {value_of(x).name, emit("Sigmoid", {value_of(x).name})}), x.shape());
}

Tensor OnnxOps::gelu(const Tensor& x, Gelu kind) {
  const std::string approximate = kind == Gelu::kTanh ? "tanh" : "none";
  return make(emit("Gelu", {value_of(x).name}, {{"approximate", approximate}}), x.shape());
}

Tensor OnnxOps::concat(const std::vector<Tensor>& parts, int axis) {
  Shape shape = parts.front().shape();
  const size_t along = axis_of(shape, axis);
  std::vector<std::string> names;
  shape[along] = 0;
  for (const Tensor& part : parts) {
    names.push_back(value_of(part).name);
    const int64_t size = part.size(axis);
    shape[along] = size == kDynamic || shape[along] == kDynamic ? kDynamic : shape[along] + size;
  }
  return make(emit("Concat", names, {{"axis", static_cast<int64_t>(along)}}), shape);
}

Tensor OnnxOps::slice(const Tensor& x, int axis, int64_t start, int64_t count) {
  Shape shape = x.shape();
  const size_t along = axis_of(shape, axis);
  shape[along] = count;
  const int64_t end = start < 0 && start + count == 0 ? std::numeric_limits<int64_t>::max() : start + count;
  const std::string name = emit("Slice", {value_of(x).name, graph_.integers({start}), graph_.integers({end}),
                                          graph_.integers({static_cast<int64_t>(along)})});
  return make(name, shape);
}

std::vector<Tensor> OnnxOps::chunk(const Tensor& x, int parts, int axis) {
  Shape shape = x.shape();
  const size_t along = axis_of(shape, axis);
  if (shape[along] != kDynamic) shape[along] /= parts;
  const std::vector<std::string> names =
      graph_.add_node(emitter_.here() + "/Split", "Split", {value_of(x).name},
                      {{"axis", static_cast<int64_t>(along)}, {"num_outputs", static_cast<int64_t>(parts)}}, parts);
  std::vector<Tensor> chunks;
  for (const std::string& name : names) chunks.push_back(make(name, shape));
  return chunks;
}

Tensor OnnxOps::squeeze(const Tensor& x, int axis) {
  Shape shape = x.shape();
  const size_t along = axis_of(shape, axis);
  shape.erase(shape.begin() + static_cast<ptrdiff_t>(along));
  const std::string name = emit("Squeeze", {value_of(x).name, graph_.integers({static_cast<int64_t>(along)})});
  return make(name, shape);
}

Tensor OnnxOps::reduce(const std::string& op, const Tensor& x, int axis) {
  Shape shape = x.shape();
  const size_t along = axis_of(shape, axis);
  shape[along] = 1;
  return make(emit(op, {value_of(x).name, graph_.integers({static_cast<int64_t>(along)})}, {{"keepdims", int64_t{1}}}),
              shape);
}

std::pair<Tensor, Tensor> OnnxOps::split_pairs(const Tensor& x) {
  const Shape whole = x.shape();
  Shape half = whole;
  if (half[0] != kDynamic) half[0] /= 2;
  Shape paired = half;
  paired.insert(paired.begin() + 1, 2);
  const std::string pairs = emitter_.reshape(value_of(x).name, sizes(paired));
  const auto pick = [&](int64_t index) {
    const std::string name = emit("Gather", {pairs, graph_.integers({index}, true)}, {{"axis", int64_t{1}}});
    return make(name, half);
  };
  const Tensor a = pick(0);
  return {a, pick(1)};
}

Tensor OnnxOps::interleave_pairs(const Tensor& a, const Tensor& b) {
  Shape shape = a.shape();
  if (shape[0] != kDynamic) shape[0] *= 2;
  const auto lift = [&](const Tensor& x) { return emit("Unsqueeze", {value_of(x).name, graph_.integers({1})}); };
  const std::string first = lift(a);
  const std::string pairs = emit("Concat", {first, lift(b)}, {{"axis", int64_t{1}}});
  return make(emitter_.reshape(pairs, sizes(shape)), shape);
}

Tensor OnnxOps::binary(const std::string& op, const Tensor& a, const Tensor& b) {
  const Shape left = a.shape();
  const Shape right = b.shape();
  Shape shape = left.size() >= right.size() ? left : right;
  const Shape& other = left.size() >= right.size() ? right : left;
  const size_t offset = shape.size() - other.size();
  for (size_t i = 0; i < other.size(); ++i) {
    if (shape[offset + i] == 1 || shape[offset + i] == kDynamic) {
      shape[offset + i] = other[i] == 1 ? shape[offset + i] : other[i];
    }
  }
  return make(emit(op, {value_of(a).name, value_of(b).name}), shape);
}

std::pair<Tensor, Tensor> OnnxKvCache::append(int layer, const Tensor& k, const Tensor& v) {
  const auto name = [&](const char* which, const char* what) {
    return std::string(which) + "." + std::to_string(layer) + "." + what;
  };
  return {ops_.with_past(k, name("past_key_values", "key"), name("present", "key")),
          ops_.with_past(v, name("past_key_values", "value"), name("present", "value"))};
}

}  // namespace ccx::onnx
