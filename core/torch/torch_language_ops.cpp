// TorchOps of the language model: products of one input, norm, rotary embedding, attention, gate. Where nothing learns
// a CPU computes them by kernels of our own, row by row.
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>

#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <string>

#include "core/torch/device.h"
#include "core/torch/packed_products.h"
#include "core/torch/row_kernels.h"
#include "core/torch/step_attention.h"
#include "core/torch/tile_attention.h"
#include "core/torch/torch_ops.h"

namespace ccx::torch_backend {
namespace {

// [B, T, heads * d] or a cache's [B, T, heads, d] -> [B, heads, T, d]
at::Tensor split_heads(const at::Tensor& x, int64_t heads) {
  const at::Tensor split = x.dim() == 4 ? x : x.view({x.size(0), x.size(1), heads, x.size(2) / heads});
  return split.transpose(1, 2);
}

bool reads_rows(at::ScalarType dtype) {
  return dtype == at::kFloat || dtype == at::kBFloat16;
}

// Calls body with a null pointer to what the kernels call the type.
template <class Body>
void with_type(at::ScalarType dtype, const Body& body) {
  if (dtype == at::kFloat) {
    body(static_cast<float*>(nullptr));
  } else {
    body(static_cast<Bf16*>(nullptr));
  }
}

// A small tensor is one thread's.
constexpr int64_t kNumbersOfAThread = 1 << 15;
int64_t rows_of_a_thread(int64_t width) {
  return std::max<int64_t>(1, kNumbersOfAThread / width);
}

// Of one position: query [B, heads, 1, d], keys and values [B, kv_heads, S, d], a head's dense -> [B, 1, heads * d].
at::Tensor step_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value) {
  const int64_t batch = query.size(0), heads = query.size(1), width = query.size(3);
  const int64_t kv_heads = key.size(1), keys = key.size(2), group = heads / kv_heads;
  const at::Tensor dense = query.contiguous();
  const at::Tensor out = at::empty({batch, 1, heads * width}, query.options());
  const float scale = 1.0f / std::sqrt(static_cast<float>(width));
  const int64_t parts = (group + kQueriesTogether - 1) / kQueriesTogether;  // of a group
  with_type(query.scalar_type(), [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    const auto* q = static_cast<const T*>(dense.const_data_ptr());
    const auto* k = static_cast<const T*>(key.const_data_ptr());
    const auto* v = static_cast<const T*>(value.const_data_ptr());
    auto* to = static_cast<T*>(out.mutable_data_ptr());
    at::parallel_for(0, batch * kv_heads * parts, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t row = i / parts / kv_heads, head = i / parts % kv_heads, first = i % parts * kQueriesTogether;
        const int64_t kept = row * key.stride(0) + head * key.stride(1);
        const int64_t asked = (row * heads + head * group + first) * width;
        single_query_attention(q + asked, k + kept, v + kept, to + asked, std::min(kQueriesTogether, group - first),
                               keys, width, scale);
      }
    });
  });
  return out;
}

HeadsAt heads_at(const at::Tensor& x) {  // [B, heads, T, d]
  return {static_cast<const Bf16*>(x.const_data_ptr()), x.stride(0), x.stride(1), x.stride(2)};
}

// Whether many positions of query, keys and values [B, heads, T, d] are the tiles' to compute. LibTorch's products
// take bfloat16 to tiles of AMX.
bool fits_tiles(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value) {
  if (c10::GradMode::is_enabled() || this_processor().has_amx || !can_attend_in_tiles()) return false;
  for (const at::Tensor* each : {&query, &key, &value}) {
    if (!each->device().is_cpu() || each->scalar_type() != at::kBFloat16 || each->stride(3) != 1) return false;
  }
  return query.size(3) % 2 == 0;
}

// As step_attention(), of many positions -> [B, T, heads * d].
at::Tensor tile_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, bool causal) {
  const int64_t batch = query.size(0), heads = query.size(1), steps = query.size(2), width = query.size(3);
  const at::Tensor out = at::empty({batch, steps, heads * width}, query.options());
  const TileAttention shape{.batch = batch,
                            .heads = heads,
                            .kv_heads = key.size(1),
                            .queries = steps,
                            .keys = key.size(2),
                            .width = width,
                            .causal = causal,
                            .scale = 1.0f / std::sqrt(static_cast<float>(width))};
  attend_in_tiles(shape, heads_at(query), heads_at(key), heads_at(value), static_cast<Bf16*>(out.mutable_data_ptr()),
                  [](int64_t count, const std::function<void(int64_t, int64_t)>& body) {
                    at::parallel_for(0, count, /*grain_size=*/1, body);
                  });
  return out;
}

