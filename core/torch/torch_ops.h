// Ops on LibTorch tensors: CPU and CUDA, float32 and bfloat16, with or without gradients.
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/graph/ops.h"
#include "core/graph/weights.h"
#include "core/torch/packed_weight.h"
#include "core/torch/quantised_products.h"

namespace ccx::torch_backend {

// Handles <-> LibTorch tensors. Sizes are those of the graph; the cache's keys and values are kept [B, S, heads, d].
Tensor wrap(at::Tensor tensor);
const at::Tensor& unwrap(const Tensor& tensor);

// Where TorchOps finds its weights: in a checkpoint (WeightStore below), or among the leaves of a training run.
class ParameterStore {
 public:
  virtual ~ParameterStore() = default;
  // The weight, on the compute device. Throws CheckpointError when it is missing or has another shape.
  virtual at::Tensor get(const std::string& name, const Shape& shape) = 0;
  // Rows `ids` of a table, [..., width].
  virtual at::Tensor rows(const std::string& name, const Shape& shape, const at::Tensor& ids) {
    return at::embedding(get(name, shape), ids);
  }

  // The weight of a product or a table where it is kept in 8 or 4 bits, else null; it lives as long as the store.
  virtual const QuantisedWeight* quantised(const std::string& /*name*/, const Shape& /*shape*/) { return nullptr; }

  // Whether weights may be laid out for inference; packed() may then be called.
  virtual bool packs() const { return false; }
  // The weight as `pack` lays it out, made once and kept instead of the plain one; `layout` tells several of one weight
  // apart. Where `pack` leaves the layout undefined the plain one stays, and `pack` is not called again.
  using Pack = std::function<PackedWeight(const at::Tensor& weight)>;
  virtual PackedWeight packed(const std::string& name, const Shape& shape, const std::string& /*layout*/,
                              const Pack& pack) {
    return pack(get(name, shape));
  }
};

// Weights of a WeightSource, copied to the device when first used and kept there. float32 weights used in float32 on a
// CPU stay where they are, in the mapped file, but for the language model. All are checked for NaN. Thread-safe.
class WeightStore : public ParameterStore {
 public:
  // `few_bits`: the weights that are kept in 8 or 4 bits, with their bits; those that the source stores in so many are
  // taken as they are stored.
  WeightStore(const WeightSource& source, at::Device device, at::ScalarType dtype,
              std::map<std::string, int> few_bits = {})
      : source_(source), device_(device), dtype_(dtype), few_bits_(std::move(few_bits)) {}
  at::Tensor get(const std::string& name, const Shape& shape) override;
  // Bytes of the weights in use so far.
  size_t bytes() const;
  // From now on inference may pack weights, where the device is a CPU and LibTorch can. Of a weight that is packed
  // nothing else stays in memory, and where the one that gives the words is, a table's rows are read from the source.
  void allow_packing();
  bool packs() const override { return packs_; }
  PackedWeight packed(const std::string& name, const Shape& shape, const std::string& layout,
                      const Pack& pack) override;
  at::Tensor rows(const std::string& name, const Shape& shape, const at::Tensor& ids) override;
  const QuantisedWeight* quantised(const std::string& name, const Shape& shape) override;
  // Bytes that reading the weight takes, as it is kept or would be.
  size_t bytes_read(const std::string& name, const Shape& shape) const;

 private:
  [[noreturn]] void refuse_shape(const std::string& name, const Shape& found, const Shape& needed) const;
  at::Tensor mapped(const std::string& name, const Shape& shape) const;
  // The same, of finite numbers alone.
  at::Tensor checked(const std::string& name, const Shape& shape) const;
  at::Tensor load(const std::string& name, const Shape& shape);
  void forget(const std::string& name);
  static constexpr size_t kTrimAfter = size_t{64} << 20;

  const WeightSource& source_;
  at::Device device_;
  at::ScalarType dtype_;
  const std::map<std::string, int> few_bits_;
  bool packs_ = false;
  bool keeps_tables_ = true;  // rows() has one at hand, because a product reads it as well
  mutable std::mutex mutex_;  // of the rest: workers share the store
  std::unordered_map<std::string, at::Tensor> loaded_;
  std::unordered_map<std::string, PackedWeight> packed_;
  std::unordered_map<std::string, QuantisedWeight> quantised_;
  size_t forgotten_ = 0;  // bytes since memory was last given back
};

class TorchOps : public Ops {
 public:
  TorchOps(ParameterStore& parameters, at::Device device, at::ScalarType dtype)
      : parameters_(parameters), device_(device), dtype_(dtype) {}

  at::Device device() const { return device_; }
  at::ScalarType dtype() const { return dtype_; }
  // Host values as a tensor of the compute dtype (floats) or int64 (indices) on the device.
  Tensor from_floats(const float* values, const Shape& shape) const;
  Tensor from_ints(const std::vector<int64_t>& values, const Shape& shape) const;
  // float32 values on the host.
  std::vector<float> to_host(const Tensor& tensor) const;

