// Splitting (text.h): all that BLEU and ROUGE-L need.
#include "core/metrics/text.h"

#include "core/base/utf8.h"
#include "core/metrics/split.h"

namespace ccx::metrics {
namespace {

// Python's str.isspace() for one code point.
bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace

Words split_whitespace(std::string_view text) {
  Words words;
  std::string word;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t start = at;
    const char32_t c = next_code_point(text, at);
    if (!is_space(c)) {
      word.append(text.substr(start, at - start));
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

Words split_spaces(std::string_view text) {
  const std::vector<std::string_view> pieces = split<char>(text, " ");
  return {pieces.begin(), pieces.end()};
}

}  // namespace ccx::metrics
