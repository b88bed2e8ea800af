// TorchOps on maps of features: convolutions, pooling, resampling.
#include <c10/core/GradMode.h>

#include <string>

#include "core/torch/packed_products.h"
#include "core/torch/torch_ops.h"

namespace ccx::torch_backend {
namespace {

at::Tensor convolution(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                       const std::vector<int64_t>& padding, const ConvSpec& spec) {
  const bool plain = input.device().is_cpu() && input.scalar_type() == at::kFloat && weight.scalar_type() == at::kFloat;
  if (plain && !c10::GradMode::is_enabled() && spec.activation != Activation::kNone && can_pack()) {
    return fused_convolution(input, weight, bias, padding, spec);
  }
  const std::vector<int64_t> strides = {spec.stride, spec.stride};
  at::Tensor out = at::conv2d(input, weight, bias, strides, padding, {1, 1}, spec.groups);
  // In place: a convolution's gradient does not need its result.
  if (spec.activation == Activation::kRelu) at::relu_(out);
  if (spec.activation == Activation::kRelu6) at::hardtanh_(out, 0, 6);
  return out;
}

}  // namespace

Tensor TorchOps::conv2d(const Tensor& x, const Scope& scope, const ConvSpec& spec) {
  at::Tensor input = unwrap(x).contiguous(at::MemoryFormat::ChannelsLast);
  const Shape shape = {spec.out, input.size(1) / spec.groups, spec.kernel, spec.kernel};
  const at::Tensor bias = parameters_.get(scope.bias(), {spec.out});
  std::vector<int64_t> padding = {spec.top, spec.left};
  if (spec.top != spec.bottom || spec.left != spec.right) {
    input = at::constant_pad_nd(input, {spec.left, spec.right, spec.top, spec.bottom});
    padding = {0, 0};
  }
  if (input.scalar_type() == at::kFloat && packs()) {
    std::string layout;  // a size has its own
    for (const int64_t size : input.sizes()) layout.append(1, ':').append(std::to_string(size));
    const PackedWeight packed = parameters_.packed(scope.weight(), shape, layout, [&](const at::Tensor& weight) {
      return PackedWeight{pack_convolution(weight, input.sizes(), padding, spec), {}};
    });
    return wrap(fused_convolution(input, packed.layout, bias, padding, spec));
  }
  return wrap(convolution(input, parameters_.get(scope.weight(), shape), bias, padding, spec));
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
