// Weights from a source to the device, checked on the way.
#include "core/base/error.h"
#include "core/model/checkpoint.h"
#include "core/torch/torch_ops.h"

namespace ccx::torch_backend {
namespace {

at::ScalarType scalar_type(io::DType dtype, const std::string& name) {
  switch (dtype) {
    case io::DType::kF32:
      return at::kFloat;
    case io::DType::kF16:
      return at::kHalf;
    case io::DType::kBF16:
      return at::kBFloat16;
    default:
      throw CheckpointError("tensor \"" + name + "\" is stored as " + std::string(io::dtype_name(dtype)) +
                            "; weights must be F32, F16 or BF16");
  }
}

}  // namespace

at::Tensor WeightStore::get(const std::string& name, const Shape& shape) {
  const auto found = loaded_.find(name);
  if (found != loaded_.end()) return found->second;

  const io::TensorView view = source_.get(name);
  if (view.shape != shape) {
    throw CheckpointError(source_.origin(name) + ": tensor \"" + name + "\" has shape " + io::shape_text(view.shape) +
                          ", but the model needs " + io::shape_text(shape));
  }
  model::check_finite(view, name, source_.origin(name));
  const at::ScalarType stored = scalar_type(view.dtype, name);
  // LibTorch has no read-only tensors; nothing writes to a weight here.
  at::Tensor tensor = at::from_blob(const_cast<std::byte*>(view.data), shape, at::TensorOptions().dtype(stored));
  if (stored != dtype_ || device_ != at::kCPU) {
    tensor = tensor.to(device_, dtype_, /*non_blocking=*/false, /*copy=*/true);
    source_.release(name);
  }
  loaded_.emplace(name, tensor);
  return tensor;
}

size_t WeightStore::bytes() const {
  size_t total = 0;
  for (const auto& entry : loaded_) total += entry.second.nbytes();
  return total;
}

}  // namespace ccx::torch_backend
