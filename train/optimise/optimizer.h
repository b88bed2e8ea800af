// AdamW on the buckets of a ParameterSet, and the gradient's norm: torch.optim.AdamW's arithmetic in float32.
#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "train/optimise/parameters.h"

namespace ccx::train {

struct AdamOptions {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0;
};

class AdamW {
 public:
  AdamW(ParameterSet& parameters, const AdamOptions& options);

  // One step on bucket.sum with the rates given; clears nothing. A rate of 0 still moves the moments, as in torch.
  void step(double lr, double tower_lr);

  // Steps done, and the moments of every bucket's shard, for checkpoints.
  int64_t steps() const { return steps_; }
  void set_steps(int64_t steps) { steps_ = steps; }
  std::vector<at::Tensor>& first_moments() { return first_; }
  std::vector<at::Tensor>& second_moments() { return second_; }

 private:
  ParameterSet& parameters_;
  AdamOptions options_;
  int64_t steps_ = 0;
  std::vector<at::Tensor> first_, second_;  // of each bucket, [shard_size] float32
};

// Sum of squares of bucket.sum over all buckets, in float64. Of this rank's shards only.
double squared_gradient_norm(const ParameterSet& parameters);

// torch's clip_grad_norm_: multiplies by min(1, max_norm / (norm + 1e-6)).
void clip_gradients(ParameterSet& parameters, double norm, double max_norm);

}  // namespace ccx::train
