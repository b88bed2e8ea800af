#include "core/base/no_change.h"

#include <algorithm>

namespace ccx {

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

const std::vector<std::string>& levir_cc_no_change_sentences() {
  static const std::vector<std::string> sentences = {"there is no difference .", "the two scenes seem identical .",
                                                     "the scene is the same as before .", "no change has occurred .",
                                                     "almost nothing has changed ."};
  return sentences;
}

bool sounds_like_no_change(std::string_view caption) {
  const std::string plain = normalise_sentence(caption);
  for (const char* words : {"no change", "no difference", "nothing changed", "nothing has changed", "unchanged",
                            "not changed", "identical", "no visible", "no significant", "no obvious", "no noticeable",
                            "remains the same", "remain the same", "same as before"}) {
    if (plain.find(words) != std::string::npos) return true;
  }
  return false;
}

bool is_no_change(std::string_view caption, const std::vector<std::string>& no_change_sentences) {
  const std::string normalised = normalise_sentence(caption);
  return std::any_of(no_change_sentences.begin(), no_change_sentences.end(),
                     [&](const std::string& sentence) { return normalise_sentence(sentence) == normalised; });
}

}  // namespace ccx
