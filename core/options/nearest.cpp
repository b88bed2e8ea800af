// The word that was probably meant (nearest.h).
#include "core/options/nearest.h"

#include <algorithm>
#include <cstddef>

namespace ccx::options {
namespace {

// Optimal string alignment distance (Damerau-Levenshtein without edits inside a swapped pair).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, changed});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

// "--format" in "--image-format".
bool ends_with_words(std::string_view candidate, std::string_view word) {
  const std::size_t start = word.find_first_not_of('-');
  if (start == std::string_view::npos || start == 0) return false;
  return candidate.ends_with("-" + std::string(word.substr(start)));
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t kLongest = 64;  // what is longer is no word
  if (word.empty() || word.size() > kLongest) return "";
  std::string best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t found = distance(word, candidate);
    if (found >= least) continue;
    least = found;
    best = candidate;
  }
  if (!best.empty()) return best;
  for (const std::string& candidate : candidates) {
    if (word.size() >= 3 && candidate.starts_with(word)) return candidate;
  }
  for (const std::string& candidate : candidates) {
    if (ends_with_words(candidate, word)) return candidate;
  }
  return "";
}

}  // namespace ccx::options
