#include "core/generate/change_rule.h"

#include <stdexcept>
#include <utility>

#include "core/generate/sentence_score.h"

namespace ccx::generate {

std::vector<std::vector<std::int64_t>> encode_all(const text::Tokenizer& tokenizer,
                                                  const std::vector<std::string>& sentences) {
  std::vector<std::vector<std::int64_t>> ids;
  for (const std::string& sentence : sentences) ids.push_back(tokenizer.encode(sentence));
  return ids;
}

ChangeRule::ChangeRule(const std::vector<std::vector<std::int64_t>>& no_change, std::vector<std::int64_t> eos_ids,
                       std::optional<model::ChangeFit> fit, float min_p_change)
    : no_change_(no_change), eos_ids_(std::move(eos_ids)), fit_(fit), min_p_change_(min_p_change) {}

ChangeOpinion ChangeRule::judge(std::span<const float> prompt_logits, std::span<const float> log_probabilities,
                                std::int64_t vocabulary, std::optional<double> flag) const {
  const std::size_t rows = no_change_.tokens();
  const auto width = static_cast<std::size_t>(vocabulary);
  if (prompt_logits.size() < width ||
      (rows == 0 ? !log_probabilities.empty()
                 : log_probabilities.size() % rows != 0 || log_probabilities.size() / rows < width)) {
    throw std::invalid_argument("the logits of the no-change sentences do not have the shape that was asked for");
  }
  SentenceScore score;
  if (rows > 0) {
    const std::size_t columns = log_probabilities.size() / rows;
    score = score_sentences(
        no_change_.sentences(), eos_ids_, vocabulary, prompt_logits, [&](std::size_t row, std::int64_t token) {
          return static_cast<double>(log_probabilities[row * columns + static_cast<std::size_t>(token)]);
        });
  }
  ChangeOpinion opinion;
  opinion.language = 1.0 - score.probability;
  opinion.flag = flag;
  opinion.p_change = model::change_probability(opinion.language, flag, fit_);
  opinion.likeliest = score.likeliest;
  opinion.unchanged = rows > 0 && static_cast<float>(opinion.p_change) < min_p_change_;
  return opinion;
}

}  // namespace ccx::generate
