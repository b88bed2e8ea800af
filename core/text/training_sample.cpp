// Training examples.
#include "core/text/training_sample.h"

#include "core/base/error.h"

namespace ccx::text {

namespace {

constexpr std::int64_t kNewlineId = 198;  // fixed in the reference, not looked up: "\n" of every Qwen2 vocabulary
constexpr std::string_view kAssistantTurn = "<|im_start|>assistant\n";

void append(std::vector<std::int64_t>& to, const std::vector<std::int64_t>& ids) {
  to.insert(to.end(), ids.begin(), ids.end());
}

}  // namespace

TrainingSample build_training_sample(const Tokenizer& tokenizer, std::string_view caption, const PromptText& text) {
  if (caption.find(kImagePlaceholder) != std::string_view::npos) {
    throw InputError("a caption must not hold \"<image>\": \"" + std::string(caption) + "\"");
  }
  const Prompt prompt = build_prompt(tokenizer, text);
  // The caption is tokenised with the newline before it: they are one turn, and could share a token.
  const std::vector<std::int64_t> opening = tokenizer.encode(kAssistantTurn);
  const std::vector<std::int64_t> assistant =
      tokenizer.encode(std::string(kAssistantTurn) + std::string(caption) + "<|im_end|>\n");

  TrainingSample sample;
  sample.ids = prompt.ids();
  sample.ids.resize(sample.ids.size() - opening.size());
  const std::int64_t start = tokenizer.require_token("<|im_start|>");
  const std::int64_t end = tokenizer.require_token("<|im_end|>");
  for (const std::int64_t id : sample.ids) {
    sample.labels.push_back(id == kNewlineId || id == start || id == end ? id : kIgnoredLabel);
  }
  append(sample.ids, assistant);
  append(sample.labels, assistant);
  return sample;
}

}  // namespace ccx::text
