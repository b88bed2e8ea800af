// Targets on the device that a head computes on.
#pragma once

#include <ATen/ATen.h>

#include <vector>

namespace ccx::train {

// A copy: the backward pass outlives the values.
template <typename Value>
at::Tensor copied(const std::vector<Value>& values, at::IntArrayRef shape, at::Device device) {
  const at::Tensor host =
      at::from_blob(const_cast<Value*>(values.data()), shape, c10::CppTypeToScalarType<Value>::value);
  return host.to(device, host.scalar_type(), /*non_blocking=*/false, /*copy=*/true);
}

}  // namespace ccx::train
