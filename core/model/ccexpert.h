// CCExpert, the whole model: tower -> difference module -> projector -> language model.
//
//   pixels [2B,3,S,S] -> SiglipTower -> 4 levels [2B,N,D] -> DifferenceModule -> A, B [B,N,D] -> mm_projector [.,N,H]
//                                                                                                   |
//   prompt ids -> embed_tokens:  text | A's N tokens | text | B's N tokens | question, assistant turn
//                                                  |
//                                               Qwen2 -> logits
#pragma once

#include <vector>

#include "core/graph/ops.h"
#include "core/model/config.h"
#include "core/model/difference.h"
#include "core/model/qwen2.h"
#include "core/model/siglip.h"

namespace ccx::model {

class CCExpert {
 public:
  explicit CCExpert(const ModelConfig& config);

  struct Vision {
    Tensor before;  // [B, N, H] visual tokens of A for the language model
    Tensor after;   // [B, N, H]
    Tensor change;  // [B, N, D] change tokens of the difference module
  };
  struct PromptEmbeddings {
    Tensor before_first;  // [B, T1, H] text up to the first image
    Tensor between;       // [B, T2, H]
    Tensor after;         // [B, T3, H]
  };

  const SiglipTower& tower() const { return tower_; }

  // The stages of `see`, apart, for those that time or dump them.
  std::vector<Tensor> tower(Ops& ops, const Tensor& pixels) const { return tower_.hidden_states(ops, pixels); }
  DifferenceModule::Output difference(Ops& ops, const std::vector<Tensor>& levels) const {
    return difference_(ops, levels);
  }
  // [2B, N, D] interleaved -> [2B, N, H]
  Tensor project(Ops& ops, const Tensor& features) const;

  // pixels [2B, 3, S, S] in the order A0,B0,A1,B1,...
  Vision see(Ops& ops, const Tensor& pixels) const;
  // Where the images differ, from the change tokens: [B, N], each token's mean squared distance from the mean token of its
  // pair. The tokens' own size says little, since they come out of a LayerNorm; most of a picture is unchanged, so what
  // stands out from the mean is the change. A hint of what the model attends to, no mask.
  Tensor saliency(Ops& ops, const Tensor& change) const;
  // [B, T1 + N + T2 + N + T3, H]
  Tensor join(Ops& ops, const PromptEmbeddings& text, const Vision& vision) const;

  const Qwen2& language() const { return language_; }
  const ModelConfig& config() const { return config_; }

 private:
  ModelConfig config_;
  SiglipTower tower_;
  DifferenceModule difference_;
  Qwen2 language_;
};

}  // namespace ccx::model
