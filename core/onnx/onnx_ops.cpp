#include "core/onnx/onnx_ops.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <stdexcept>
#include <utility>

#include "core/model/parts.h"
#include "core/onnx/onnx_value.h"

namespace ccx::onnx {
namespace {

constexpr char kContrib[] = "com.microsoft";

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
  return make(reshape(value_of(x).name, sizes(shape)), shape);
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
  enter(scope);
  here_ = scope.name();
  const std::string& input = value_of(x).name;
  const int64_t in = x.size(-1);
  Shape shape = x.shape();
  shape.back() = rows > 0 ? rows : out;
  std::string product = rows > 0 ? multiply_head(input, scope.weight(), in)
                                 : multiply(product_for(scope.name()), input, scope.weight(), out, in);
  if (bias == Bias::kAdd) product = emit("Add", {product, weights_.dense(scope.bias(), {out})});
  enter(scope);
  return make(product, shape);
}

Product OnnxOps::product_for(const std::string& scope) const {
  const auto within = [&](const char* module) { return scope.find(module) != std::string::npos; };
  const model::Part part = model::part_of(scope);
  if (part == model::Part::kLanguage && within(".self_attn.")) return dialect_.language_attention_product;
  // The gates of the difference module: their rounding would show more than their size saves.
  const bool gate = within(".linear_mapping") || within(".feature_map_level_gate.");
  // What the change head tells the language model: probabilities near 0 and 1, through two small layers.
  const bool told = scope == "change_head.context" || scope == "change_head.summary";
  if (product_ == Product::kFloat16) return product_;
  if (gate || told) return Product::kFloat;
  // The difference of two nearly equal images is too small a thing for 4 bits.
  const bool difference = part == model::Part::kDifference || part == model::Part::kProjector;
  return product_ == Product::kMatMulNBits && difference ? Product::kFloat : product_;
}

std::string OnnxOps::multiply(Product product, const std::string& x, const std::string& weight, int64_t out,
                              int64_t in) {
  switch (product) {
    case Product::kFloat:
      return emit("MatMul", {x, weights_.product(weight, out, in, ElementType::kFloat)});
    case Product::kFloat16:
      return multiply_float16(x, weight, out, in);
    case Product::kDequantizedInt4:
      return emit("MatMul", {x, weights_.product_int4(weight, out, in)});
    case Product::kDynamicInt8:
      return multiply_int8(x, weight, out, in);
    case Product::kMatMulNBits:
      break;
  }
  const Weights::MatMulNBits names = weights_.product_nbits(weight, out, in);
  return emit("MatMulNBits", {x, names.values, names.scales},
              {{"K", in},
               {"N", out},
               {"bits", int64_t{4}},
               {"block_size", int64_t{32}},
               {"accuracy_level", dialect_.accuracy_level}},
              kContrib);
}

std::string OnnxOps::as_float16(const std::string& x) {
  std::string& half = as_float16_[x];
  if (half.empty())
    half = graph_.add_node(x + "/Cast", "Cast", {x}, {{"to", static_cast<int64_t>(ElementType::kFloat16)}})[0];
  return half;
}

std::string OnnxOps::multiply_float16(const std::string& x, const std::string& weight, int64_t out, int64_t in) {
  const std::string matrix = weights_.product(weight, out, in, ElementType::kFloat16);
  return cast(emit("MatMul", {as_float16(x), matrix}), ElementType::kFloat);
}

// Activations as they come, 8 bits a value: x ~ (values - 128) * scale, one scale a token, so that a token's result
// depends neither on the other tokens of the step nor on the other pairs of the batch, as one scale for the tensor
// (DynamicQuantizeLinear) would make it. Where several products read one tensor (q, k, v) it is quantised once.
OnnxOps::Quantised OnnxOps::quantise_tokens(const std::string& x, const std::string& zero_point) {
  Quantised& known = quantised_[x];
  if (!known.values.empty()) return known;
  const std::string outside = std::exchange(here_, x);
  const std::string largest = emit("ReduceMax", {emit("Abs", {x}), graph_.integers({-1})}, {{"keepdims", int64_t{1}}});
  const std::string positive = emit("Max", {largest, weights_.scalar(1e-20f)});
  const std::string scale = emit("Mul", {positive, weights_.scalar(1.0f / 127.0f)});
  // A cast cuts towards zero: of value + 128.5, all above zero, it leaves the nearest integer.
  const std::string moved = emit("Add", {emit("Div", {x, scale}), weights_.scalar(128.5f)});
  const std::string values = cast(moved, ElementType::kUint8);
  here_ = outside;
  return known = {values, scale, zero_point};
}

// Exact in integers; the scales of token and channel follow.
std::string OnnxOps::multiply_int8(const std::string& x, const std::string& weight, int64_t out, int64_t in) {
  const Weights::Int8 names = weights_.product_int8(weight, out, in);
  const Quantised tokens = quantise_tokens(x, names.zero_point);
  const std::string sum = emit("MatMulInteger", {tokens.values, names.values, tokens.zero_point, names.zero_point});
  const std::string wide = cast(sum, ElementType::kFloat);
  return emit("Mul", {emit("Mul", {wide, names.scales}), tokens.scale});
}

// Rows of a table against the vectors: Gemm reads the table as it lies, so that a tied head shares the embeddings'
// bytes.
std::string OnnxOps::multiply_head(const std::string& x, const std::string& weight, int64_t in) {
  const bool half = product_ == Product::kFloat16;
  const std::string flat = reshape(half ? as_float16(x) : x, {-1, in});
  std::vector<std::string> parts;
  for (const std::string& table : weights_.rows(weight, head_, half ? ElementType::kFloat16 : ElementType::kFloat)) {
    parts.push_back(emit("Gemm", {flat, table}, {{"transB", int64_t{1}}}));
  }
  std::string logits = parts.size() == 1 ? parts[0] : emit("Concat", parts, {{"axis", int64_t{1}}});
  if (half) logits = cast(logits, ElementType::kFloat);
  const std::string outer = emit("Shape", {x}, {{"end", int64_t{-1}}});
  const std::string shape = emit("Concat", {outer, graph_.integers({head_.rows})}, {{"axis", int64_t{0}}});
  return emit("Reshape", {logits, shape});
}

Tensor OnnxOps::layer_norm(const Tensor& x, const Scope& scope, float eps) {
  enter(scope);
  const Shape width = {x.size(-1)};
  const std::string name =
      graph_.add_node(scope.name() + "/LayerNormalization", "LayerNormalization",
                      {value_of(x).name, weights_.dense(scope.weight(), width), weights_.dense(scope.bias(), width)},
                      {{"axis", int64_t{-1}}, {"epsilon", eps}})[0];
  return make(name, x.shape());
}

Tensor OnnxOps::rms_norm(const Tensor& x, const Scope& scope, float eps) {
  const std::string weight = weights_.dense(scope.weight(), {x.size(-1)});
  here_ = scope.name();
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
  enter(scope);
  return make(normed, x.shape());
}

Tensor OnnxOps::patch_embedding(const Tensor& pixels, const Scope& scope, int64_t patch, int64_t width) {
  here_ = scope.name();
  const int64_t grid = pixels.size(2) / patch;
  const std::string planes =
      emit("Conv",
           {value_of(pixels).name, weights_.dense(scope.weight(), {width, pixels.size(1), patch, patch}),
            weights_.dense(scope.bias(), {width})},
           {{"kernel_shape", std::vector<int64_t>{patch, patch}}, {"strides", std::vector<int64_t>{patch, patch}}});
  const std::string flat = reshape(planes, {0, width, grid * grid});
  const std::string tokens = emit("Transpose", {flat}, {{"perm", std::vector<int64_t>{0, 2, 1}}});
  enter(scope);
  return make(tokens, {pixels.size(0), grid * grid, width});
}

Tensor OnnxOps::embedding(const Tensor& ids, const Scope& scope, int64_t vocabulary, int64_t width) {
  here_ = scope.name();
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
      graph_.add_node(here_ + "/Split", "Split", {value_of(x).name},
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
  const std::string pairs = reshape(value_of(x).name, sizes(paired));
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
  return make(reshape(pairs, sizes(shape)), shape);
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

std::string OnnxOps::emit(const std::string& op, const std::vector<std::string>& inputs,
                          const std::vector<Attribute>& attributes, const std::string& domain) {
  return graph_.add_node(here_.empty() ? op : here_ + "/" + op, op, inputs, attributes, 1, domain)[0];
}

// Operations without a name of their own that follow belong to the module this one is part of.
void OnnxOps::enter(const Scope& scope) {
  const size_t dot = scope.name().rfind('.');
  here_ = dot == std::string::npos ? "" : scope.name().substr(0, dot);
}

std::string OnnxOps::cast(const std::string& value, ElementType to) {
  return emit("Cast", {value}, {{"to", static_cast<int64_t>(to)}});
}

std::string OnnxOps::reshape(const std::string& value, const std::vector<int64_t>& shape) {
  return emit("Reshape", {value, graph_.integers(shape)});
}

std::pair<Tensor, Tensor> OnnxKvCache::append(int layer, const Tensor& k, const Tensor& v) {
  const auto name = [&](const char* which, const char* what) {
    return std::string(which) + "." + std::to_string(layer) + "." + what;
  };
  return {ops_.with_past(k, name("past_key_values", "key"), name("present", "key")),
          ops_.with_past(v, name("past_key_values", "value"), name("present", "value"))};
}

}  // namespace ccx::onnx
