// The question that CCExpert is asked, as token ids around its two images: ChatML, conversation template "qwen_1_5".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/tokenizer.h"

namespace ccx::text {

inline constexpr std::string_view kImagePlaceholder = "<image>";
inline constexpr std::int64_t kImageId = -200;  // stands for an image among token ids, as in LLaVA

// The text of a prompt. The reference has one question, in training, evaluation and demonstration.
struct PromptText {
  std::string system = "You are a helpful assistant.";
  // Holds "<image>" twice: the place of the before image, then of the after image.
  std::string question =
      "This is the Image1 <image>. This is the second Image2 <image>.\n"
      "What difference happened from Image1 to Image2?";
};

// A prompt up to where the caption starts. Each part is tokenised by itself, as the reference does.
struct Prompt {
  std::vector<std::int64_t> before_first;  // up to the before image; never changes, so its keys and values can be kept
  std::vector<std::int64_t> between;       // between the images
  std::vector<std::int64_t> after;         // from the after image to "<|im_start|>assistant\n"

  std::size_t text_length() const { return before_first.size() + between.size() + after.size(); }
  std::vector<std::int64_t> ids() const;  // all of it, kImageId in place of an image
};

// Throws UsageError if the question does not hold two placeholders, InputError naming the tokenizer's file and the
// token if it lacks <|im_start|>, <|im_end|> or <|endoftext|>.
Prompt build_prompt(const Tokenizer& tokenizer, const PromptText& text = {});

// The ChatML text itself, placeholders included.
std::string prompt_as_text(const PromptText& text = {});

}  // namespace ccx::text
