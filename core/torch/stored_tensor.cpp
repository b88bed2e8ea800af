#include "core/torch/stored_tensor.h"

#include <cstddef>

#include "core/base/error.h"

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

void refuse_shape(const WeightSource& source, const std::string& name, const Shape& found, const Shape& needed) {
  throw CheckpointError(source.origin(name) + ": tensor \"" + name + "\" has shape " + io::shape_text(found) +
                        ", but the model needs " + io::shape_text(needed));
}

at::Tensor stored_tensor(const WeightSource& source, const std::string& name, const Shape& needed) {
  const io::TensorView view = source.get(name);
  if (view.shape != needed) refuse_shape(source, name, view.shape, needed);
  // LibTorch has no read-only tensors.
  const auto options = at::TensorOptions().dtype(scalar_type(view.dtype, name));
  return at::from_blob(const_cast<std::byte*>(view.data), needed, options);
}

}  // namespace ccx::torch_backend
