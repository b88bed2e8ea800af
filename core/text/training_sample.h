// A prompt with its caption as a training example: ids, and the labels that the loss looks at.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/text/prompt.h"

namespace ccx::text {

inline constexpr std::int64_t kIgnoredLabel = -100;  // a position without a target, as in torch's cross entropy

// ids and labels have the same length; labels are not shifted. kImageId stands where an image's tokens go.
struct TrainingSample {
  std::vector<std::int64_t> ids;
  std::vector<std::int64_t> labels;
};

// Makes training examples of one prompt, which is tokenised once.
class SampleBuilder {
 public:
  // Throws as build_prompt().
  explicit SampleBuilder(Tokenizer tokenizer, const PromptText& text = {});

  // The three ChatML turns system, user and assistant, each ended by "<|im_end|>\n". Labels are the ids of the whole
  // assistant turn, from its <|im_start|> to the last newline. Elsewhere they are kIgnoredLabel, but for <|im_start|>,
  // <|im_end|> and the newline (id 198, Qwen2's), which LLaVA-NeXT's training keeps in every turn.
  // Throws InputError if the caption holds "<image>".
  TrainingSample build(std::string_view caption) const;

 private:
  Tokenizer tokenizer_;
  TrainingSample turns_;  // of system and user
};

// One example, of a builder for itself.
TrainingSample build_training_sample(const Tokenizer& tokenizer, std::string_view caption, const PromptText& text = {});

}  // namespace ccx::text
