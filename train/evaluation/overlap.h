// How well what was said fits what is true, of many answers of yes or no: intersection over union, and the area under
// the curve.
#pragma once

#include <ATen/ATen.h>

#include <algorithm>
#include <vector>

namespace ccx::train {

// Cells said to be something and cells that are it, summed over pairs and ranks.
struct Overlap {
  double both = 0, either = 0;

  void count(const at::Tensor& said, const at::Tensor& true_ones) {
    both += at::logical_and(said, true_ones).sum().item<double>();
    either += at::logical_or(said, true_ones).sum().item<double>();
  }
  // Intersection over union; 0 where there was no cell.
  double share() const { return both / std::max(1.0, either); }
};

// The chance that a value of `positive` exceeds one of `negative`, ties counting half (Mann and Whitney); 0.5 where one
// of them is empty.
double area_under_curve(const std::vector<double>& positive, std::vector<double> negative);

}  // namespace ccx::train
