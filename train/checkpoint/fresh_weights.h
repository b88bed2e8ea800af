// Weights that no training has touched yet.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/graph/made_weights.h"

namespace ccx::train {

// float32 values, a function of seed and name alone.
//   matrices     normal, standard deviation 0.02 (Qwen2's initializer_range; the reference gives the difference module
//                the same), or with `scaled` sqrt(2 / (in + out)), which small models learn faster from
//   embeddings   normal 0.02, flags and positions too
//   convolutions normal, sqrt(2 / inputs of an output)
//   change head  normal, sqrt(1 / (3 inputs)), and 0 where it feeds the language model
//   biases 0, norms 1 and 0, cross_attn.in_proj_weight uniform by Xavier's rule
class FreshWeights : public MadeWeights {
 public:
  FreshWeights(std::map<std::string, Shape> shapes, uint64_t seed, bool scaled)
      : MadeWeights(std::move(shapes)), seed_(seed), scaled_(scaled) {}

 private:
  void make(const std::string& name, const Shape& shape, std::vector<float>& values) const override;

  uint64_t seed_;
  bool scaled_;
};

}  // namespace ccx::train
