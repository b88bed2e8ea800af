// Tells of each step: a line of metrics.jsonl, and one for people.
#pragma once

#include <chrono>
#include <cstdint>

#include "train/run/setup.h"
#include "train/run/step.h"

namespace ccx::train {

class StepLog {
 public:
  // Before step `first`; from now on time is counted for what is left.
  StepLog(Setup& setup, int64_t first) : setup_(setup), began_(std::chrono::steady_clock::now()), first_(first) {}

  // Of step `step`, counted from 0. The leading rank alone writes.
  void tell(int64_t step, const StepResult& result);

 private:
  Setup& setup_;
  std::chrono::steady_clock::time_point began_;
  int64_t first_;
};

}  // namespace ccx::train
