// CCExpert on LibTorch: a checkpoint's graph with its weights on one device, and the two runs it is made for.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/model/ccexpert.h"
#include "core/text/prompt.h"
#include "core/torch/device.h"
#include "core/torch/prompted_model.h"
#include "core/torch/torch_ops.h"

namespace ccx::torch_backend {

// The graph and its weights. Not thread-safe: one object a device and thread. Several may share one store whose weights
// have all been loaded.
class TorchModel {
 public:
  // `weights` must outlive the model.
  TorchModel(const model::ModelConfig& config, const WeightSource& weights, at::Device device,
             const NumberFormat& format)
      : TorchModel(config, make_store(config, weights, device, format), device, format.compute) {}
  TorchModel(const model::ModelConfig& config, std::shared_ptr<WeightStore> store, at::Device device,
             at::ScalarType dtype)
      : graph_(config), store_(std::move(store)), ops_(*store_, device, dtype) {}

  const model::CCExpert& graph() const { return graph_; }
  const model::ModelConfig& config() const { return graph_.config(); }
  TorchOps& ops() { return ops_; }
  const TorchOps& ops() const { return ops_; }
  WeightStore& store() { return *store_; }
  const WeightStore& store() const { return *store_; }
  const std::shared_ptr<WeightStore>& shared_store() const { return store_; }

  // The weights of a model, to be shared.
  static std::shared_ptr<WeightStore> make_store(const model::ModelConfig& config, const WeightSource& weights,
                                                 at::Device device, const NumberFormat& format);

  // Reads every weight, so that what is wrong with one is found now, and lays them out for inference on this device.
  void load();
  // pixels: 2B images of [3, S, S] in the order A0,B0,A1,B1,..., one after the other on the host.
  model::CCExpert::Vision see(const std::vector<float>& pixels);
  // The prompt around the images of B pairs: [B, L, H].
  Tensor embed_prompt(const text::Prompt& prompt, const model::CCExpert::Vision& vision) {
    return torch_backend::embed_prompt(graph_, ops_, prompt, vision);
  }
  // Positions start .. start + count - 1, [1, count].
  Tensor positions(int64_t start, int64_t count) { return torch_backend::positions(ops_, start, count); }
  TorchKvCache make_cache(int64_t rows, int64_t capacity) {
    return torch_backend::make_cache(config(), ops_, rows, capacity);
  }

 private:
  model::CCExpert graph_;
  std::shared_ptr<WeightStore> store_;
  TorchOps ops_;
};

}  // namespace ccx::torch_backend
