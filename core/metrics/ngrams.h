// N-grams of a sentence and their counts, shared by BLEU and CIDEr-D.
#pragma once

#include <string>
#include <unordered_map>

#include "core/metrics/text.h"

namespace ccx::metrics {

// Keys are words joined by one space; words made by split_whitespace hold none.
using NgramCounts = std::unordered_map<std::string, int>;

inline NgramCounts count_ngrams(const Words& words, std::size_t order) {
  NgramCounts counts;
  for (std::size_t start = 0; start + order <= words.size(); ++start) {
    std::string key = words[start];
    for (std::size_t i = start + 1; i < start + order; ++i) key.append(1, ' ').append(words[i]);
    ++counts[key];
  }
  return counts;
}

}  // namespace ccx::metrics
