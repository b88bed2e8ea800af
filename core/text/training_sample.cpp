// Training examples.
#include "core/text/training_sample.h"

#include <utility>

#include "core/base/error.h"

namespace ccx::text {

namespace {

constexpr std::int64_t kNewlineId = 198;  // fixed in the reference, not looked up: "\n" of every Qwen2 vocabulary
constexpr std::string_view kAssistantTurn = "<|im_start|>assistant\n";

void append(std::vector<std::int64_t>& to, const std::vector<std::int64_t>& ids) {
  to.insert(to.end(), ids.begin(), ids.end());
}

}  // namespace

SampleBuilder::SampleBuilder(Tokenizer tokenizer, const PromptText& text) : tokenizer_(std::move(tokenizer)) {
  turns_.ids = build_prompt(tokenizer_, text).ids();
  turns_.ids.resize(turns_.ids.size() - tokenizer_.encode(kAssistantTurn).size());
  const std::int64_t start = tokenizer_.require_token("<|im_start|>");
  const std::int64_t end = tokenizer_.require_token("<|im_end|>");
  for (const std::int64_t id : turns_.ids) {
    turns_.labels.push_back(id == kNewlineId || id == start || id == end ? id : kIgnoredLabel);
  }
}

TrainingSample SampleBuilder::build(std::string_view caption) const {
  if (caption.find(kImagePlaceholder) != std::string_view::npos) {
    throw InputError("a caption must not hold \"<image>\": \"" + std::string(caption) + "\"");
  }
  // The caption is tokenised with the newline before it: they are one turn, and could share a token.
  const std::vector<std::int64_t> assistant =
      tokenizer_.encode(std::string(kAssistantTurn) + std::string(caption) + "<|im_end|>\n");
  TrainingSample sample = turns_;
  append(sample.ids, assistant);
  append(sample.labels, assistant);
  return sample;
}

TrainingSample build_training_sample(const Tokenizer& tokenizer, std::string_view caption, const PromptText& text) {
  return SampleBuilder(tokenizer, text).build(caption);
}

}  // namespace ccx::text
