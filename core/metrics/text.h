// Text as the field's Python scorers see it: lower-casing, the two ways of splitting, and the evaluation protocols.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ccx::metrics {

using Words = std::vector<std::string>;

// Python's str.lower(): Unicode simple lower-casing, "İ" to "i" with a combining dot, final sigma. Bytes that are not
// UTF-8 stay as they are.
std::string lower(std::string_view text);

// Python's str.split(): runs of Unicode white space separate, no empty words. BLEU and CIDEr split this way.
Words split_whitespace(std::string_view text);

// Python's str.split(" "): every single space separates, so that a leading, trailing or doubled space makes an empty
// word, and the empty text is one empty word. ROUGE-L splits this way, and empty words match each other.
Words split_spaces(std::string_view text);

}  // namespace ccx::metrics
