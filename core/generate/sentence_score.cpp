#include "core/generate/sentence_score.h"

#include <algorithm>
#include <cmath>

#include "core/generate/log_softmax.h"

namespace ccx::generate {

SentenceScore score_sentences(std::span<const std::vector<std::int64_t>> sentences,
                              std::span<const std::int64_t> eos_ids, std::int64_t vocabulary,
                              std::span<const float> first_logits,
                              const std::function<double(std::size_t, std::int64_t)>& log_probability) {
  const std::span<const float> first = first_logits.first(static_cast<std::size_t>(vocabulary));
  SentenceScore score;
  double best = -1;
  std::size_t row = 0;
  for (std::size_t index = 0; index < sentences.size(); ++index) {
    const std::vector<std::int64_t>& sentence = sentences[index];
    double sum = generate::log_probability(first, static_cast<std::size_t>(sentence[0]));
    for (std::size_t i = 1; i < sentence.size(); ++i, ++row) sum += log_probability(row, sentence[i]);
    double end = 0;
    for (const std::int64_t eos : eos_ids) {
      if (eos >= 0 && eos < vocabulary) end += std::exp(log_probability(row, eos));
    }
    ++row;
    const double probability = std::exp(sum) * end;
    score.probability += probability;
    if (probability > best) {
      best = probability;
      score.likeliest = index;
    }
  }
  score.probability = std::min(score.probability, 1.0);
  return score;
}

}  // namespace ccx::generate
