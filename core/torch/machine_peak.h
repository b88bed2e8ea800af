// What the machine can do at its best, measured beside the work that is set against it.
#pragma once

#include <ATen/ATen.h>

#include <functional>

#include "core/torch/device.h"

namespace ccx::torch_backend {

// The seconds that `work` takes on `device`, from idle to idle.
double time_once(at::Device device, const std::function<void()>& work);

// Bytes: the largest resident size that this process has had.
double peak_resident_bytes();

// The best of bursts of a large matrix product (of bytes where the weights have 8 bits and the processor multiplies
// them) and of reading a large array. Take one beside every repetition of what
// is timed: a shared machine's speed changes from second to second.
class MachinePeak {
 public:
  MachinePeak(at::Device device, const NumberFormat& format) : device_(device), format_(format) {}

  void measure();
  double flops() const { return flops_; }          // FLOP/s in the format
  double bandwidth() const { return bandwidth_; }  // bytes/s

 private:
  at::Device device_;
  NumberFormat format_;
  at::Tensor left_, right_, large_;
  double flops_ = 0;
  double bandwidth_ = 0;
};

}  // namespace ccx::torch_backend
