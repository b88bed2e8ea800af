// Greedy search, sampling, and a caption that is decided before its first token: one row a caption.
#include <cmath>
#include <stdexcept>

#include "core/base/random.h"
#include "core/generate/log_softmax.h"
#include "core/generate/score_processing.h"
#include "core/generate/search.h"
#include "core/generate/search_common.h"

namespace ccx::generate {

namespace {

class OneRowSearch : public Search {
 public:
  OneRowSearch(const GenerationConfig& config, std::size_t vocabulary) : config_(config), vocabulary_(vocabulary) {}

  std::vector<Continuation> advance(std::span<const float> logits, std::size_t) final {
    const std::span<const float> row = logits.first(vocabulary_);
    const double normalizer = log_sum_exp(row);
    const std::size_t position = sequence_.ids.size();
    if (!std::isfinite(normalizer)) {
      sequence_.finish = FinishReason::kInvalidLogits;
      sequence_.error = invalid_logits_message(position);
      return {};
    }
    const std::int64_t token = choose(row);
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

  const Sequence& sequence() const final { return sequence_; }

 protected:
  // The next token, out of finite logits [vocabulary]; sequence_ holds those before it.
  virtual std::int64_t choose(std::span<const float> row) = 0;

  GenerationConfig config_;
  std::size_t vocabulary_;
  Sequence sequence_;
};

class TokenSearch final : public OneRowSearch {
 public:
  TokenSearch(const GenerationConfig& config, std::size_t vocabulary, std::uint64_t key)
      : OneRowSearch(config, vocabulary), key_(key) {}

 private:
  std::int64_t choose(std::span<const float> row) override {
    scores_.assign(row.begin(), row.end());
    apply_repetition_penalty(scores_, sequence_.ids, config_.repetition_penalty);
    return config_.do_sample ? sample(sequence_.ids.size()) : most_likely();
  }

  // The lowest id of those that tie.
  std::int64_t most_likely() const {
    return std::distance(scores_.begin(), std::find(scores_.begin(), scores_.end(), largest(scores_)));
  }

  std::int64_t sample(std::size_t position) const {
    const std::vector<Candidate> candidates =
        sampling_candidates(scores_, config_.temperature, config_.top_k, config_.top_p);
    return pick(candidates, uniform_draw(config_.seed, key_, position));
  }

  std::uint64_t key_;
  std::vector<float> scores_;  // of the row at hand
};

// The model is asked only what it thinks of the caption.
class GivenSearch final : public OneRowSearch {
 public:
  GivenSearch(const GenerationConfig& config, std::size_t vocabulary, std::vector<std::int64_t> ids)
      : OneRowSearch(config, vocabulary), given_(std::move(ids)) {
    for (const std::int64_t id : config.eos_token_ids) {
      if (id < static_cast<std::int64_t>(vocabulary)) ends_.push_back(id);
    }
    if (ends_.empty()) throw std::invalid_argument("a caption cannot be given to a model without an end token");
  }

 private:
  std::int64_t choose(std::span<const float> row) override {
    const std::size_t position = sequence_.ids.size();
    if (position < given_.size()) return given_[position];
    return *std::max_element(ends_.begin(), ends_.end(), [&](std::int64_t a, std::int64_t b) {
      return row[static_cast<std::size_t>(a)] < row[static_cast<std::size_t>(b)];
    });
  }

  std::vector<std::int64_t> given_;
  std::vector<std::int64_t> ends_;
};

}  // namespace

std::unique_ptr<Search> make_token_search(const GenerationConfig& config, std::size_t vocabulary, std::uint64_t key) {
  return std::make_unique<TokenSearch>(config, vocabulary, key);
}

std::unique_ptr<Search> make_given_search(const GenerationConfig& config, std::size_t vocabulary,
                                          std::vector<std::int64_t> ids) {
  return std::make_unique<GivenSearch>(config, vocabulary, std::move(ids));
}

}  // namespace ccx::generate
