// Weights from a source to the device, checked on the way.
#include <cstddef>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "core/base/error.h"
#include "core/model/checkpoint.h"
#include "core/model/parts.h"
#include "core/torch/large_pages.h"
#include "core/torch/packed_products.h"
#include "core/torch/stored_tensor.h"
#include "core/torch/torch_ops.h"

namespace ccx::torch_backend {

void WeightStore::refuse_shape(const std::string& name, const Shape& found, const Shape& needed) const {
  torch_backend::refuse_shape(source_, name, found, needed);
}

// As it lies in the source, whose memory it shares. Callers hold the lock: some sources make weights when asked.
at::Tensor WeightStore::mapped(const std::string& name, const Shape& shape) const {
  return stored_tensor(source_, name, shape);  // nothing writes to a weight here
}

at::Tensor WeightStore::checked(const std::string& name, const Shape& shape) const {
  at::Tensor tensor = mapped(name, shape);
  model::check_finite(source_.get(name), name, source_.origin(name));
  return tensor;
}

at::Tensor WeightStore::load(const std::string& name, const Shape& shape) {
  const auto found = loaded_.find(name);
  if (found != loaded_.end()) return found->second;

  at::Tensor tensor = checked(name, shape);
  // A step reads the language model's from one end to the other, which a mapped file's small pages make slower. In
  // bfloat16 they are packed instead.
  const bool steps_read = dtype_ == at::kFloat && model::part_of(name) == model::Part::kLanguage;
  if (tensor.scalar_type() != dtype_ || device_ != at::kCPU || steps_read) {
    tensor = tensor.to(device_, dtype_, /*non_blocking=*/false, /*copy=*/true);
    if (device_.is_cpu()) use_large_pages(tensor.mutable_data_ptr(), static_cast<int64_t>(tensor.nbytes()));
    source_.release(name);
  }
  loaded_.emplace(name, tensor);
  return tensor;
}

at::Tensor WeightStore::get(const std::string& name, const Shape& shape) {
  const std::lock_guard lock(mutex_);
  return load(name, shape);
}

void WeightStore::forget(const std::string& name) {
  const auto found = loaded_.find(name);
  if (found != loaded_.end()) forgotten_ += found->second.nbytes();
  loaded_.erase(name);
  source_.release(name);
#ifdef __GLIBC__
  // glibc keeps freed blocks of up to 32 MB for itself, and the holes that plain weights leave are soon split by
  // smaller ones: without this half of a large model would stay in memory twice.
  if (forgotten_ < kTrimAfter) return;
  ::malloc_trim(0);
  forgotten_ = 0;
#endif
}

void WeightStore::allow_packing() {
  packs_ = device_.is_cpu() && can_pack();
  keeps_tables_ = !packs_ || !pays_to_pack({.dtype = dtype_, .decodes = true, .gives_words = true}, this_processor());
}

PackedWeight WeightStore::packed(const std::string& name, const Shape& shape, const std::string& layout,
                                 const Pack& pack) {
  const std::lock_guard lock(mutex_);
  const std::string key = name + " " + layout;
  const auto found = packed_.find(key);
  if (found != packed_.end()) return found->second;
  const auto used = loaded_.find(name);
  const PackedWeight kept = pack(used != loaded_.end() ? used->second : checked(name, shape).to(dtype_));
  if (kept.layout.defined()) forget(name);
  packed_.emplace(key, kept);
  return kept;
}

at::Tensor WeightStore::rows(const std::string& name, const Shape& shape, const at::Tensor& ids) {
  if (const QuantisedWeight* table = quantised(name, shape)) return quantised_rows(*table, ids, dtype_);
  const std::lock_guard lock(mutex_);
  if (keeps_tables_) return at::embedding(load(name, shape), ids);
  // Converting the few rows that are asked for gives the same numbers as converting the table.
  loaded_.erase(name);
  return at::embedding(mapped(name, shape), ids).to(dtype_);
}

const QuantisedWeight* WeightStore::quantised(const std::string& name, const Shape& shape) {
  const auto bits = few_bits_.find(name);
  if (bits == few_bits_.end()) return nullptr;
  const std::lock_guard lock(mutex_);
  const auto found = quantised_.find(name);
  if (found != quantised_.end()) return &found->second;
  const auto stored = source_.quantised(name);
  if (stored) {
    if (Shape{stored->rows, stored->columns} != shape) refuse_shape(name, {stored->rows, stored->columns}, shape);
    quantised_[name] = torch_backend::quantised(*stored);
  } else {
    const at::Tensor weight = checked(name, shape);
    quantised_[name] = torch_backend::quantised(weight, bits->second);
  }
  source_.release(name);
  return &quantised_[name];
}

size_t WeightStore::bytes_read(const std::string& name, const Shape& shape) const {
  const std::lock_guard lock(mutex_);
  const auto found = quantised_.find(name);
  if (found != quantised_.end()) return found->second.nbytes();
  size_t elements = 1;
  for (const int64_t size : shape) elements *= static_cast<size_t>(size);
  return elements * c10::elementSize(dtype_);
}

size_t WeightStore::bytes() const {
  const std::lock_guard lock(mutex_);
  size_t total = 0;
  for (const auto& entry : loaded_) total += entry.second.nbytes();
  for (const auto& entry : quantised_) total += entry.second.nbytes();
  for (const auto& entry : packed_) total += entry.second.layout.defined() ? entry.second.layout.nbytes() : 0;
  return total;
}

}  // namespace ccx::torch_backend
