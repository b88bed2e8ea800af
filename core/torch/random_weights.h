// Weights of any configuration without a file: for benchmarks and for fresh checkpoints of a stated shape.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/graph/tensor.h"
#include "core/graph/weights.h"

namespace ccx::torch_backend {

// float32, made when first asked for: matrices uniform with standard deviation 0.02, norm weights one, biases zero. The
// same seed gives the same values.
class RandomWeights : public WeightSource {
 public:
  RandomWeights(std::map<std::string, Shape> shapes, uint64_t seed) : shapes_(std::move(shapes)), seed_(seed) {}
  bool has(const std::string& name) const override { return shapes_.count(name) != 0; }
  io::TensorView get(const std::string& name) const override;
  void release(const std::string& name) const override { made_.erase(name); }

 private:
  std::map<std::string, Shape> shapes_;
  uint64_t seed_;
  mutable std::map<std::string, std::vector<float>> made_;
};

}  // namespace ccx::torch_backend
