// A caption that is decided before its first token: the model is asked only what it thinks of it.
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/generate/log_softmax.h"
#include "core/generate/search.h"
#include "core/generate/search_common.h"

namespace ccx::generate {

namespace {

class GivenSearch final : public Search {
 public:
  GivenSearch(const GenerationConfig& config, std::size_t vocabulary, std::vector<std::int64_t> ids)
      : vocabulary_(vocabulary), longest_(static_cast<std::size_t>(config.max_new_tokens)), given_(std::move(ids)) {
    for (const std::int64_t id : config.eos_token_ids) {
      if (id < static_cast<std::int64_t>(vocabulary)) ends_.push_back(id);
    }
    if (ends_.empty()) throw std::invalid_argument("a caption cannot be given to a model without an end token");
  }

  std::vector<Continuation> advance(std::span<const float> logits, std::size_t) override {
    const std::span<const float> row = logits.first(vocabulary_);
    const double normalizer = log_sum_exp(row);
    const std::size_t position = sequence_.ids.size();
    if (!std::isfinite(normalizer)) {
      sequence_.finish = FinishReason::kInvalidLogits;
      sequence_.error = invalid_logits_message(position);
      return {};
    }
    const std::int64_t token = position < given_.size() ? given_[position] : likeliest_end(row);
    const double log_probability = static_cast<double>(row[static_cast<std::size_t>(token)]) - normalizer;
    sequence_.ids.push_back(token);
    sequence_.log_probabilities.push_back(log_probability);
    sequence_.score += log_probability;
    if (position >= given_.size()) {
      sequence_.finish = FinishReason::kEos;
    } else if (sequence_.ids.size() >= longest_) {
      sequence_.finish = FinishReason::kLength;
    }
    if (sequence_.finish != FinishReason::kRunning) return {};
    return {{0, token}};
  }

  const Sequence& sequence() const override { return sequence_; }

 private:
  std::int64_t likeliest_end(std::span<const float> row) const {
    return *std::max_element(ends_.begin(), ends_.end(), [&](std::int64_t a, std::int64_t b) {
      return row[static_cast<std::size_t>(a)] < row[static_cast<std::size_t>(b)];
    });
  }

  std::size_t vocabulary_;
  std::size_t longest_;  // in tokens
  std::vector<std::int64_t> ends_;
  std::vector<std::int64_t> given_;
  Sequence sequence_;
};

}  // namespace

std::unique_ptr<Search> make_given_search(const GenerationConfig& config, std::size_t vocabulary,
                                          std::vector<std::int64_t> ids) {
  return std::make_unique<GivenSearch>(config, vocabulary, std::move(ids));
}

}  // namespace ccx::generate
