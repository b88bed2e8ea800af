// OnnxOps on maps of features: convolutions, pooling, resampling.
#include "core/graph/sizes.h"
#include "core/onnx/onnx_ops.h"
#include "core/onnx/onnx_value.h"
#include "core/onnx/quantise.h"

namespace ccx::onnx {

Tensor OnnxOps::conv2d(const Tensor& x, const Scope& scope, const ConvSpec& spec) {
  emitter_.within(scope);
  const Shape in = x.shape();
  const Shape weight = {spec.out, in[1] / spec.groups, spec.kernel, spec.kernel};
  const bool small = product_ == Product::kDynamicInt8;
  const std::string kernel =
      small ? weights_.convolution_int8(scope.weight(), weight) : weights_.dense(scope.weight(), weight);
  std::string out = emit("Conv", {value_of(x).name, kernel, weights_.dense(scope.bias(), {spec.out})},
                         {{"kernel_shape", std::vector<int64_t>{spec.kernel, spec.kernel}},
                          {"strides", std::vector<int64_t>{spec.stride, spec.stride}},
                          {"pads", std::vector<int64_t>{spec.top, spec.left, spec.bottom, spec.right}},
                          {"group", spec.groups}});
  if (spec.activation == Activation::kRelu) out = emit("Relu", {out});
  if (spec.activation == Activation::kRelu6) out = emit("Clip", {out, weights_.scalar(0.0f), weights_.scalar(6.0f)});
  emitter_.leave(scope);
  const auto [height, width] = conv_size(spec, in[2], in[3]);
  return make(out, {in[0], spec.out, height, width});
}

Tensor OnnxOps::upsample(const Tensor& x) {
  Shape shape = x.shape();
  shape[2] *= 2;
  shape[3] *= 2;
  const std::string scales = "scales/1,1,2,2";  // float32 whatever weights are stored as
  if (!graph_.has_initializer(scales)) {
    graph_.add_initializer(scales, ElementType::kFloat, {4}, float32_bytes(std::vector<float>{1, 1, 2, 2}));
  }
  return make(emit("Resize", {value_of(x).name, "", scales},
                   {{"mode", std::string("linear")}, {"coordinate_transformation_mode", std::string("half_pixel")}}),
              shape);
}

Tensor OnnxOps::pool(const std::string& op, const Tensor& x, int64_t size) {
  if (size == 1) return x;
  Shape shape = x.shape();
  shape[2] /= size;
  shape[3] /= size;
  return make(emit(op, {value_of(x).name},
                   {{"kernel_shape", std::vector<int64_t>{size, size}}, {"strides", std::vector<int64_t>{size, size}}}),
              shape);
}

Tensor OnnxOps::to_tokens(const Tensor& map) {
  const Shape shape = map.shape();
  const std::string flat = emitter_.reshape(value_of(map).name, {0, shape[1], shape[2] * shape[3]});
  return make(emit("Transpose", {flat}, {{"perm", std::vector<int64_t>{0, 2, 1}}}),
              {shape[0], shape[2] * shape[3], shape[1]});
}

Tensor OnnxOps::to_map(const Tensor& tokens, int64_t height, int64_t width) {
  const Shape shape = tokens.shape();
  const std::string turned = emit("Transpose", {value_of(tokens).name}, {{"perm", std::vector<int64_t>{0, 2, 1}}});
  return make(emitter_.reshape(turned, {0, shape[2], height, width}), {shape[0], shape[2], height, width});
}

Tensor OnnxOps::relu(const Tensor& x) {
  return make(emit("Relu", {value_of(x).name}), x.shape());
}

Tensor OnnxOps::abs(const Tensor& x) {
  return make(emit("Abs", {value_of(x).name}), x.shape());
}

Tensor OnnxOps::softmax(const Tensor& x, int axis) {
  return make(emit("Softmax", {value_of(x).name}, {{"axis", static_cast<int64_t>(axis)}}), x.shape());
}

}  // namespace ccx::onnx
