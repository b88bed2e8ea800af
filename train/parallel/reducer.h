// Averages gradients over the ranks while the backward pass is still running.
#pragma once

#include <vector>

#include "train/optimise/parameters.h"
#include "train/parallel/process_group.h"

namespace ccx::train {

// Buckets travel in a fixed order, each as soon as all its gradients and those of the buckets before it have arrived.
class GradientReducer {
 public:
  // `group` may be null: one process. Both must outlive the reducer and the parameters' last backward pass.
  GradientReducer(ParameterSet& parameters, ProcessGroup* group);
  GradientReducer(const GradientReducer&) = delete;
  GradientReducer& operator=(const GradientReducer&) = delete;
  ~GradientReducer();

  // The backward pass that comes next ends a micro-batch whose sum is to be exchanged.
  void arm();
  // After it, or instead of it where this rank had nothing to compute: sends what is left, waits, and adds bucket.grad
  // to bucket.sum.
  void finish();

 private:
  struct Hook;
  void arrived(int bucket);
  void send_ready();

  ParameterSet& parameters_;
  ProcessGroup* group_;
  bool armed_ = false;
  std::vector<size_t> missing_;  // gradients that a bucket still waits for
  size_t next_ = 0;              // the bucket that travels next
  std::vector<ProcessGroup::Wait> pending_;
};

}  // namespace ccx::train
