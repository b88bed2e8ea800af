// A batch of captions on its way from the logits behind the prompts to sentences: in which order things are asked, and
// what becomes of the answers. It runs no model. write_captions() (language_model.h) drives one with a model that
// answers at once, and a page, whose model answers later, calls it answer by answer:
//
//   CaptionWriter writer(config, tokenizer.size(), keys, rule);
//   if (rule.decides()) writer.judge(i, ...);                     // each caption, before the first step
//   for (Step next = writer.step(logits); !writer.done(); next = writer.step(logits)) logits = ...;
//   writer.sequence(i), writer.opinion(i)
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/generate/change_rule.h"
#include "core/generate/generator.h"

namespace ccx::generate {

class CaptionWriter {
 public:
  // One key a caption, as the generator wants. `rule` must outlive it.
  CaptionWriter(const GenerationConfig& config, std::int64_t vocabulary, std::span<const std::uint64_t> keys,
                const ChangeRule& rule);

  // What is thought of a caption's pair. prompt_logits: [columns]; log_probabilities: of one run over
  // rule.no_change() behind the prompt, [tokens, columns]; flag: the change head's logit. A pair that is called
  // unchanged gets the likeliest of these sentences. Throws std::invalid_argument as the rule does, and for such a pair
  // behind the first step; where the rule does not decide this may come at any time.
  const ChangeOpinion& judge(std::size_t caption, std::span<const float> prompt_logits,
                             std::span<const float> log_probabilities, std::optional<double> flag);

  // logits: [generator's rows, columns], first those behind the prompts. Throws std::logic_error when done, and where
  // the rule decides before all captions are judged; Error where the model gave numbers that are none.
  Step step(std::span<const float> logits);

  bool done() const { return generator_.done(); }

  // A caption, finished or so far.
  const Sequence& sequence(std::size_t caption) const { return generator_.sequence(caption); }
  // Null of a caption that was not judged.
  const ChangeOpinion* opinion(std::size_t caption) const {
    return opinions_[caption] ? &*opinions_[caption] : nullptr;
  }

 private:
  const ChangeRule& rule_;
  std::int64_t vocabulary_;
  Generator generator_;
  std::vector<std::optional<ChangeOpinion>> opinions_;
};

}  // namespace ccx::generate
