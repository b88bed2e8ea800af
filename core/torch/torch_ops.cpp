#include "core/torch/torch_ops.h"

#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "core/torch/decode_kernels.h"
#include "core/torch/packed_products.h"

namespace ccx::torch_backend {
namespace {

class TorchTensor : public TensorImpl {
 public:
  explicit TorchTensor(at::Tensor tensor) : value(std::move(tensor)) {}
  Shape shape() const override { return value.sizes().vec(); }
  at::Tensor value;
};

// [B, T, heads * d] or a cache's [B, T, heads, d] -> [B, heads, T, d]
at::Tensor split_heads(const at::Tensor& x, int64_t heads) {
  const at::Tensor split = x.dim() == 4 ? x : x.view({x.size(0), x.size(1), heads, x.size(2) / heads});
  return split.transpose(1, 2);
}

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

at::Tensor TorchOps::product(const at::Tensor& input, const Scope& scope, int64_t out, Bias bias, int64_t rows,
                             std::optional<Gelu> gelu) {
  const int64_t in = input.size(-1);
  const Shape shape = {out, in};
  const int64_t used = rows > 0 && rows < out ? rows : out;
  const auto cut = [&](const at::Tensor& tensor) { return used < out ? tensor.narrow(0, 0, used) : tensor; };
  const at::Tensor offset = bias == Bias::kAdd ? cut(parameters_.get(scope.bias(), {out})) : at::Tensor();
  const int64_t count = input.numel() / in;
  if (input.scalar_type() == dtype_ && packs() &&
      pays_to_pack({dtype_, count, in, used, is_decoded(scope)}, this_processor())) {
    const at::Tensor packed = parameters_.packed(scope.weight(), shape, std::to_string(used),
                                                 [&](const at::Tensor& weight) { return pack_linear(cut(weight)); });
    return packed_linear(input, packed, offset, gelu);
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

Tensor TorchOps::rms_norm(const Tensor& x, const Scope& scope, float eps) {
  const int64_t width = unwrap(x).size(-1);
  const at::Tensor weight = parameters_.get(scope.weight(), {width});
  // The mean is taken in float32 whatever the dtype, as the reference does.
  const at::Tensor input = unwrap(x).to(at::kFloat);
  const at::Tensor scale = at::rsqrt(at::mean(input * input, {-1}, /*keepdim=*/true) + eps);
  return wrap((input * scale).to(unwrap(x).scalar_type()) * weight);
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

Tensor TorchOps::attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionSpec& spec) {
  const auto [all_k, all_v] = spec.with_earlier(k, v);
  const at::Tensor query = split_heads(unwrap(q), spec.heads);  // [B, heads, T, d]
  const at::Tensor key = split_heads(unwrap(all_k), spec.kv_heads);
  const at::Tensor value = split_heads(unwrap(all_v), spec.kv_heads);
  const int64_t batch = query.size(0);
  const int64_t steps = query.size(2);
  const int64_t width = query.size(3);
  const int64_t keys = key.size(2);
  const int64_t group = spec.heads / spec.kv_heads;

  const bool step = steps == 1 && spec.mask != Mask::kExplicit && !c10::GradMode::is_enabled();
  if (step && device_.is_cpu() && query.scalar_type() == at::kFloat && key.stride(3) == 1 && key.stride(2) == width &&
      value.strides() == key.strides()) {
    const at::Tensor dense = query.contiguous();
    const at::Tensor out = at::empty({batch, 1, spec.heads * width}, query.options());
    const float scale = 1.0f / std::sqrt(static_cast<float>(width));
    at::parallel_for(0, batch * spec.kv_heads, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t row = i / spec.kv_heads;
        const int64_t head = i % spec.kv_heads;
        const int64_t kept = row * key.stride(0) + head * key.stride(1);
        const int64_t asked = (row * spec.heads + head * group) * width;
        single_query_attention(dense.const_data_ptr<float>() + asked, key.const_data_ptr<float>() + kept,
                               value.const_data_ptr<float>() + kept, out.mutable_data_ptr<float>() + asked, group, keys,
                               width, scale);
      }
    });
    return wrap(out);
  }

  std::optional<at::Tensor> mask;
  if (spec.mask == Mask::kExplicit) mask = unwrap(spec.explicit_mask).to(query.scalar_type());
  bool causal = spec.mask == Mask::kCausal && steps > 1;
  if (causal && keys != steps) {  // LibTorch aligns its causal mask with the first key, a cache needs the last
    const at::Tensor later = at::full({steps, keys}, -std::numeric_limits<float>::infinity(), query.options());
    mask = at::triu(later, keys - steps + 1);
    causal = false;
  }

  at::Tensor mixed;
  if (group > 1 && !causal && !query.requires_grad()) {
    // The heads of a group ask the same keys: they become rows of one query, and no key is copied.
    const at::Tensor grouped = query.reshape({batch, spec.kv_heads, group * steps, width});
    if (mask) mask = mask->repeat({group, 1});
    mixed = at::scaled_dot_product_attention(grouped, key, value, mask).reshape({batch, spec.heads, steps, width});
  } else {
    mixed = at::scaled_dot_product_attention(query, key, value, mask, /*dropout_p=*/0.0, causal, /*scale=*/std::nullopt,
                                             /*enable_gqa=*/group > 1);
  }
  return wrap(mixed.transpose(1, 2).reshape({batch, steps, spec.heads * width}));
}

const TorchOps::Rotation& TorchOps::rotation(const Tensor& positions, int64_t width, float theta) {
  for (const Rotation& kept : rotations_) {
    if (kept.positions.impl() == positions.impl() && kept.width == width && kept.theta == theta) return kept;
  }
  // All in float32, as the reference computes its tables.
  const at::Tensor index = at::arange(0, width, 2, at::TensorOptions().dtype(at::kFloat).device(device_)) / width;
  const at::Tensor frequency = at::reciprocal(at::pow(at::Scalar(theta), index));
  const at::Tensor angle = unwrap(positions).to(at::kFloat).unsqueeze(-1) * frequency;  // [P, T, d / 2]
  if (rotations_.size() >= 4) rotations_.erase(rotations_.begin());
  rotations_.push_back(
      {positions, width, theta, at::cos(angle).unsqueeze(2).to(dtype_), at::sin(angle).unsqueeze(2).to(dtype_)});
  return rotations_.back();
}

Tensor TorchOps::rotary(const Tensor& x, const Tensor& positions, int heads, float theta) {
  const at::Tensor& input = unwrap(x);
  const int64_t width = input.size(2) / heads;
  const Rotation& turn = rotation(positions, width, theta);
  const at::Tensor split = input.view({input.size(0), input.size(1), heads, width});
  const at::Tensor low = split.narrow(3, 0, width / 2);
  const at::Tensor high = split.narrow(3, width / 2, width / 2);
  const at::Tensor turned = at::cat({low * turn.cos - high * turn.sin, high * turn.cos + low * turn.sin}, 3);
  return wrap(turned.view(input.sizes()));
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
Tensor TorchOps::silu(const Tensor& x) {
  return wrap(at::silu(unwrap(x)));
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
