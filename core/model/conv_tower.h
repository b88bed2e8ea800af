// A convolutional vision tower of inverted residuals (MobileNetV2, EfficientNet-Lite): images to maps of features.
//
//   pixels --> the network's own scale --> stem /2 --> stages of blocks --> one map a stride
//   block: [expand 1x1] --> depthwise k x k --> project 1x1, linear, + the input where sizes allow
#pragma once

#include <vector>

#include "core/graph/ops.h"
#include "core/model/config.h"

namespace ccx::model {

class ConvTower {
 public:
  // `config` has a `conv`. The weights lie under `scope`: stem, blocks.0.expand, blocks.0.depthwise, blocks.0.project,
  // ..., counted through all stages, each a convolution with a bias into which its batch normalisation is folded.
  ConvTower(const VisionConfig& config, Scope scope) : config_(config), scope_(std::move(scope)) {}

  // pixels [P, 3, S, S] as SigLIP has them, (x - 0.5) / 0.5 -> the maps of config.conv->levels, [P, C, S / level,
  // S / level] each: of each stride the last before the next one. Blocks after the last level are not computed.
  std::vector<Tensor> maps(Ops& ops, const Tensor& pixels) const;

 private:
  Tensor rescale(Ops& ops, const Tensor& pixels) const;
  Tensor convolve(Ops& ops, const Tensor& x, const Scope& scope, ConvSpec spec) const;
  Tensor block(Ops& ops, const Tensor& x, const Scope& scope, const ConvTowerConfig::Stage& stage, int stride) const;

  VisionConfig config_;
  Scope scope_;
};

// Brings the token_levels of a convolutional tower to one token grid of one width: average pooling of the finer ones,
// doubling of the coarser ones, and a linear layer each, scope.0, scope.1, ... `maps` are those of all levels,
// [2B, C, h, w] each -> [2B, N, D] each.
std::vector<Tensor> adapt_levels(Ops& ops, const VisionConfig& config, const Scope& scope,
                                 const std::vector<Tensor>& maps);

}  // namespace ccx::model
