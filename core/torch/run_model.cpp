#include "core/torch/run_model.h"

#include "core/model/parameters.h"
#include "core/model/quantisation.h"

namespace ccx::torch_backend {

std::shared_ptr<WeightStore> TorchModel::make_store(const model::ModelConfig& config, const WeightSource& weights,
                                                    at::Device device, const NumberFormat& format) {
  std::map<std::string, int> few_bits;
  if (format.weight_bits != 0) few_bits = model::quantised_weights(config, format.weight_bits);
  return std::make_shared<WeightStore>(weights, device, format.compute, std::move(few_bits));
}

void TorchModel::load() {
  for (const auto& [name, shape] : model::live_parameters(config())) {
    if (store_->quantised(name, shape) == nullptr) store_->get(name, shape);
  }
  store_->allow_packing();
}

model::CCExpert::Vision TorchModel::see(const std::vector<float>& pixels) {
  const int64_t side = config().vision.image_size;
  const auto images = static_cast<int64_t>(pixels.size()) / (3 * side * side);
  return graph_.see(ops_, ops_.from_floats(pixels.data(), {images, 3, side, side}));
}

}  // namespace ccx::torch_backend
