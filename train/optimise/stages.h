// The three stages of progressive training: what learns, and with which settings.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/parts.h"
#include "train/data/sampler.h"

namespace ccx::train {

using model::Part;
using model::part_of;

struct Stage {
  int number = 3;
  std::vector<Part> trainable;
  double lr = 1e-5;
  double tower_lr = 1e-5;         // of the tower's parameters
  int64_t batch = 2;              // pairs a device and micro-batch
  int64_t accumulate = 1;         // micro-batches a device and step
  int64_t effective_batch = 256;  // pairs a step over all devices, which `accumulate` is derived from
  double epochs = 1;
  double warmup_ratio = 0.03;
  double weight_decay = 0;
  double max_grad_norm = 1.0;
  int64_t eval_steps = 0;  // optimiser steps between evaluations; 0: once an epoch
  Captions captions = Captions::kRandomChoice;

  bool trains(const std::string& parameter) const;
};

// The published settings of stage 1, 2 or 3, the same for both published sizes. Throws UsageError for another number.
Stage published_stage(int number);

// Biases and LayerNorm weights are not decayed (the reference's rule, which matters only with --weight-decay).
bool decays(const std::string& parameter);

}  // namespace ccx::train
