// Generates captions for a batch, one step at a time: logits in, next tokens out. It runs no model, so LibTorch and the
// web page drive the same one:
//
//   Generator generator(config, tokenizer.size(), keys);
//   logits = prefill(...);                                   // [captions, columns], at the last position of each
//   prompt for (Step step = generator.step(logits); !generator.done(); step = generator.step(logits)) {
//     if (step.moved) reorder_cache(step.parents);
//     logits = decode(step.tokens);                          // [generator.rows(), columns]
//   }
//   generator.sequence(i).ids
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/generate/generation_config.h"
#include "core/generate/search.h"

namespace ccx::generate {

// The model's next batch, which shrinks as captions are finished. Empty once all are.
struct Step {
  std::vector<std::int64_t> tokens;   // [rows] the token that each row feeds to the model
  std::vector<std::int64_t> parents;  // [rows] the row of the logits just given that each goes on from, never
                                      // descending across captions: row r's cache becomes a copy of row parents[r]'s
  bool moved = false;                 // parents is other than 0, 1, ..., with as many rows as before
};

// A caption's result does not depend on the other captions of the batch.
class Generator {
 public:
  // One key a caption: its random numbers depend on the seed and on the key alone (fnv1a(pair id)). Throws UsageError
  // if the configuration makes no sense for the vocabulary.
  Generator(GenerationConfig config, std::int64_t vocabulary_size, std::span<const std::uint64_t> keys);

  // Decides a caption before the first step: it becomes `ids` (without an end token) and an end token, whatever the
  // logits say, and is scored as it would be had it been found. Throws std::invalid_argument once it has begun, for
  // ids that are no tokens, and where the configuration has no end token.
  void give(std::size_t caption, std::vector<std::int64_t> ids);

  // Captions, whose number never changes.
  std::size_t captions() const { return searches_.size(); }

  // Rows that the next logits must have: at first one a caption, later with beam search num_beams a caption, and
  // of candidates one for each that is not finished.
  std::size_t rows() const;

  // Takes logits [rows(), columns] in row-major order. columns may exceed the vocabulary, as padded lm_heads do: the
  // rest is ignored, so that those tokens can never come out. Throws std::invalid_argument for another number of values
  // than that, or when done. Logits that are not finite end the caption they belong to (kInvalidLogits) and no other.
  Step step(std::span<const float> logits);

  bool done() const { return running_ == 0; }

  // A caption, finished or so far.
  const Sequence& sequence(std::size_t caption) const { return searches_[caption]->sequence(); }

 private:
  GenerationConfig config_;
  std::size_t vocabulary_;
  std::vector<std::unique_ptr<Search>> searches_;
  std::vector<std::size_t> rows_;  // how many each caption has in the next logits
  std::size_t running_;            // captions that are not finished
};

}  // namespace ccx::generate
