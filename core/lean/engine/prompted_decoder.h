// The lean decoder with one pair's prompt in its cache: what generate::write_captions() drives.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/generate/language_model.h"
#include "core/lean/lean_decoder.h"
#include "core/text/prompt.h"

namespace ccx::lean {

class PromptedDecoder : public generate::LanguageModel {
 public:
  // `vocabulary`: the tokens that may come out, len(tokenizer). `prompt` must outlive it.
  PromptedDecoder(const model::TextConfig& config, std::shared_ptr<LeanWeights> weights, const text::Prompt& prompt,
                  std::int64_t vocabulary);

  // Takes a pair's prompt; before, after: [tokens, hidden_size]. Its last logits, [vocabulary]. What stands before the
  // first image is computed once.
  std::vector<float> prefill(std::span<const float> before, std::span<const float> after);

  std::int64_t columns() const override { return vocabulary_; }
  std::vector<float> score(std::size_t caption, const generate::PackedSentences& sentences) override;
  std::vector<float> step(const generate::Step& next) override;

 private:
  // Rows of the table of tokens, appended.
  void embed(std::span<const std::int64_t> ids, Numbers& to) const;
  // One token more for the row that `cache` is of. Appends its logits.
  void step_row(LeanCache& cache, std::int64_t token, std::vector<float>& logits);

  std::int64_t width_, vocabulary_;
  const text::Prompt& prompt_;
  const std::vector<float>& table_;  // [rows, width]; the weights' own
  LeanDecoder decoder_;
  std::vector<LeanCache> rows_;     // one a row of the last step; the prompt's alone before the first
  std::int64_t prompt_length_ = 0;  // of the prompt that is in the cache; 0: none is
};

}  // namespace ccx::lean
