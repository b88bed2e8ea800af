// CCExpert, the whole model: tower -> difference module -> projector -> language model.
//
//   pixels [2B,3,S,S] -> tower -> 4 levels [2B,N,D] -> DifferenceModule -> A, B [B,N,D] -> mm_projector [.,N,H]
//                          |                                                    ^                   |
//                          +-> ChangeHead, where there is one: map and flag ----+ context           |
//   prompt ids -> embed_tokens:  text | A's N tokens | text | B's N tokens | question, assistant turn
//                                                  |
//                                               Qwen2 -> logits
#pragma once

#include <vector>

#include "core/graph/ops.h"
#include "core/model/change_head.h"
#include "core/model/config.h"
#include "core/model/conv_tower.h"
#include "core/model/difference.h"
#include "core/model/qwen2.h"
#include "core/model/siglip.h"

namespace ccx::model {

class CCExpert {
 public:
  explicit CCExpert(const ModelConfig& config);

  struct Vision {
    Tensor before;            // [B, N, H] visual tokens of A for the language model
    Tensor after;             // [B, N, H]
    Tensor change;            // [B, N, D] change tokens of the difference module; empty where there is none
    ChangeHead::Output head;  // empty tensors without a change head
  };
  struct PromptEmbeddings {
    Tensor before_first;  // [B, T1, H] text up to the first image
    Tensor between;       // [B, T2, H]
    Tensor after;         // [B, T3, H]
  };

  const SiglipTower& siglip() const { return siglip_; }

  // The stages of `see`, apart, for those that time or dump them.
  // What the tower gives, from fine to coarse or shallow to deep: SigLIP's selected states [2B, N, D], or the maps
  // [2B, C, h, w] of a convolutional tower.
  std::vector<Tensor> features(Ops& ops, const Tensor& pixels) const;
  // The same as tokens [2B, N, D] for the difference module.
  std::vector<Tensor> levels(Ops& ops, const std::vector<Tensor>& features) const;
  std::vector<Tensor> tower(Ops& ops, const Tensor& pixels) const { return levels(ops, features(ops, pixels)); }
  // Empty tensors where the model has no change head.
  ChangeHead::Output change_head(Ops& ops, const std::vector<Tensor>& features) const;
  // With what the change head feeds, if anything.
  DifferenceModule::Output difference(Ops& ops, const std::vector<Tensor>& levels,
                                      const ChangeHead::Output& head = {}) const;
  // [2B, N, D] interleaved -> [2B, N, H]
  Tensor project(Ops& ops, const Tensor& features) const;

  // pixels [2B, 3, S, S] in the order A0,B0,A1,B1,...
  Vision see(Ops& ops, const Tensor& pixels) const;
  // The same from what the tower and the change head gave.
  Vision see(Ops& ops, const std::vector<Tensor>& features, const ChangeHead::Output& head) const;
  // Whether the language model reads the images' features, compared by the difference module. Otherwise it reads what
  // the change head found.
  bool has_difference() const { return !config_.change_head || !config_.change_head->stands_instead(); }
  // Where the images differ, [B, N], a square. Without a difference module the change head's probability for each
  // token's cell. With one a token's root mean square distance from the mean change token of its pair: the tokens' own
  // size says little, since they come out of a LayerNorm; most of a picture is unchanged, so what stands out from the
  // mean is the change. A hint of what the model attends to, no mask.
  Tensor saliency(Ops& ops, const Vision& vision) const;
  // [B, T1 + N + T2 + N + T3, H]
  Tensor join(Ops& ops, const PromptEmbeddings& text, const Vision& vision) const;

  const Qwen2& language() const { return language_; }
  const ModelConfig& config() const { return config_; }

 private:
  ModelConfig config_;
  SiglipTower siglip_;
  ConvTower conv_;
  DifferenceModule difference_;
  Qwen2 language_;
};

}  // namespace ccx::model
