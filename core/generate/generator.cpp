// The step machine: hands each caption its logits and lines up the rows that come back.
#include "core/generate/generator.h"

#include <numeric>
#include <stdexcept>
#include <string>

namespace ccx::generate {

Generator::Generator(GenerationConfig config, std::int64_t vocabulary_size, std::span<const std::uint64_t> keys)
    : config_(std::move(config)),
      vocabulary_(static_cast<std::size_t>(vocabulary_size)),
      rows_(keys.size(), 1),
      running_(keys.size()) {
  config_.validate(vocabulary_size);
  for (const std::uint64_t key : keys) {
    searches_.push_back(config_.num_beams > 1    ? make_beam_search(config_, vocabulary_)
                        : config_.candidates > 1 ? make_consensus_search(config_, vocabulary_, key)
                                                 : make_token_search(config_, vocabulary_, key));
  }
}

void Generator::give(std::size_t caption, std::vector<std::int64_t> ids) {
  std::unique_ptr<Search>& search = searches_.at(caption);
  if (!search->sequence().ids.empty()) throw std::invalid_argument("Generator::give: the caption has begun");
  for (const std::int64_t id : ids) {
    if (id < 0 || id >= static_cast<std::int64_t>(vocabulary_)) {
      throw std::invalid_argument("Generator::give: " + std::to_string(id) + " is not a token of the vocabulary of " +
                                  std::to_string(vocabulary_));
    }
  }
  search = make_given_search(config_, vocabulary_, std::move(ids));
}

std::size_t Generator::rows() const {
  return std::accumulate(rows_.begin(), rows_.end(), std::size_t{0});
}

Step Generator::step(std::span<const float> logits) {
  if (done()) throw std::invalid_argument("Generator::step: every caption is finished");
  const std::size_t given = rows();
  const std::size_t columns = logits.size() / given;
  if (logits.size() % given != 0 || columns < vocabulary_) {
    throw std::invalid_argument("Generator::step: " + std::to_string(logits.size()) + " logits for " +
                                std::to_string(given) + " rows and a vocabulary of " + std::to_string(vocabulary_));
  }

  Step step;
  std::size_t first = 0;  // row of the logits where the caption's own begin
  for (std::size_t caption = 0; caption < searches_.size(); ++caption) {
    const std::size_t rows_before = rows_[caption];
    Search& search = *searches_[caption];
    std::vector<Continuation> next;
    if (search.sequence().finish == FinishReason::kRunning) {
      next = search.advance(logits.subspan(first * columns, rows_before * columns), columns);
      if (next.empty()) --running_;
    }
    for (const Continuation& continuation : next) {
      step.tokens.push_back(continuation.token);
      step.parents.push_back(static_cast<std::int64_t>(first + continuation.parent));
    }
    rows_[caption] = next.size();
    first += rows_before;
  }
  if (done()) return {};
  step.moved = step.parents.size() != given;
  for (std::size_t row = 0; row < step.parents.size(); ++row) {
    step.moved = step.moved || step.parents[row] != static_cast<std::int64_t>(row);
  }
  return step;
}

}  // namespace ccx::generate