// x [B, T, heads * d] by cos and sin [1 or B, T, 1, d / 2], all dense.
at::Tensor rotated(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin, int64_t heads) {
  const at::Tensor out = at::empty(x.sizes(), x.options());
  const int64_t positions = x.size(0) * x.size(1), all = x.size(2), half = all / heads / 2;
  const int64_t known = cos.size(0) * cos.size(1);  // positions that have one rotation each
  with_type(x.scalar_type(), [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    const auto* from = static_cast<const T*>(x.const_data_ptr());
    const auto *c = static_cast<const T*>(cos.const_data_ptr()), *s = static_cast<const T*>(sin.const_data_ptr());
    auto* to = static_cast<T*>(out.mutable_data_ptr());
    at::parallel_for(0, positions, rows_of_a_thread(all), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t turn = i % known * half;
        rotate_heads(from + i * all, c + turn, s + turn, to + i * all, heads, 2 * half);
      }
    });
  });
  return out;
}

}  // namespace

bool TorchOps::in_rows(std::initializer_list<std::reference_wrapper<const at::Tensor>> each) {
  if (c10::GradMode::is_enabled()) return false;
  const at::ScalarType dtype = each.begin()->get().scalar_type();
  for (const at::Tensor& tensor : each) {
    if (!tensor.device().is_cpu() || tensor.scalar_type() != dtype || !tensor.is_contiguous()) return false;
  }
  return reads_rows(dtype);
}

std::vector<Tensor> TorchOps::branches(const Tensor& x, const std::vector<Branch>& each) {
  const at::Tensor& input = unwrap(x);
  if (!is_few_rows(input, dtype_)) return Ops::branches(x, each);
  std::vector<PackedWeight> weights;
  std::vector<at::Tensor> biases;
  for (const Branch& branch : each) {
    const std::optional<PackedWeight> packed = packed_weight(input, branch.scope, branch.out, branch.out);
    if (!packed || !packed->has_panels()) return Ops::branches(x, each);
    weights.push_back(*packed);
    biases.push_back(branch.bias == Bias::kAdd ? parameters_.get(branch.scope.bias(), {branch.out}) : at::Tensor());
  }
  std::vector<Tensor> results;
  for (at::Tensor& result : panel_linears(input, weights, biases)) results.push_back(wrap(std::move(result)));
  return results;
}

Tensor TorchOps::rms_norm(const Tensor& x, const Scope& scope, float eps) {
  const int64_t width = unwrap(x).size(-1);
  const at::Tensor weight = parameters_.get(scope.weight(), {width});
  if (in_rows({unwrap(x), weight})) {
    const at::Tensor out = at::empty(unwrap(x).sizes(), unwrap(x).options());
    with_type(out.scalar_type(), [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const auto* from = static_cast<const T*>(unwrap(x).const_data_ptr());
      auto* to = static_cast<T*>(out.mutable_data_ptr());
      at::parallel_for(0, out.numel() / width, rows_of_a_thread(width), [&](int64_t begin, int64_t end) {
        rms_norm_rows(from + begin * width, static_cast<const T*>(weight.const_data_ptr()), to + begin * width,
                      end - begin, width, eps);
      });
    });
    return wrap(out);
  }
  // The mean is taken in float32 whatever the dtype, as the reference does.
  const at::Tensor input = unwrap(x).to(at::kFloat);
  const at::Tensor scale = at::rsqrt(at::mean(input * input, {-1}, /*keepdim=*/true) + eps);
  return wrap((input * scale).to(unwrap(x).scalar_type()) * weight);
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

  const bool asks_once = steps == 1 && spec.mask != Mask::kExplicit && !c10::GradMode::is_enabled();
  if (asks_once && device_.is_cpu() && reads_rows(query.scalar_type()) && key.stride(3) == 1 &&
      key.stride(2) == width && value.strides() == key.strides()) {
    return wrap(step_attention(query, key, value));
  }

  if (spec.mask != Mask::kExplicit && fits_tiles(query, key, value)) {
    return wrap(tile_attention(query, key, value, spec.mask == Mask::kCausal));
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
  if (in_rows({input, turn.cos}) && input.size(2) % heads == 0) return wrap(rotated(input, turn.cos, turn.sin, heads));
  const at::Tensor split = input.view({input.size(0), input.size(1), heads, width});
  const at::Tensor low = split.narrow(3, 0, width / 2);
  const at::Tensor high = split.narrow(3, width / 2, width / 2);
  const at::Tensor turned = at::cat({low * turn.cos - high * turn.sin, high * turn.cos + low * turn.sin}, 3);
  return wrap(turned.view(input.sizes()));
}

Tensor TorchOps::silu(const Tensor& x) {
  return wrap(at::silu(unwrap(x)));
}

Tensor TorchOps::gated(const Tensor& gate, const Tensor& x) {
  const at::Tensor &opens = unwrap(gate), &input = unwrap(x);
  if (!in_rows({opens, input}) || opens.sizes() != input.sizes()) return mul(silu(gate), x);
  const at::Tensor out = at::empty(input.sizes(), input.options());
  with_type(out.scalar_type(), [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    const auto* from = static_cast<const T*>(opens.const_data_ptr());
    const auto* times = static_cast<const T*>(input.const_data_ptr());
    auto* to = static_cast<T*>(out.mutable_data_ptr());
    at::parallel_for(0, out.numel(), kNumbersOfAThread, [&](int64_t begin, int64_t end) {
      gate_with_silu(from + begin, times + begin, to + begin, end - begin);
    });
  });
  return wrap(out);
}

}  // namespace ccx::torch_backend
