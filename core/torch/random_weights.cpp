#include "core/torch/random_weights.h"

#include "core/base/error.h"
#include "core/base/hash.h"

namespace ccx::torch_backend {
namespace {

uint64_t hash(const std::string& text, uint64_t seed) {
  uint64_t value = seed;
  for (char c : text) value = splitmix64(value ^ static_cast<unsigned char>(c));
  return value;
}

}  // namespace

io::TensorView RandomWeights::get(const std::string& name) const {
  const auto shape = shapes_.find(name);
  if (shape == shapes_.end()) throw CheckpointError("no random tensor \"" + name + "\" was declared");
  io::TensorView view{io::DType::kF32, shape->second, nullptr, 0};
  view.bytes = static_cast<size_t>(view.elements()) * sizeof(float);
  std::vector<float>& values = made_[name];
  if (values.empty()) {
    values.resize(static_cast<size_t>(view.elements()));
    const bool bias = name.size() > 5 && name.compare(name.size() - 5, 5, ".bias") == 0;
    const bool vector = shape->second.size() == 1;
    const uint64_t stream = hash(name, seed_);
    const float scale = 0.02f * 1.7320508f / 8388608.0f;  // uniform in +-0.02 * sqrt(3)
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] =
          vector ? (bias ? 0.0f : 1.0f) : (static_cast<float>(splitmix64(stream + i) >> 40) - 8388608.0f) * scale;
    }
  }
  view.data = reinterpret_cast<const std::byte*>(values.data());
  return view;
}

}  // namespace ccx::torch_backend
