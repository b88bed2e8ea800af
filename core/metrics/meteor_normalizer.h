// METEOR's text normaliser (option -norm of METEOR 1.5): separates punctuation as the Moses tokenizer does, removes
// hyphens inside words and the full stops of acronyms, and lower-cases.
//
// Sources: Denkowski & Lavie 2014, "Meteor Universal"; Koehn et al. 2007 for the tokenizer's rules. Its rules were
// confirmed by comparing against METEOR 1.5 itself on every character of Unicode's first three planes and on some
// hundred thousand short strings of letters, digits, stops, commas, hyphens and quotes (docs/evaluation.md).
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace ccx::metrics {

// Abbreviations after which a full stop does not end a sentence, case-sensitive.
struct NonbreakingPrefixes {
  std::unordered_set<std::string> always;          // Mr, Dr, St
  std::unordered_set<std::string> before_numbers;  // No, Art, pp

  // One entry a line, "#" opens a comment, "#NUMERIC_ONLY#" after an entry means only before a number.
  static NonbreakingPrefixes parse(std::string_view file);
};

// Words of the line separated by single spaces, in the case they came in.
std::string meteor_normalize(std::string_view line, const NonbreakingPrefixes& prefixes);

// The words METEOR compares: normalised, then lower-cased, then split at spaces.
std::vector<std::string> meteor_words(std::string_view line, const NonbreakingPrefixes& prefixes);

}  // namespace ccx::metrics
