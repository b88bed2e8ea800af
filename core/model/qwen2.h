// The Qwen2 decoder: embeddings to hidden states to logits, with a cache of keys and values.
#pragma once

#include <functional>

#include "core/graph/ops.h"
#include "core/model/config.h"

namespace ccx::model {

class Qwen2 {
 public:
  // The decoder lives under `model`, the head beside it as `lm_head` unless it is tied to the embeddings.
  explicit Qwen2(const TextConfig& config) : config_(config) {}

  struct Step {
    Tensor embeddings;  // [B, T, H]
    Tensor positions;   // [1 or B, T], counted from 0
    Mask mask = Mask::kCausal;
    Tensor explicit_mask;  // with Mask::kExplicit: [T, S]
    KvCache* cache = nullptr;
    // Whose hidden states are wanted: the last position's, or those that `pick` takes from an axis of T positions, or
    // all. Of the others the last block computes no more than keys and values.
    bool last_only = false;
    std::function<Tensor(const Tensor& x, int axis)> pick = nullptr;
  };

  Tensor embed(Ops& ops, const Tensor& ids) const;  // [B, T] -> [B, T, H]
  // After the final norm, [B, T, H], or of the wanted positions alone.
  Tensor hidden(Ops& ops, const Step& step) const;
  // The layer that gives logits; of a tied model the embeddings'.
  Scope head() const;
  // [..., H] -> float32 [..., vocabulary]: the first `vocabulary` columns (the tokenizer's length), so that padding
  // rows of the embedding table can never be produced.
  Tensor logits(Ops& ops, const Tensor& hidden, int64_t vocabulary) const;

 private:
  Tensor block(Ops& ops, int layer, const Tensor& x, const Step& step, bool last_block) const;

  TextConfig config_;
};

}  // namespace ccx::model
