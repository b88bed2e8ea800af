// The learning rate over a run: linear warmup from zero, then half a cosine down to zero.
#pragma once

#include <cstdint>

namespace ccx::train {

struct Schedule {
  int64_t total_steps = 1;
  int64_t warmup_steps = 0;

  // What the rate of a group is multiplied by at optimiser step `step`, counted from 0: the first step of a warmup has
  // rate 0. transformers' get_cosine_schedule_with_warmup with half a cycle.
  double factor(int64_t step) const;
};

// ceil(total * ratio), as the reference's trainer rounds its warmup_ratio.
int64_t warmup_steps(int64_t total_steps, double ratio);

}  // namespace ccx::train
