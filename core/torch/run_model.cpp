#include "core/torch/run_model.h"

#include "core/model/parameters.h"

namespace ccx::torch_backend {

void TorchModel::load() {
  for (const auto& [name, shape] : model::live_parameters(config())) store_->get(name, shape);
  store_->allow_packing();
}

model::CCExpert::Vision TorchModel::see(const std::vector<float>& pixels) {
  const int64_t side = config().vision.image_size;
  const auto images = static_cast<int64_t>(pixels.size()) / (3 * side * side);
  return graph_.see(ops_, ops_.from_floats(pixels.data(), {images, 3, side, side}));
}

}  // namespace ccx::torch_backend
