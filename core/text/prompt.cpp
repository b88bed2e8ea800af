// The ChatML prompt.
#include "core/text/prompt.h"

#include "core/base/error.h"

namespace ccx::text {

namespace {

// The text between placeholders.
std::vector<std::string_view> split_at_placeholders(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t at = text.find(kImagePlaceholder); at != std::string_view::npos; at = text.find(kImagePlaceholder)) {
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at + kImagePlaceholder.size());
  }
  parts.push_back(text);
  return parts;
}

}  // namespace

std::vector<std::int64_t> Prompt::ids() const {
  std::vector<std::int64_t> all = before_first;
  all.push_back(kImageId);
  all.insert(all.end(), between.begin(), between.end());
  all.push_back(kImageId);
  all.insert(all.end(), after.begin(), after.end());
  return all;
}

std::string prompt_as_text(const PromptText& text) {
  return "<|im_start|>system\n" + text.system + "<|im_end|>\n<|im_start|>user\n" + text.question +
         "<|im_end|>\n<|im_start|>assistant\n";
}

Prompt build_prompt(const Tokenizer& tokenizer, const PromptText& text) {
  for (const char* token : {"<|im_start|>", "<|im_end|>", "<|endoftext|>"}) tokenizer.require_token(token);
  if (text.system.find(kImagePlaceholder) != std::string::npos) {
    throw UsageError("the system message must not hold \"<image>\": the images belong to the question");
  }
  const std::string whole = prompt_as_text(text);
  const std::vector<std::string_view> parts = split_at_placeholders(whole);
  if (parts.size() != 3) {
    throw UsageError("the question must hold \"<image>\" twice, for the before and the after image, and holds it " +
                     std::to_string(parts.size() - 1) + " times: \"" + text.question + "\"");
  }
  return {tokenizer.encode(parts[0]), tokenizer.encode(parts[1]), tokenizer.encode(parts[2])};
}

}  // namespace ccx::text
