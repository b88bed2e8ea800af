// The decoder with the prompts of a batch in its cache: what generate::write_captions() drives, in captioning and in
// training alike.
#pragma once

#include <cstdint>
#include <vector>

#include "core/generate/language_model.h"
#include "core/model/ccexpert.h"
#include "core/text/prompt.h"
#include "core/torch/torch_ops.h"

namespace ccx::torch_backend {

// The prompt around the images of B pairs: [B, L, H].
Tensor embed_prompt(const model::CCExpert& graph, TorchOps& ops, const text::Prompt& prompt,
                    const model::CCExpert::Vision& vision);

// Positions start .. start + count - 1, [1, count].
Tensor positions(TorchOps& ops, int64_t start, int64_t count);

// A cache for `rows` captions of `capacity` positions.
TorchKvCache make_cache(const model::ModelConfig& config, const TorchOps& ops, int64_t rows, int64_t capacity);

class PromptedModel : public generate::LanguageModel {
 public:
  // Room for `rows` captions (beams counted) of `capacity` positions, the prompt's included. Logits are those of the
  // first `vocabulary` tokens. `graph` and `ops` must outlive it.
  PromptedModel(const model::CCExpert& graph, TorchOps& ops, int64_t vocabulary, int64_t rows, int64_t capacity);

  int64_t rows() const { return cache_.rows(); }

  // Takes the prompts of captions first, first + 1, ..., [count, L, H], and returns their last logits, [count,
  // vocabulary]. All prompts of a batch have one length.
  std::vector<float> prefill(const Tensor& embeddings, int64_t first);
  // One caption's, with the logits of every position, [1, L, vocabulary], left where they are.
  Tensor prefill_all(const Tensor& embeddings);
  // Forgets what was generated behind the prompts.
  void rewind() { cache_.set_length(prompt_length_); }

  int64_t columns() const override { return vocabulary_; }
  std::vector<float> score(std::size_t caption, const generate::PackedSentences& sentences) override;
  std::vector<float> step(const generate::Step& next) override;

 private:
  Tensor run(const Tensor& embeddings, int64_t first, bool last_only);

  const model::CCExpert& graph_;
  TorchOps& ops_;
  int64_t vocabulary_;
  TorchKvCache cache_;
  int64_t prompt_length_ = 0;
};

}  // namespace ccx::torch_backend
