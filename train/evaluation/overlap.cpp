#include "train/evaluation/overlap.h"

namespace ccx::train {

double area_under_curve(const std::vector<double>& positive, std::vector<double> negative) {
  if (positive.empty() || negative.empty()) return 0.5;
  std::sort(negative.begin(), negative.end());
  double wins = 0;
  for (const double value : positive) {
    const auto below = std::lower_bound(negative.begin(), negative.end(), value) - negative.begin();
    const auto up_to = std::upper_bound(negative.begin(), negative.end(), value) - negative.begin();
    wins += 0.5 * static_cast<double>(below + up_to);
  }
  return wins / (static_cast<double>(positive.size()) * static_cast<double>(negative.size()));
}

}  // namespace ccx::train
