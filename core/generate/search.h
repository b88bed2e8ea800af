// The search for one caption: what a row, or the beams of a caption, become when logits arrive.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/generate/generation_config.h"

namespace ccx::generate {

enum class FinishReason {
  kRunning,
  kEos,           // an eos token, which is the last of the ids
  kLength,        // max_new_tokens
  kInvalidLogits  // the model gave NaN or infinity; `error` says where
};

// A caption as token ids.
struct Sequence {
  std::vector<std::int64_t> ids;  // new tokens, the eos included
  // One for each id: log-softmax of the model's logits, before penalty, temperature and truncation.
  std::vector<double> log_probabilities;
  // The sum of log_probabilities; with beam search what ranks the beams: the sum of the penalised log-probabilities,
  // divided by length^length_penalty (transformers' sequences_scores).
  double score = 0;
  FinishReason finish = FinishReason::kRunning;
  std::string error;  // of kInvalidLogits alone
};

// A row of the model's next batch.
struct Continuation {
  std::size_t parent;  // which of the rows just given it goes on from
  std::int64_t token;  // what it feeds to the model
};

class Search {
 public:
  virtual ~Search() = default;

  // Takes the logits of the rows that this caption has now, one after another: [rows, columns], of which the first
  // `vocabulary` columns count. Returns the rows it has next; none once the caption is finished.
  virtual std::vector<Continuation> advance(std::span<const float> logits, std::size_t columns) = 0;

  // The caption so far: finished, or with beam search the best beam while it runs; of several candidates none before
  // the last is finished.
  virtual const Sequence& sequence() const = 0;
};

// Greedy search or sampling. `key` selects the caption's random numbers.
std::unique_ptr<Search> make_token_search(const GenerationConfig& config, std::size_t vocabulary, std::uint64_t key);

// No search: the caption is `ids` and then the likeliest end token, scored as any other (max_new_tokens may cut it).
std::unique_ptr<Search> make_given_search(const GenerationConfig& config, std::size_t vocabulary,
                                          std::vector<std::int64_t> ids);

// config.candidates captions, the first greedy and the others sampled as the configuration says, whatever do_sample is;
// the one that is most like all of them on the whole, by BLEU-4 and ROUGE-L of their tokens (core/metrics), each
// counting as likely as the model finds it, is the caption. What a model is not sure of it hedges: this is the caption
// of least expected loss where the model knows how likely the others are (Kumar & Byrne 2004, "Minimum Bayes-risk
// decoding"). Has one row at first, then one for each that is not finished.
std::unique_ptr<Search> make_consensus_search(const GenerationConfig& config, std::size_t vocabulary,
                                              std::uint64_t key);

// Beam search as in transformers 4.40. Has one row at first, then num_beams.
std::unique_ptr<Search> make_beam_search(const GenerationConfig& config, std::size_t vocabulary);

}  // namespace ccx::generate
