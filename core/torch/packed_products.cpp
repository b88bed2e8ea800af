#include "core/torch/packed_products.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/GradMode.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/parts.h"
#include "core/torch/decode_kernels.h"

namespace ccx::torch_backend {
namespace {

void parallel(int64_t count, const std::function<void(int64_t, int64_t)>& body) {
  at::parallel_for(0, count, /*grain_size=*/16, body);
}

using Scalars = c10::List<std::optional<at::Scalar>>;
using PackLinear = at::Tensor(const at::Tensor&, std::optional<int64_t>);
using Linear = at::Tensor(const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&, std::string_view,
                          Scalars, std::optional<std::string_view>);
using PackConvolution = at::Tensor(const at::Tensor&, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, int64_t,
                                   at::OptionalIntArrayRef);
using Convolution = at::Tensor(const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&, at::IntArrayRef,
                               at::IntArrayRef, at::IntArrayRef, int64_t, std::string_view, Scalars,
                               std::optional<std::string_view>);

template <typename Signature>
std::optional<c10::TypedOperatorHandle<Signature>> operation(const std::string& name) {
  const auto schema = c10::Dispatcher::singleton().findSchema({name, std::string()});
  if (!schema || !at::hasMKLDNN() || !at::globalContext().userEnabledMkldnn()) return std::nullopt;
  return schema->typed<Signature>();
}

struct Operators {
  std::optional<c10::TypedOperatorHandle<PackLinear>> pack_linear =
      operation<PackLinear>("mkldnn::_reorder_linear_weight");
  std::optional<c10::TypedOperatorHandle<Linear>> linear = operation<Linear>("mkldnn::_linear_pointwise");
  std::optional<c10::TypedOperatorHandle<PackConvolution>> pack_convolution =
      operation<PackConvolution>("mkldnn::_reorder_convolution_weight");
  std::optional<c10::TypedOperatorHandle<Convolution>> convolution =
      operation<Convolution>("mkldnn::_convolution_pointwise");
};

const Operators& operators() {
  static const Operators found;
  return found;
}

}  // namespace

bool can_pack() {
  const Operators& found = operators();
  return found.pack_linear && found.linear && found.pack_convolution && found.convolution;
}

at::Tensor plain_product(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias) {
  const int64_t count = input.numel() / input.size(-1);
  const bool one_step = input.dim() == 3 && input.size(1) == 1;
  const bool plain = input.device().is_cpu() && weight.scalar_type() == at::kFloat && input.scalar_type() == at::kFloat;
  if (!plain || (count > kFewRows && !one_step) || c10::GradMode::is_enabled()) {
    return bias.defined() ? at::linear(input, weight, bias) : at::linear(input, weight);
  }
  const at::Tensor dense = input.contiguous();
  std::vector<int64_t> sizes = input.sizes().vec();
  sizes.back() = weight.size(0);
  const at::Tensor result = at::empty(sizes, input.options());
  small_rows_linear(dense.const_data_ptr<float>(), weight.const_data_ptr<float>(),
                    bias.defined() ? bias.const_data_ptr<float>() : nullptr, result.mutable_data_ptr<float>(), count,
                    input.size(-1), weight.size(0), parallel);
  return result;
}

bool is_decoded(const Scope& scope) {
  return model::part_of(scope.weight()) == model::Part::kLanguage;
}

// Measured on a Zen 4 core, LibTorch 2.13 (`ccx bench --explain` does it again): float32 at 1,458 x 1,152 x 4,304 106
// GFLOP/s packed and 88 plain, at 556 x 256 x 256 100 and 91, at 49 x 192 x 192 69 and 84; bf16 at 1,502 x 896 x 4,864
// 205 and 177, one row of 896 x 4,864 .63 ms and .97. With AMX, 2,916 x 1,152 x 1,152 reached 47 % of the peak packed
// and 94 % plain.
bool pays_to_pack(const Product& product, const Processor& processor) {
  if (product.dtype == at::kBFloat16) {
    if (processor.has_amx && !product.decodes && product.rows >= 2048) return false;
    return processor.multiplies_bf16;
  }
  // Few rows, and a decoding step of many, are small_rows_linear's, which reads plain weights.
  if (product.dtype != at::kFloat || product.decodes || product.rows <= kFewRows) return false;
  return product.rows * product.in * product.out >= int64_t{4} << 20;
}

at::Tensor pack_linear(const at::Tensor& weight) {
  return operators().pack_linear->call(weight.contiguous(), std::nullopt);
}

at::Tensor packed_linear(const at::Tensor& input, const at::Tensor& packed, const at::Tensor& bias,
                         std::optional<Gelu> gelu) {
  const std::optional<at::Tensor> offset = bias.defined() ? std::optional(bias) : std::nullopt;
  const std::string_view algorithm = gelu == Gelu::kTanh ? "tanh" : "none";
  return operators().linear->call(input.contiguous(), packed, offset, gelu ? "gelu" : "none", Scalars(),
                                  gelu ? std::optional(algorithm) : std::nullopt);
}

at::Tensor pack_convolution(const at::Tensor& weight, at::IntArrayRef input, const std::vector<int64_t>& padding,
                            const ConvSpec& spec) {
  return operators().pack_convolution->call(weight, padding, {spec.stride, spec.stride}, {1, 1}, spec.groups, input);
}

at::Tensor fused_convolution(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                             const std::vector<int64_t>& padding, const ConvSpec& spec) {
  Scalars bounds;
  if (spec.activation == Activation::kRelu6) bounds = {at::Scalar(0.0), at::Scalar(6.0)};
  const std::string_view activation = spec.activation == Activation::kRelu6  ? "hardtanh"
                                      : spec.activation == Activation::kRelu ? "relu"
                                                                             : "none";
  return operators().convolution->call(input, weight, bias, padding, {spec.stride, spec.stride}, {1, 1}, spec.groups,
                                       activation, bounds, "");
}

}  // namespace ccx::torch_backend
