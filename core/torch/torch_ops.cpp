#include "core/torch/torch_ops.h"

#include <c10/core/GradMode.h>

#include <optional>
#include <string>

#include "core/torch/packed_products.h"

namespace ccx::torch_backend {
namespace {

class TorchTensor : public TensorImpl {
 public:
  explicit TorchTensor(at::Tensor tensor) : value(std::move(tensor)) {}
  Shape shape() const override { return value.sizes().vec(); }
  at::Tensor value;
};

}  // namespace

Tensor wrap(at::Tensor tensor) {
  return Tensor(std::make_shared<TorchTensor>(std::move(tensor)));
}

const at::Tensor& unwrap(const Tensor& tensor) {
  return static_cast<TorchTensor*>(tensor.impl())->value;
}

Tensor TorchOps::from_floats(const float* values, const Shape& shape) const {
  const at::Tensor host = at::from_blob(const_cast<float*>(values), shape, at::TensorOptions().dtype(at::kFloat));
  return wrap(host.to(device_, dtype_, /*non_blocking=*/false, /*copy=*/true));
}

Tensor TorchOps::from_ints(const std::vector<int64_t>& values, const Shape& shape) const {
  const at::Tensor host =
      at::from_blob(const_cast<int64_t*>(values.data()), shape, at::TensorOptions().dtype(at::kLong));
  return wrap(host.to(device_, at::kLong, /*non_blocking=*/false, /*copy=*/true));
}

std::vector<float> TorchOps::to_host(const Tensor& tensor) const {
  const at::Tensor host = unwrap(tensor).to(at::kCPU, at::kFloat).contiguous();
  const float* data = host.const_data_ptr<float>();
  return {data, data + host.numel()};
}

Tensor TorchOps::parameter(const std::string& name, const Shape& shape) {
  return wrap(parameters_.get(name, shape));
}

Tensor TorchOps::constant(const std::string& name, const Shape& shape,
                          const std::function<std::vector<float>()>& values) {
  Tensor& kept = constants_[name];
  if (!kept) kept = from_floats(values().data(), shape);
  return kept;
}

bool TorchOps::packs() const {
  return !c10::GradMode::is_enabled() && parameters_.packs();
}

std::optional<PackedWeight> TorchOps::packed_weight(const at::Tensor& input, const Scope& scope, int64_t out,
                                                    int64_t used) {
  const int64_t in = input.size(-1);
  const Product product = product_of(scope, dtype_, input.numel() / in, in, used);
  if (input.scalar_type() != dtype_ || !packs() || !pays_to_pack(product, this_processor())) return std::nullopt;
  if (parameters_.quantised(scope.weight(), {out, in}) != nullptr) return std::nullopt;
  const PackedWeight packed =
      parameters_.packed(scope.weight(), {out, in}, std::to_string(used), [&](const at::Tensor& weight) {
        return pack_where_it_pays(used < out ? weight.narrow(0, 0, used) : weight, product);
      });
  return packed.layout.defined() ? std::optional(packed) : std::nullopt;
}

at::Tensor TorchOps::product(const at::Tensor& input, const Scope& scope, int64_t out, Bias bias, int64_t rows,
                             std::optional<Gelu> gelu) {
  const int64_t in = input.size(-1);
  const Shape shape = {out, in};
  const int64_t used = rows > 0 && rows < out ? rows : out;
  const auto cut = [&](const at::Tensor& tensor) { return used < out ? tensor.narrow(0, 0, used) : tensor; };
  const at::Tensor offset = bias == Bias::kAdd ? cut(parameters_.get(scope.bias(), {out})) : at::Tensor();
  if (const QuantisedWeight* few_bits = parameters_.quantised(scope.weight(), shape)) {
    return quantised_linear(input, *few_bits, offset, used, gelu);
  }
  if (const std::optional<PackedWeight> packed = packed_weight(input, scope, out, used)) {
    return packed_linear(input, *packed, offset, gelu);
  }

  const at::Tensor weight = cut(parameters_.get(scope.weight(), shape));
  const at::Tensor result = plain_product(input, weight, offset);
  if (!gelu) return result;
  return at::gelu(result, *gelu == Gelu::kTanh ? "tanh" : "none");
}

Tensor TorchOps::linear(const Tensor& x, const Scope& scope, int64_t out, Bias bias, int64_t rows) {
  return wrap(product(unwrap(x), scope, out, bias, rows, std::nullopt));
}

Tensor TorchOps::linear_gelu(const Tensor& x, const Scope& scope, int64_t out, Gelu kind) {
  return wrap(product(unwrap(x), scope, out, Bias::kAdd, 0, kind));
}

Tensor TorchOps::layer_norm(const Tensor& x, const Scope& scope, float eps) {
  const int64_t width = unwrap(x).size(-1);
  return wrap(at::layer_norm(unwrap(x), {width}, parameters_.get(scope.weight(), {width}),
                             parameters_.get(scope.bias(), {width}), eps));
}

Tensor TorchOps::patch_embedding(const Tensor& pixels, const Scope& scope, int64_t patch, int64_t width) {
  const at::Tensor weight = parameters_.get(scope.weight(), {width, 3, patch, patch});
  const at::Tensor bias = parameters_.get(scope.bias(), {width});
  const at::Tensor grid = at::conv2d(unwrap(pixels), weight, bias, {patch, patch});  // [P, width, g, g]
  return wrap(grid.flatten(2).transpose(1, 2).contiguous());
}

Tensor TorchOps::embedding(const Tensor& ids, const Scope& scope, int64_t vocabulary, int64_t width) {
  return wrap(parameters_.rows(scope.weight(), {vocabulary, width}, unwrap(ids)));
}

Tensor TorchOps::add(const Tensor& a, const Tensor& b) {
  return wrap(unwrap(a) + unwrap(b));
}
Tensor TorchOps::sub(const Tensor& a, const Tensor& b) {
  return wrap(unwrap(a) - unwrap(b));
}
Tensor TorchOps::mul(const Tensor& a, const Tensor& b) {
  return wrap(unwrap(a) * unwrap(b));
}
Tensor TorchOps::div(const Tensor& a, const Tensor& b) {
  return wrap(unwrap(a) / unwrap(b));
}
Tensor TorchOps::add_scalar(const Tensor& x, float value) {
  return wrap(unwrap(x) + value);
}
Tensor TorchOps::sigmoid(const Tensor& x) {
  return wrap(at::sigmoid(unwrap(x)));
}
Tensor TorchOps::gelu(const Tensor& x, Gelu kind) {
  return wrap(at::gelu(unwrap(x), kind == Gelu::kTanh ? "tanh" : "none"));
}

Tensor TorchOps::concat(const std::vector<Tensor>& parts, int axis) {
  std::vector<at::Tensor> tensors;
  for (const Tensor& part : parts) tensors.push_back(unwrap(part));
  return wrap(at::cat(tensors, axis));
}

Tensor TorchOps::slice(const Tensor& x, int axis, int64_t start, int64_t count) {
  const at::Tensor& input = unwrap(x);
  return wrap(input.narrow(axis, start < 0 ? start + input.size(axis) : start, count));
}

std::vector<Tensor> TorchOps::chunk(const Tensor& x, int parts, int axis) {
  std::vector<Tensor> pieces;
  for (at::Tensor& piece : at::chunk(unwrap(x), parts, axis)) pieces.push_back(wrap(std::move(piece)));
  return pieces;
}

Tensor TorchOps::squeeze(const Tensor& x, int axis) {
  return wrap(unwrap(x).squeeze(axis));
}

Tensor TorchOps::mean(const Tensor& x, int axis) {
  return wrap(at::mean(unwrap(x), {axis}, /*keepdim=*/true));
}

std::pair<Tensor, Tensor> TorchOps::split_pairs(const Tensor& x) {
  const at::Tensor& input = unwrap(x);
  std::vector<int64_t> sizes = input.sizes().vec();
  sizes[0] /= 2;
  sizes.insert(sizes.begin() + 1, 2);
  const at::Tensor pairs = input.reshape(sizes);
  return {wrap(pairs.select(1, 0)), wrap(pairs.select(1, 1))};
}

Tensor TorchOps::interleave_pairs(const Tensor& a, const Tensor& b) {
  return wrap(at::stack({unwrap(a), unwrap(b)}, 1).flatten(0, 1));
}

Tensor TorchOps::to_float32(const Tensor& x) {
  return wrap(unwrap(x).to(at::kFloat));
}

}  // namespace ccx::torch_backend
