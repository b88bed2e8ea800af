// What LeanOps keeps behind a Tensor. Private to it.
#pragma once

#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/lean/lean_ops.h"

namespace ccx::lean {

// Numbers; or the first parts of an inverted residual, put off until its last one comes.
class LeanOps::Value : public TensorImpl {
 public:
  Value(Shape shape, Numbers numbers)
      : shape_(std::move(shape)), numbers_(std::make_shared<const Numbers>(std::move(numbers))) {}
  Value(Shape shape, std::shared_ptr<const Numbers> numbers) : shape_(std::move(shape)), numbers_(std::move(numbers)) {}
  Value(Shape shape, Tensor input, Block begun) : shape_(std::move(shape)), input_(std::move(input)), begun_(begun) {}

  Shape shape() const override { return shape_; }
  const std::shared_ptr<const Numbers>& shared() const { return numbers_; }
  bool is_begun() const { return numbers_ == nullptr; }
  const Tensor& input() const { return input_; }  // of what is begun
  const Block& begun() const { return begun_; }

 private:
  Shape shape_;
  std::shared_ptr<const Numbers> numbers_;
  Tensor input_;
  Block begun_;
};

inline const LeanOps::Value& LeanOps::value_of(const Tensor& x) {
  return *static_cast<const Value*>(x.impl());
}

inline const Numbers& LeanOps::numbers(const Tensor& x) {
  const Value& value = value_of(x);
  if (value.is_begun()) throw std::logic_error("an inverted residual is read before its end");
  return *value.shared();
}

inline Tensor LeanOps::make(Shape shape, Numbers numbers) {
  return Tensor(std::make_shared<Value>(std::move(shape), std::move(numbers)));
}

inline Tensor LeanOps::reshaped(const Tensor& x, Shape shape) {
  numbers(x);
  return Tensor(std::make_shared<Value>(std::move(shape), value_of(x).shared()));
}

}  // namespace ccx::lean
