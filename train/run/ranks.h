// This process among those of a run: its rank, its device, and what it says to the others.
#pragma once

#include <ATen/ATen.h>

#include <chrono>
#include <memory>
#include <string>

#include "train/parallel/launch.h"
#include "train/parallel/process_group.h"
#include "train/run/options.h"

namespace ccx::train {

class Ranks {
 public:
  // Reads the launcher's variables and chooses the device. Nobody is waited for. Throws UsageError.
  explicit Ranks(const TrainOptions& options);

  // Waits for the others. Before that everybody is alone.
  void join(std::chrono::seconds timeout);

  int rank() const { return launch_.rank; }
  int world() const { return launch_.world; }
  bool leads() const { return launch_.rank == 0; }
  at::Device device() const { return device_; }
  at::ScalarType dtype() const { return dtype_; }
  ProcessGroup* group() const { return group_.get(); }  // null for one process

  // To stderr, by the leading rank alone.
  void say(const std::string& text) const;
  void barrier() const;
  // The leading rank's text, for everybody.
  std::string share(const std::string& text) const;

 private:
  Launch launch_;
  at::Device device_;
  at::ScalarType dtype_;
  std::unique_ptr<ProcessGroup> group_;
};

}  // namespace ccx::train
