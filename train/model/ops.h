// TorchOps for training: stretches of the graph can forget their activations and compute them again in the backward
// pass, and pictures can take on each other's styles.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/random.h"
#include "core/torch/torch_ops.h"

namespace ccx::train {

class TrainOps : public torch_backend::TorchOps {
 public:
  TrainOps(torch_backend::ParameterStore& parameters, at::Device device, at::ScalarType dtype, bool checkpointing)
      : TorchOps(parameters, device, dtype), checkpointing_(checkpointing) {}

  // With checkpointing and gradients: keeps the input alone. Gradients are the same to the bit.
  Tensor segment(const std::function<Tensor(const Tensor&)>& body, const Tensor& x) override;

  // Until styles_rest(): each picture, with the chance `share`, takes on a part of another's style wherever restyle()
  // is called. The same seed and calls give the same features.
  void mix_styles(double share, std::uint64_t seed);
  void styles_rest() { styles_.reset(); }
  // x with the mean and the deviation of each channel of a picture moved towards those of another picture of the batch,
  // by a share that is mostly near 0 or 1: MixStyle (Zhou et al. 2021, "Domain generalization with MixStyle"). The two
  // dates of a pair draw apart, so what differs between them by style alone is not a change. The moments carry no
  // gradient.
  Tensor restyle(const Tensor& x) override;

 private:
  struct Styles {
    double share;
    Random random;
  };
  std::optional<Styles> styles_;
  bool checkpointing_;
};

}  // namespace ccx::train
