// TorchOps on maps of features: convolutions, pooling, resampling.
#include "core/torch/torch_ops.h"

namespace ccx::torch_backend {

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
  const at::Tensor out = at::conv2d(input, weight, bias, {spec.stride, spec.stride}, padding, {1, 1}, spec.groups);
  // In place: a convolution's gradient does not need its result.
  if (spec.activation == Activation::kRelu) at::relu_(const_cast<at::Tensor&>(out));
  if (spec.activation == Activation::kRelu6) at::hardtanh_(const_cast<at::Tensor&>(out), 0, 6);
  return wrap(out);
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
