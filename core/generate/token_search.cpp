// Greedy search and sampling: one row a caption.
#include <cmath>

#include "core/generate/log_softmax.h"
#include "core/generate/random.h"
#include "core/generate/score_processing.h"
#include "core/generate/search.h"
#include "core/generate/search_common.h"

namespace ccx::generate {

namespace {

class TokenSearch final : public Search {
 public:
  TokenSearch(const GenerationConfig& config, std::size_t vocabulary, std::uint64_t key)
      : config_(config), key_(key), scores_(vocabulary) {}

  std::vector<Continuation> advance(std::span<const float> logits, std::size_t) override {
    const std::span<const float> row = logits.first(scores_.size());
    const double normalizer = log_sum_exp(row);
    const std::size_t position = sequence_.ids.size();
    if (!std::isfinite(normalizer)) {
      sequence_.finish = FinishReason::kInvalidLogits;
      sequence_.error = invalid_logits_message(position);
      return {};
    }
    std::copy(row.begin(), row.end(), scores_.begin());
    apply_repetition_penalty(scores_, sequence_.ids, config_.repetition_penalty);
    const std::int64_t token = config_.do_sample ? sample(position) : most_likely();

    const double log_probability = static_cast<double>(row[static_cast<std::size_t>(token)]) - normalizer;
    sequence_.ids.push_back(token);
    sequence_.log_probabilities.push_back(log_probability);
    sequence_.score += log_probability;
    if (is_eos(config_, token)) {
      sequence_.finish = FinishReason::kEos;
    } else if (sequence_.ids.size() >= static_cast<std::size_t>(config_.max_new_tokens)) {
      sequence_.finish = FinishReason::kLength;
    }
    if (sequence_.finish != FinishReason::kRunning) return {};
    return {{0, token}};
  }

  const Sequence& sequence() const override { return sequence_; }

 private:
  // The lowest id of those that tie.
  std::int64_t most_likely() const {
    return std::distance(scores_.begin(), std::find(scores_.begin(), scores_.end(), largest(scores_)));
  }

  std::int64_t sample(std::size_t position) const {
    const std::vector<Candidate> candidates =
        sampling_candidates(scores_, config_.temperature, config_.top_k, config_.top_p);
    return pick(candidates, uniform(config_.seed, key_, position));
  }

  GenerationConfig config_;
  std::uint64_t key_;
  std::vector<float> scores_;  // of the row at hand; its size is the vocabulary's
  Sequence sequence_;
};

}  // namespace

std::unique_ptr<Search> make_token_search(const GenerationConfig& config, std::size_t vocabulary, std::uint64_t key) {
  return std::make_unique<TokenSearch>(config, vocabulary, key);
}

}  // namespace ccx::generate
