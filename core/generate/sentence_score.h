// What a model thinks of sentences that are given to it, from the logits of one pass over all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace ccx::generate {

struct SentenceScore {
  double probability = 0;     // of all sentences, each with its end, summed; at most 1
  std::size_t likeliest = 0;  // index of the likeliest one
};

// sentences: token ids without an end token, none of them empty; any of eos_ids below `vocabulary` ends one.
// first_logits: [vocabulary or more] of the prompt's last position. log_probability(row, token) is the natural
// logarithm at a token of the sentences, which are numbered one after the other.
SentenceScore score_sentences(std::span<const std::vector<std::int64_t>> sentences,
                              std::span<const std::int64_t> eos_ids, std::int64_t vocabulary,
                              std::span<const float> first_logits,
                              const std::function<double(std::size_t, std::int64_t)>& log_probability);

}  // namespace ccx::generate
