#include "core/torch/packed_products.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/GradMode.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/names.h"
#include "core/model/parts.h"
#include "core/torch/large_pages.h"
#include "core/torch/row_products.h"

namespace at::native {
// The memory of a tensor that oneDNN laid out. LibTorch exports it without a header; null where it does not.
__attribute__((weak)) int64_t data_ptr_from_mkldnn(const at::Tensor& tensor);
__attribute__((weak)) int64_t nbytes_from_mkldnn(const at::Tensor& tensor);
}  // namespace at::native

namespace ccx::torch_backend {
namespace {

// Rows of a weight, and panels of them.
void parallel_rows(int64_t count, const std::function<void(int64_t, int64_t)>& body) {
  at::parallel_for(0, count, /*grain_size=*/16, body);
}
void parallel_panels(int64_t count, const std::function<void(int64_t, int64_t)>& body) {
  at::parallel_for(0, count, /*grain_size=*/1, body);
}

// More rows of bfloat16 than this are oneDNN's. On a Zen 4 core, of 896 x 4,864 that the caches held in part, ours took
// .11 ms of one row, .31 of 8 and .62 of 16, which is the speed at which oneDNN multiplies many.
constexpr int64_t kFewPanelRows = 16;

// The numbers of a tensor as the kernels call them; null of an undefined one.
template <class T>
const T* numbers(const at::Tensor& tensor) {
  return tensor.defined() ? static_cast<const T*>(tensor.const_data_ptr()) : nullptr;
}

at::Tensor empty_result(const at::Tensor& input, int64_t out) {
  std::vector<int64_t> sizes = input.sizes().vec();
  sizes.back() = out;
  return at::empty(sizes, input.options());
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

// The panels that the layout of `weight` is, where they can be read.
template <class T>
void find_panels(const at::Tensor& weight, PackedWeight& packed) {
  if (at::native::data_ptr_from_mkldnn == nullptr || at::native::nbytes_from_mkldnn == nullptr) return;
  auto* data = reinterpret_cast<void*>(at::native::data_ptr_from_mkldnn(packed.layout));
  const int64_t bytes = at::native::nbytes_from_mkldnn(packed.layout);
  const Panels<T> panels = as_panels(data, bytes, numbers<T>(weight), weight.size(0), weight.size(1));
  if (panels.values == nullptr) return;
  packed.panels = panels;
  use_large_pages(data, bytes);
}

template <class T>
std::vector<at::Tensor> products_of_panels(const at::Tensor& input, const std::vector<PackedWeight>& packed,
                                           const std::vector<at::Tensor>& biases) {
  const at::Tensor dense = input.contiguous();
  std::vector<at::Tensor> results;
  std::vector<PanelProduct<T>> products;
  for (size_t i = 0; i < packed.size(); ++i) {
    const auto& panels = std::get<Panels<T>>(packed[i].panels);
    results.push_back(empty_result(input, panels.out));
    products.push_back({panels, numbers<T>(biases[i]), static_cast<T*>(results.back().mutable_data_ptr())});
  }
  panel_products(numbers<T>(dense), dense.numel() / dense.size(-1), products.data(),
                 static_cast<int64_t>(products.size()), parallel_panels);
  return results;
}

}  // namespace

bool can_pack() {
  const Operators& found = operators();
  return found.pack_linear && found.linear && found.pack_convolution && found.convolution;
}

bool is_few_rows(const at::Tensor& input, at::ScalarType dtype) {
  const int64_t count = input.numel() / input.size(-1);
  const bool one_step = input.dim() == 3 && input.size(1) == 1;
  if (!input.device().is_cpu() || input.scalar_type() != dtype || c10::GradMode::is_enabled()) return false;
  if (dtype == at::kFloat) return count <= kFewRows || one_step;
  return dtype == at::kBFloat16 && count <= kFewPanelRows;
}

at::Tensor plain_product(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias) {
  if (!is_few_rows(input, weight.scalar_type())) {
    return bias.defined() ? at::linear(input, weight, bias) : at::linear(input, weight);
  }
  const at::Tensor dense = input.to(at::kFloat).contiguous();
  const float* x = dense.const_data_ptr<float>();
  const int64_t in = input.size(-1), out = weight.size(0), count = input.numel() / in;
  const at::Tensor result = empty_result(input, out);
  if (weight.scalar_type() == at::kFloat) {
    small_rows_linear(x, numbers<float>(weight), numbers<float>(bias), result.mutable_data_ptr<float>(), count, in, out,
                      parallel_rows);
  } else {
    auto* to = reinterpret_cast<Bf16*>(result.mutable_data_ptr<at::BFloat16>());
    small_rows_linear(x, numbers<Bf16>(weight), numbers<Bf16>(bias), to, count, in, out, parallel_rows);
  }
  return result;
}

Product product_of(const Scope& scope, at::ScalarType dtype, int64_t rows, int64_t in, int64_t out) {
  const std::string weight = scope.weight();
  return {.dtype = dtype,
          .rows = rows,
          .in = in,
          .out = out,
          .decodes = model::part_of(weight) == model::Part::kLanguage,
          .gives_words = weight == model::kTokenTable || weight == model::kOwnHead};
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
  if (product.dtype != at::kFloat) return false;
  if (product.decodes) return !product.gives_words && product.in * product.out >= int64_t{1} << 16;
  // Few rows are small_rows_linear's, which reads plain weights.
  if (product.rows <= kFewRows) return false;
  return product.rows * product.in * product.out >= int64_t{4} << 20;
}

PackedWeight pack_linear(const at::Tensor& weight) {
  const at::Tensor dense = weight.contiguous();
  PackedWeight packed;
  packed.layout = operators().pack_linear->call(dense, std::nullopt);
  if (weight.scalar_type() == at::kBFloat16) find_panels<Bf16>(dense, packed);
  if (weight.scalar_type() == at::kFloat) find_panels<float>(dense, packed);
  return packed;
}

PackedWeight pack_where_it_pays(const at::Tensor& weight, const Product& product) {
  if (!can_pack() || !pays_to_pack(product, this_processor())) return {};
  PackedWeight packed = pack_linear(weight);
  if (product.dtype == at::kFloat && product.decodes && !packed.has_panels()) return {};
  return packed;
}

std::vector<at::Tensor> panel_linears(const at::Tensor& input, const std::vector<PackedWeight>& packed,
                                      const std::vector<at::Tensor>& biases) {
  return input.scalar_type() == at::kFloat ? products_of_panels<float>(input, packed, biases)
                                           : products_of_panels<Bf16>(input, packed, biases);
}

at::Tensor packed_linear(const at::Tensor& input, const PackedWeight& packed, const at::Tensor& bias,
                         std::optional<Gelu> gelu) {
  const std::string_view algorithm = gelu == Gelu::kTanh ? "tanh" : "none";
  if (packed.has_panels() && is_few_rows(input, input.scalar_type())) {
    const at::Tensor result = panel_linears(input, {packed}, {bias})[0];
    return gelu ? at::gelu(result, algorithm) : result;
  }
  const std::optional<at::Tensor> offset = bias.defined() ? std::optional(bias) : std::nullopt;
  return operators().linear->call(input.contiguous(), packed.layout, offset, gelu ? "gelu" : "none", Scalars(),
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
