#include "train/optimise/schedule.h"

#include <algorithm>
#include <cmath>

namespace ccx::train {

double Schedule::factor(int64_t step) const {
  const auto at = static_cast<double>(step);
  const auto warmup = static_cast<double>(warmup_steps);
  if (step < warmup_steps) return at / std::max(1.0, warmup);
  const double progress = (at - warmup) / std::max(1.0, static_cast<double>(total_steps) - warmup);
  return std::max(0.0, 0.5 * (1.0 + std::cos(3.141592653589793 * progress)));
}

int64_t warmup_steps(int64_t total_steps, double ratio) {
  return static_cast<int64_t>(std::ceil(static_cast<double>(total_steps) * ratio));
}

}  // namespace ccx::train
