// The probability that a model gives to "nothing changed": each sentence of no change scored to its end.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/generate/sentence_score.h"
#include "core/torch/run_model.h"

namespace ccx::torch_backend {

class NoChangeScorer {
 public:
  // sentences: token ids, without an end token. Any of eos_ids ends a sentence.
  NoChangeScorer(const std::vector<std::vector<int64_t>>& sentences, std::vector<int64_t> eos_ids);

  // Positions behind the prompt that a cache must have room for.
  int64_t tokens() const { return static_cast<int64_t>(ids_.size()); }

  const std::vector<int64_t>& sentence(std::size_t index) const { return sentences_[index]; }

  // Scores the sentences given the prompt in the selected row of `cache`; probability 0 where there are none.
  // first_logits: [V], of the prompt's last position. All sentences go through the model in one pass: they stand one
  // after the other, and a mask lets each see the prompt and itself alone. The cache's length is left as it was; what
  // the pass wrote behind it is overwritten by the next step.
  generate::SentenceScore score(TorchModel& model, TorchKvCache& cache, const std::vector<float>& first_logits,
                                int64_t vocabulary) const;

 private:
  std::vector<std::vector<int64_t>> sentences_;  // distinct
  std::vector<int64_t> eos_ids_;
  std::vector<int64_t> ids_;      // all sentences, one after the other
  std::vector<int64_t> offsets_;  // of each id in its sentence
  std::vector<int64_t> owner_;    // which sentence each id is of
};

}  // namespace ccx::torch_backend