  Tensor parameter(const std::string& name, const Shape& shape) override;
  Tensor constant(const std::string& name, const Shape& shape,
                  const std::function<std::vector<float>()>& values) override;
  Tensor linear(const Tensor& x, const Scope& scope, int64_t out, Bias bias, int64_t rows) override;
  std::vector<Tensor> branches(const Tensor& x, const std::vector<Branch>& each) override;
  Tensor linear_gelu(const Tensor& x, const Scope& scope, int64_t out, Gelu kind) override;
  Tensor layer_norm(const Tensor& x, const Scope& scope, float eps) override;
  Tensor rms_norm(const Tensor& x, const Scope& scope, float eps) override;
  Tensor patch_embedding(const Tensor& pixels, const Scope& scope, int64_t patch, int64_t width) override;
  Tensor embedding(const Tensor& ids, const Scope& scope, int64_t vocabulary, int64_t width) override;
  // Maps lie channels last in memory, which convolutions on a CPU are fastest with.
  Tensor conv2d(const Tensor& x, const Scope& scope, const ConvSpec& spec) override;
  Tensor upsample(const Tensor& x) override;
  Tensor average_pool(const Tensor& x, int64_t size) override;
  Tensor max_pool(const Tensor& x, int64_t size) override;
  Tensor to_tokens(const Tensor& map) override;
  Tensor to_map(const Tensor& tokens, int64_t height, int64_t width) override;
  Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionSpec& spec) override;
  Tensor rotary(const Tensor& x, const Tensor& positions, int heads, float theta) override;
  Tensor add(const Tensor& a, const Tensor& b) override;
  Tensor sub(const Tensor& a, const Tensor& b) override;
  Tensor mul(const Tensor& a, const Tensor& b) override;
  Tensor div(const Tensor& a, const Tensor& b) override;
  Tensor add_scalar(const Tensor& x, float value) override;
  Tensor sigmoid(const Tensor& x) override;
  Tensor silu(const Tensor& x) override;
  Tensor gated(const Tensor& gate, const Tensor& x) override;
  Tensor gelu(const Tensor& x, Gelu kind) override;
  Tensor relu(const Tensor& x) override;
  Tensor abs(const Tensor& x) override;
  Tensor softmax(const Tensor& x, int axis) override;
  Tensor concat(const std::vector<Tensor>& parts, int axis) override;
  Tensor slice(const Tensor& x, int axis, int64_t start, int64_t count) override;
  std::vector<Tensor> chunk(const Tensor& x, int parts, int axis) override;
  Tensor squeeze(const Tensor& x, int axis) override;
  Tensor mean(const Tensor& x, int axis) override;
  Tensor max(const Tensor& x, int axis) override;
  std::pair<Tensor, Tensor> split_pairs(const Tensor& x) override;
  Tensor interleave_pairs(const Tensor& a, const Tensor& b) override;
  Tensor to_float32(const Tensor& x) override;
  Tensor stop_gradient(const Tensor& x) override;

 private:
  // cos and sin of one set of positions, kept because every layer asks for the same. [P, T, 1, d / 2] each.
  struct Rotation {
    Tensor positions;
    int64_t width = 0;
    float theta = 0;
    at::Tensor cos, sin;
  };
  const Rotation& rotation(const Tensor& positions, int64_t width, float theta);
  // Whether what is computed now may use packed weights.
  bool packs() const;
  // Whether `each` of one type is what the kernels of rows compute here: dense, on a CPU, without gradients.
  static bool in_rows(std::initializer_list<std::reference_wrapper<const at::Tensor>> each);
  // The first `used` rows of a weight [out, in] as they are laid out for `input`, where that pays here.
  std::optional<PackedWeight> packed_weight(const at::Tensor& input, const Scope& scope, int64_t out, int64_t used);
  at::Tensor product(const at::Tensor& input, const Scope& scope, int64_t out, Bias bias, int64_t rows,
                     std::optional<Gelu> gelu);

  ParameterStore& parameters_;
  at::Device device_;
  at::ScalarType dtype_;
  std::map<std::string, Tensor> constants_;
  std::vector<Rotation> rotations_;
};

// Keys and values of every layer in two tensors [rows, heads, capacity, d] a layer, allocated once. All rows have the
// same length.
class TorchKvCache : public KvCache {
 public:
  TorchKvCache(int layers, int64_t rows, int64_t heads, int64_t capacity, int64_t head_dim, const TorchOps& ops);

  // Writes at the current length of the rows chosen by select(); the length moves on with advance().
  std::pair<Tensor, Tensor> append(int layer, const Tensor& k, const Tensor& v) override;
  void advance(int64_t steps) { length_ += steps; }
  void set_length(int64_t length) { length_ = length; }
  int64_t length() const { return length_; }
  int64_t capacity() const { return capacity_; }
  int64_t rows() const { return rows_; }
  // The rows that append() works on: `count` from `first`.
  void select(int64_t first, int64_t count);
  // Row i becomes what row parents[i] was; rows after the last are dropped from use. For beams and finished rows.
  void reorder(const std::vector<int64_t>& parents);

 private:
  std::vector<at::Tensor> keys_;
  std::vector<at::Tensor> values_;
  int64_t rows_;
  int64_t capacity_;
  int64_t length_ = 0;
  int64_t first_ = 0;
  int64_t count_;
};

}  // namespace ccx::torch_backend
