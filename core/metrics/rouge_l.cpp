#include "core/metrics/rouge_l.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/metrics/text.h"

namespace ccx::metrics {
namespace {

constexpr double kBeta = 1.2;

std::size_t longest_common_subsequence(const Words& a, const Words& b) {
  std::vector<std::size_t> row(b.size() + 1, 0);
  for (const std::string& word : a) {
    std::size_t diagonal = 0;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = word == b[j - 1] ? diagonal + 1 : std::max(above, row[j - 1]);
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

double rouge_l(const std::string& hypothesis, const std::vector<std::string>& references) {
  if (references.empty()) throw InputError("ROUGE-L needs at least one reference for every hypothesis");
  const Words words = split_spaces(hypothesis);
  double precision = 0;
  double recall = 0;
  for (const std::string& reference : references) {
    const Words reference_words = split_spaces(reference);
    const double common = static_cast<double>(longest_common_subsequence(words, reference_words));
    precision = std::max(precision, common / static_cast<double>(words.size()));
    recall = std::max(recall, common / static_cast<double>(reference_words.size()));
  }
  if (precision == 0 || recall == 0) return 0;
  return (1 + kBeta * kBeta) * precision * recall / (recall + kBeta * kBeta * precision);
}

}  // namespace ccx::metrics
