// Splits text into the pieces that byte-pair encoding works on: the Split pattern of Qwen2, matched by hand.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace ccx::text {

class PreTokenizer {
 public:
  // The matcher for a pattern as tokenizer.json spells it, or nothing if ccx has none for it. Known are Qwen2's
  //   (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
  // and the same with \p{N}{1,3}. There is no regular expression engine here, on purpose: the pattern needs look-ahead
  // and Unicode classes, and a standard one has neither.
  static std::optional<PreTokenizer> for_pattern(std::string_view pattern);

  // The pieces in order; together they are the text. The text must be valid UTF-8.
  std::vector<std::string_view> split(std::string_view text) const;

 private:
  explicit PreTokenizer(std::size_t digits) : max_digits_(digits) {}
  std::size_t max_digits_;  // how many numbers make one piece
};

}  // namespace ccx::text
