#include "core/graph/made_weights.h"

#include "core/base/error.h"

namespace ccx {

io::TensorView MadeWeights::get(const std::string& name) const {
  const auto found = shapes_.find(name);
  if (found == shapes_.end()) throw CheckpointError("tensor \"" + name + "\" is missing");
  io::TensorView view{io::DType::kF32, found->second, nullptr, 0};
  const auto count = static_cast<size_t>(view.elements());
  std::vector<float>& values = made_[name];
  if (values.empty()) {
    values.assign(count, 0.0f);
    make(name, found->second, values);
  }
  view.data = reinterpret_cast<const std::byte*>(values.data());
  view.bytes = count * sizeof(float);
  return view;
}

}  // namespace ccx
