// The processes of one training run and what they say to each other: LibTorch's c10d with Gloo (CPU) or NCCL (GPU).
#pragma once

#include <ATen/ATen.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "train/parallel/launch.h"

namespace ccx::train {

// All members are called by every rank in the same order. A rank that dies ends the others: their next word to it
// fails, and where a collective would hang instead, a heartbeat in the store ends the process within 40 seconds.
class ProcessGroup {
 public:
  virtual ~ProcessGroup() = default;
  // Joins the group. `timeout` is how long one collective may take. Throws UsageError when this build has no backend
  // for the device, Error when the others do not come.
  static std::unique_ptr<ProcessGroup> join(const Launch& launch, at::Device device, std::chrono::seconds timeout);

  using Wait = std::function<void()>;  // returns when the collective is done; throws Error when it failed

  virtual Wait all_reduce(const at::Tensor& tensor) = 0;                           // the sum, in place
  virtual void all_gather(const at::Tensor& output, const at::Tensor& input) = 0;  // output: world pieces as input
  virtual void barrier() = 0;
  int rank() const { return launch_.rank; }
  int world() const { return launch_.world; }

  std::vector<double> sum(const std::vector<double>& values, at::Device device);
  // Everybody's text, by rank.
  std::vector<std::string> gather(const std::string& text, at::Device device);

 protected:
  explicit ProcessGroup(Launch launch) : launch_(std::move(launch)) {}
  Launch launch_;
};

}  // namespace ccx::train
