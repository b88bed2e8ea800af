// The decoder's keys and values on LibTorch, allocated once.
#include "core/torch/torch_ops.h"

namespace ccx::torch_backend {

TorchKvCache::TorchKvCache(int layers, int64_t rows, int64_t heads, int64_t capacity, int64_t head_dim,
                           const TorchOps& ops)
    : rows_(rows), capacity_(capacity), count_(rows) {
  const at::TensorOptions options = at::TensorOptions().dtype(ops.dtype()).device(ops.device());
  for (int layer = 0; layer < layers; ++layer) {
    keys_.push_back(at::empty({rows, heads, capacity, head_dim}, options));
    values_.push_back(at::empty({rows, heads, capacity, head_dim}, options));
  }
}

void TorchKvCache::select(int64_t first, int64_t count) {
  first_ = first;
  count_ = count;
}

std::pair<Tensor, Tensor> TorchKvCache::append(int layer, const Tensor& k, const Tensor& v) {
  const auto write = [&](at::Tensor& kept, const Tensor& step) {
    const at::Tensor& input = unwrap(step);  // [B, T, heads * d]
    const int64_t steps = input.size(1);
    const at::Tensor rows = kept.narrow(0, first_, count_);  // [B, heads, capacity, d]
    rows.narrow(2, length_, steps)
        .copy_(input.view({input.size(0), steps, kept.size(1), kept.size(3)}).transpose(1, 2));
    return wrap(rows.narrow(2, 0, length_ + steps).transpose(1, 2));  // [B, S, heads, d], a view
  };
  const auto i = static_cast<size_t>(layer);
  return {write(keys_[i], k), write(values_[i], v)};
}

void TorchKvCache::reorder(const std::vector<int64_t>& parents) {
  const auto count = static_cast<int64_t>(parents.size());
  bool in_place = true;
  for (int64_t row = 0; row < count; ++row) in_place &= parents[static_cast<size_t>(row)] == row;
  if (!in_place) {
    const at::Tensor index =
        at::from_blob(const_cast<int64_t*>(parents.data()), {count}, at::TensorOptions().dtype(at::kLong))
            .to(keys_[0].device());
    for (std::vector<at::Tensor>* kept : {&keys_, &values_}) {
      for (at::Tensor& tensor : *kept) {
        const at::Tensor live = tensor.narrow(2, 0, length_);
        live.narrow(0, 0, count).copy_(live.index_select(0, index));
      }
    }
  }
  select(0, count);
}

}  // namespace ccx::torch_backend
