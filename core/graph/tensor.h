// The value that flows between Ops: a handle to whatever the backend computes with. No arithmetic, no LibTorch.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace ccx {

// Sizes from the outermost axis in. A size the backend does not know yet (a symbolic ONNX axis) is kDynamic.
using Shape = std::vector<int64_t>;
inline constexpr int64_t kDynamic = -1;

// What a backend stores behind a Tensor. Only the backend that made it looks inside.
class TensorImpl {
 public:
  virtual ~TensorImpl() = default;
  virtual Shape shape() const = 0;
};

// A cheap, copyable handle. A default-constructed Tensor is empty and may stand for "not given".
class Tensor {
 public:
  Tensor() = default;
  explicit Tensor(std::shared_ptr<TensorImpl> impl) : impl_(std::move(impl)) {}

  explicit operator bool() const { return impl_ != nullptr; }
  Shape shape() const { return impl_->shape(); }
  // Size of one axis; negative axes count from the last.
  int64_t size(int axis) const {
    const Shape s = impl_->shape();
    return s[axis < 0 ? s.size() + axis : static_cast<size_t>(axis)];
  }
  TensorImpl* impl() const { return impl_.get(); }

 private:
  std::shared_ptr<TensorImpl> impl_;
};

}  // namespace ccx
