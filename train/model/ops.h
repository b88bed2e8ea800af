// TorchOps for training: stretches of the graph can forget their activations and compute them again in the backward
// pass.
#pragma once

#include "core/torch/torch_ops.h"

namespace ccx::train {

class TrainOps : public torch_backend::TorchOps {
 public:
  TrainOps(torch_backend::ParameterStore& parameters, at::Device device, at::ScalarType dtype, bool checkpointing)
      : TorchOps(parameters, device, dtype), checkpointing_(checkpointing) {}

  // With checkpointing and gradients: keeps the input alone. Gradients are the same to the bit.
  Tensor segment(const std::function<Tensor(const Tensor&)>& body, const Tensor& x) override;

 private:
  bool checkpointing_;
};

}  // namespace ccx::train
