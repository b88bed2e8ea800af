// When a change is told of: the probability that a pair has changed, and the caption of a pair for which it is too
// small.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/generate/packed_sentences.h"
#include "core/model/change_probability.h"
#include "core/text/tokenizer.h"

namespace ccx::generate {

// What is thought of one pair.
struct ChangeOpinion {
  double p_change = 0;         // 0..1
  double language = 0;         // what the language model alone says, 0..1
  std::optional<double> flag;  // what the change head says, a logit
  bool unchanged = false;      // p_change is below the least at which a change is told of
  std::size_t likeliest = 0;   // of the no-change sentences: what an unchanged pair's caption is
};

// Sentences as token ids.
std::vector<std::vector<std::int64_t>> encode_all(const text::Tokenizer& tokenizer,
                                                  const std::vector<std::string>& sentences);

// A model's, and the user's where they have wishes of their own.
class ChangeRule {
 public:
  ChangeRule() = default;
  // no_change: the sentences that say that nothing changed, as token ids. eos_ids end one. min_p_change, 0..1: the
  // least p_change at which a change is told of.
  ChangeRule(const std::vector<std::vector<std::int64_t>>& no_change, std::vector<std::int64_t> eos_ids,
             std::optional<model::ChangeFit> fit, float min_p_change);

  const PackedSentences& no_change() const { return no_change_; }
  bool decides() const { return min_p_change_ > 0 && !no_change_.empty(); }  // whether captions depend on it

  // prompt_logits: [columns] at the prompt's last position; log_probabilities: [tokens, columns] of one run over
  // no_change() behind it, natural logarithms, columns >= vocabulary. Throws std::invalid_argument for other sizes.
  ChangeOpinion judge(std::span<const float> prompt_logits, std::span<const float> log_probabilities,
                      std::int64_t vocabulary, std::optional<double> flag) const;

 private:
  PackedSentences no_change_;
  std::vector<std::int64_t> eos_ids_;
  std::optional<model::ChangeFit> fit_;
  float min_p_change_ = 0;
};

}  // namespace ccx::generate
