// What generation asks of a language model, and the loop that asks it: prompts are in the model's cache, logits come
// out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/generate/change_rule.h"
#include "core/generate/generator.h"
#include "core/generate/packed_sentences.h"

namespace ccx::generate {

// A model that holds the prompts of a batch of captions. Logits are row-major.
class LanguageModel {
 public:
  virtual ~LanguageModel() = default;

  // Logits that a row has; those beyond the tokenizer's size are ignored.
  virtual std::int64_t columns() const = 0;

  // One run over the sentences behind the prompt of one caption, which leaves the prompt as it was: natural logarithms
  // of probabilities, [tokens, columns].
  virtual std::vector<float> score(std::size_t caption, const PackedSentences& sentences) = 0;

  // Feeds each row its token, after making row r a copy of row next.parents[r]. The first step goes on from the
  // prompts. Returns [rows, columns].
  virtual std::vector<float> step(const Step& next) = 0;
};

struct Captions {
  std::vector<Sequence> sequences;      // one a caption
  std::vector<ChangeOpinion> opinions;  // one a caption, or none where nobody asked
};

// From the logits behind the prompts to captions. prompt_logits: [captions, columns]; flags: the change head's logits,
// one a caption, or none. Where the rule decides, or opinions are wanted, each caption is judged first, and an
// unchanged one becomes the likeliest no-change sentence. Throws Error where the model gives numbers that are none.
Captions write_captions(LanguageModel& model, std::vector<float> prompt_logits, std::span<const float> flags,
                        const GenerationConfig& config, std::int64_t vocabulary, std::span<const std::uint64_t> keys,
                        const ChangeRule& rule, bool opinions_wanted);

}  // namespace ccx::generate
