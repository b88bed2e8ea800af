#include "core/text/no_change.h"

#include <algorithm>

namespace ccx::text {

std::string normalise_sentence(std::string_view sentence) {
  std::string out;
  for (char c : sentence) {
    if (c == '.') continue;
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      if (!out.empty() && out.back() != ' ') out += ' ';
      continue;
    }
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

bool is_no_change(std::string_view caption, const std::vector<std::string>& no_change_sentences) {
  const std::string normalised = normalise_sentence(caption);
  return std::any_of(no_change_sentences.begin(), no_change_sentences.end(),
                     [&](const std::string& sentence) { return normalise_sentence(sentence) == normalised; });
}

}  // namespace ccx::text
