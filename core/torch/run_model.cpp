#include "core/torch/run_model.h"

#include <numeric>

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

Tensor TorchModel::positions(int64_t start, int64_t count) {
  std::vector<int64_t> values(static_cast<size_t>(count));
  std::iota(values.begin(), values.end(), start);
  return ops_.from_ints(values, {1, count});
}

std::unique_ptr<TorchKvCache> TorchModel::make_cache(int64_t rows, int64_t capacity) {
  const model::TextConfig& text = config().text;
  return std::make_unique<TorchKvCache>(text.num_hidden_layers, rows, text.num_key_value_heads, capacity,
                                        text.head_dim(), ops_);
}

}  // namespace ccx::torch_backend
