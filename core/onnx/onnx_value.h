// What OnnxOps keeps behind a Tensor. Private to the ONNX backend.
#pragma once

#include <string>
#include <utility>

#include "core/onnx/onnx_ops.h"

namespace ccx::onnx {

class OnnxOps::Value : public TensorImpl {
 public:
  Value(std::string value_name, Shape shape) : name(std::move(value_name)), shape_(std::move(shape)) {}
  Shape shape() const override { return shape_; }

  std::string name;  // of the value in the graph
  Past past;         // of a step's keys or values; empty without a cache

 private:
  Shape shape_;
};

inline const OnnxOps::Value& OnnxOps::value_of(const Tensor& x) {
  return *static_cast<const Value*>(x.impl());
}

inline Tensor OnnxOps::make(std::string name, Shape shape) const {
  return Tensor(std::make_shared<Value>(std::move(name), std::move(shape)));
}

}  // namespace ccx::onnx
