// What a training run will need, from shapes alone: memory a device, steps an epoch, work a pair. Nothing is loaded.
#pragma once

#include <cstdint>

#include "core/model/config.h"
#include "train/optimise/stages.h"

namespace ccx::train {

struct PlanOptions {
  Stage stage;
  int devices = 1;
  bool bfloat16 = true;
  bool checkpointing = true;
  bool shard_optimizer = true;
  int64_t samples = 0;       // of an epoch, 0: unknown
  int64_t text_tokens = 80;  // of a sample: prompt and caption
};

struct Plan {
  int64_t parameters = 0;  // that the graph reads
  int64_t trainable = 0;
  // Bytes on one device.
  int64_t weights = 0;  // what the graph computes with
  int64_t gradients = 0;
  int64_t optimizer = 0;    // float32 masters and sums (bf16 only), two moments; of this device's share
  int64_t activations = 0;  // kept for the backward pass of one micro-batch: an estimate
  int64_t total() const { return weights + gradients + optimizer + activations; }
  double flops_per_pair = 0;  // forward and backward, with the recomputation that checkpointing adds
  int64_t steps_per_epoch = 0;
  int64_t pairs_per_step = 0;
};

Plan plan(const model::ModelConfig& config, const PlanOptions& options);

// Products and attention of one pair's forward pass with `text_tokens` tokens of prompt and caption, of which `targets`
// are predicted: logits are computed there alone.
double forward_flops(const model::ModelConfig& config, int64_t text_tokens, int64_t targets = 32);

}  // namespace ccx::train
