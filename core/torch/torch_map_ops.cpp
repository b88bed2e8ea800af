// TorchOps on maps of features: convolutions, pooling, resampling.
#include <ATen/Context.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/GradMode.h>

#include "core/torch/torch_ops.h"

namespace ccx::torch_backend {
namespace {

using FusedConvolution = at::Tensor(const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&,
                                    at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, int64_t, std::string_view,
                                    c10::List<std::optional<at::Scalar>>, std::optional<std::string_view>);

// oneDNN's convolution with the activation in its last step: a fifth less time than one after the other. Nothing where
// this LibTorch has none.
std::optional<c10::TypedOperatorHandle<FusedConvolution>> fused_convolution() {
  const auto schema = c10::Dispatcher::singleton().findSchema({"mkldnn::_convolution_pointwise", ""});
  if (!schema || !at::hasMKLDNN() || !at::globalContext().userEnabledMkldnn()) return std::nullopt;
  return schema->typed<FusedConvolution>();
}

at::Tensor convolution(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                       const std::vector<int64_t>& padding, const ConvSpec& spec) {
  static const auto fused = fused_convolution();
  const std::vector<int64_t> strides = {spec.stride, spec.stride};
  const bool plain = input.device().is_cpu() && input.scalar_type() == at::kFloat && weight.scalar_type() == at::kFloat;
  if (fused && plain && !c10::GradMode::is_enabled() && spec.activation != Activation::kNone) {
    c10::List<std::optional<at::Scalar>> bounds;
    if (spec.activation == Activation::kRelu6) bounds = {at::Scalar(0.0), at::Scalar(6.0)};
    return fused->call(input, weight, bias, padding, strides, {1, 1}, spec.groups,
                       spec.activation == Activation::kRelu6 ? "hardtanh" : "relu", bounds, "");
  }
  at::Tensor out = at::conv2d(input, weight, bias, strides, padding, {1, 1}, spec.groups);
  // In place: a convolution's gradient does not need its result.
  if (spec.activation == Activation::kRelu) at::relu_(out);
  if (spec.activation == Activation::kRelu6) at::hardtanh_(out, 0, 6);
  return out;
}

}  // namespace

Tensor TorchOps::conv2d(const Tensor& x, const Scope& scope, const ConvSpec& spec) {
  at::Tensor input = unwrap(x).contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor weight =
      parameters_.get(scope.weight(), {spec.out, input.size(1) / spec.groups, spec.kernel, spec.kernel});
  const at::Tensor bias = parameters_.get(scope.bias(), {spec.out});
  std::vector<int64_t> padding = {spec.top, spec.left};
  if (spec.top != spec.bottom || spec.left != spec.right) {
    input = at::constant_pad_nd(input, {spec.left, spec.right, spec.top, spec.bottom});
    padding = {0, 0};
  }
  return wrap(convolution(input, weight, bias, padding, spec));
}

Tensor TorchOps::upsample(const Tensor& x) {
  const at::Tensor& map = unwrap(x);
  return wrap(at::upsample_bilinear2d(map, {2 * map.size(2), 2 * map.size(3)}, /*align_corners=*/false));
}

Tensor TorchOps::average_pool(const Tensor& x, int64_t size) {
  return size == 1 ? x : wrap(at::avg_pool2d(unwrap(x), {size, size}));
}

Tensor TorchOps::max_pool(const Tensor& x, int64_t size) {
  return size == 1 ? x : wrap(at::max_pool2d(unwrap(x), {size, size}));
}

Tensor TorchOps::to_tokens(const Tensor& map) {
  return wrap(unwrap(map).permute({0, 2, 3, 1}).flatten(1, 2).contiguous());
}

Tensor TorchOps::to_map(const Tensor& tokens, int64_t height, int64_t width) {
  return wrap(unwrap(tokens).unflatten(1, {height, width}).permute({0, 3, 1, 2}));
}

Tensor TorchOps::relu(const Tensor& x) {
  return wrap(at::relu(unwrap(x)));
}

Tensor TorchOps::abs(const Tensor& x) {
  return wrap(at::abs(unwrap(x)));
}

Tensor TorchOps::softmax(const Tensor& x, int axis) {
  return wrap(at::softmax(unwrap(x), axis));
}

Tensor TorchOps::max(const Tensor& x, int axis) {
  return wrap(at::amax(unwrap(x), {axis}, /*keepdim=*/true));
}

Tensor TorchOps::stop_gradient(const Tensor& x) {
  return wrap(unwrap(x).detach());
}

}  // namespace ccx::torch_backend
