// The SigLIP vision tower: images to patch features at several depths (SPEC: pre-LayerNorm ViT, no class token).
#pragma once

#include <vector>

#include "core/graph/ops.h"
#include "core/model/config.h"

namespace ccx::model {

class SiglipTower {
 public:
  SiglipTower(const VisionConfig& config, Scope scope) : config_(config), scope_(std::move(scope)) {}

  // pixels [P, 3, S, S] -> the selected hidden states in the order of config.select_layers, each [P, N, D]. Blocks
  // after the last selected one are never computed, nor is the final LayerNorm.
  std::vector<Tensor> hidden_states(Ops& ops, const Tensor& pixels) const;

  // What the reference computes beyond the last state it uses: the remaining blocks and post_layernorm, from that
  // state. Taps alone; for comparisons, where a checkpoint still holds these dead weights.
  void unused_tail(Ops& ops, const Tensor& last_needed) const;

 private:
  Tensor embeddings(Ops& ops, const Tensor& pixels) const;
  Tensor block(Ops& ops, const Tensor& x, const Scope& scope) const;

  VisionConfig config_;
  Scope scope_;
};

}  // namespace ccx::model
