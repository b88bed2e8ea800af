#include "core/torch/random_weights.h"

#include "core/base/hash.h"

namespace ccx::torch_backend {
namespace {

uint64_t hash(const std::string& text, uint64_t seed) {
  uint64_t value = seed;
  for (char c : text) value = splitmix64(value ^ static_cast<unsigned char>(c));
  return value;
}

}  // namespace

void RandomWeights::make(const std::string& name, const Shape& shape, std::vector<float>& values) const {
  const bool bias = name.ends_with(".bias");
  const bool vector = shape.size() == 1;
  const uint64_t stream = hash(name, seed_);
  const float scale = 0.02f * 1.7320508f / 8388608.0f;  // uniform in +-0.02 * sqrt(3)
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = vector ? (bias ? 0.0f : 1.0f) : (static_cast<float>(splitmix64(stream + i) >> 40) - 8388608.0f) * scale;
  }
}

}  // namespace ccx::torch_backend
