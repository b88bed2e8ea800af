#include "core/metrics/cider_d.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "core/base/error.h"
#include "core/metrics/ngrams.h"

namespace ccx::metrics {
namespace {

constexpr std::size_t kOrders = 4;
constexpr double kSigma = 6.0;
constexpr double kScale = 10.0;

using DocumentFrequency = std::unordered_map<std::string, int>;

// A sentence as tf-idf vectors, one an order.
struct Vectors {
  std::array<std::unordered_map<std::string, double>, kOrders> weights;
  std::array<double, kOrders> norms{};
  double bigrams = 0;
};

// In how many pairs an n-gram occurs in at least one reference. Orders share one table: their keys differ in spaces.
DocumentFrequency document_frequency(const std::vector<CiderInput>& corpus) {
  DocumentFrequency frequency;
  for (const CiderInput& pair : corpus) {
    std::unordered_set<std::string> seen;
    for (const Words& reference : pair.references) {
      for (std::size_t n = 1; n <= kOrders; ++n) {
        for (const auto& entry : count_ngrams(reference, n)) seen.insert(entry.first);
      }
    }
    for (const std::string& ngram : seen) ++frequency[ngram];
  }
  return frequency;
}

Vectors vectorise(const Words& words, const DocumentFrequency& frequency, double log_documents) {
  Vectors vectors;
  for (std::size_t n = 0; n < kOrders; ++n) {
    for (const auto& [ngram, count] : count_ngrams(words, n + 1)) {
      const auto found = frequency.find(ngram);
      const double log_frequency = found == frequency.end() ? 0.0 : std::log(static_cast<double>(found->second));
      const double weight = count * (log_documents - log_frequency);
      vectors.weights[n][ngram] = weight;
      vectors.norms[n] += weight * weight;
      if (n == 1) vectors.bigrams += count;
    }
    vectors.norms[n] = std::sqrt(vectors.norms[n]);
  }
  return vectors;
}

// The mean over orders of the clipped cosine, times the Gaussian of the length difference.
double similarity(const Vectors& hypothesis, const Vectors& reference) {
  const double difference = hypothesis.bigrams - reference.bigrams;
  const double gaussian = std::exp(-(difference * difference) / (2 * kSigma * kSigma));
  double sum = 0;
  for (std::size_t n = 0; n < kOrders; ++n) {
    double product = 0;
    for (const auto& [ngram, weight] : hypothesis.weights[n]) {
      const auto found = reference.weights[n].find(ngram);
      if (found != reference.weights[n].end()) product += std::min(weight, found->second) * found->second;
    }
    const double norms = hypothesis.norms[n] * reference.norms[n];
    if (norms != 0) product /= norms;
    sum += product * gaussian;
  }
  return sum / kOrders;
}

}  // namespace

std::vector<double> cider_d(const std::vector<CiderInput>& corpus) {
  const DocumentFrequency frequency = document_frequency(corpus);
  const double log_documents = corpus.size() == 1 ? 1.0 : std::log(static_cast<double>(corpus.size()));
  std::vector<double> scores;
  scores.reserve(corpus.size());
  for (const CiderInput& pair : corpus) {
    if (pair.references.empty()) throw InputError("CIDEr-D needs at least one reference for every hypothesis");
    const Vectors hypothesis = vectorise(pair.hypothesis, frequency, log_documents);
    double sum = 0;
    for (const Words& reference : pair.references) {
      sum += similarity(hypothesis, vectorise(reference, frequency, log_documents));
    }
    scores.push_back(kScale * sum / static_cast<double>(pair.references.size()));
  }
  return scores;
}

}  // namespace ccx::metrics
