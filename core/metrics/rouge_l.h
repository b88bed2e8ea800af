// ROUGE-L as the COCO caption scorer computes it. Source: Lin 2004, "ROUGE: a package for automatic evaluation of
// summaries", sentence level, with beta = 1.2.
//
// Pitfalls: the best precision and the best recall may come from different references; words are split at every single
// space, so that stray spaces make empty words which count and match; the corpus score is the mean of the sentences.
#pragma once

#include <string>
#include <vector>

namespace ccx::metrics {

// F = (1 + beta^2) P R / (R + beta^2 P), 0 where P or R is 0; P = LCS / hypothesis words and R = LCS / reference words,
// each the largest over the references. At least one reference, or InputError.
double rouge_l(const std::string& hypothesis, const std::vector<std::string>& references);

}  // namespace ccx::metrics
