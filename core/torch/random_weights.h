// Weights of any configuration without a file: for benchmarks and for fresh checkpoints of a stated shape.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/graph/made_weights.h"
#include "core/graph/tensor.h"

namespace ccx::torch_backend {

// Matrices uniform with standard deviation 0.02, norm weights one, biases zero. The same seed gives the same values.
class RandomWeights : public MadeWeights {
 public:
  RandomWeights(std::map<std::string, Shape> shapes, uint64_t seed) : MadeWeights(std::move(shapes)), seed_(seed) {}

 private:
  void make(const std::string& name, const Shape& shape, std::vector<float>& values) const override;

  uint64_t seed_;
};

}  // namespace ccx::torch_backend
