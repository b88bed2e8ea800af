#include "core/torch/machine_peak.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>

#include "core/torch/byte_rows.h"
#include "core/torch/device.h"

namespace ccx::torch_backend {

double time_once(at::Device device, const std::function<void()>& work) {
  synchronize(device);
  const auto start = std::chrono::steady_clock::now();
  work();
  synchronize(device);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double peak_resident_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

void MachinePeak::measure() {
  const bool bytes = format_.weight_bits == 8 && device_.is_cpu() && multiplies_bytes();
  if (!left_.defined()) {
    const at::TensorOptions kind = at::TensorOptions().dtype(format_.compute).device(device_);
    const int64_t side = device_.is_cpu() ? 2048 : 8192;
    left_ = at::randn({side, side}, kind);
    right_ = at::randn({side, side}, kind);
    if (bytes) left_ = left_.to(at::kChar), right_ = right_.to(at::kChar);
    large_ = at::ones({64 << 20}, at::TensorOptions().dtype(at::kFloat).device(device_));  // 256 MB: no cache holds it
  }
  const auto product = [&] { return bytes ? at::_int_mm(left_, right_) : at::linear(left_, right_); };
  if (flops_ == 0) product();
  const double n = static_cast<double>(left_.size(0));
  flops_ = std::max(flops_, 2 * n * n * n / time_once(device_, product));
  bandwidth_ = std::max(bandwidth_, static_cast<double>(large_.nbytes()) / time_once(device_, [&] { large_.sum(); }));
}

}  // namespace ccx::torch_backend
