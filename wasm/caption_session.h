// One model in the page: everything around its two graphs. It builds what they are fed from pixels and tokens, and
// makes of their logits a caption, its scores and its record. JavaScript has the graphs run, by this core where it can
// (core_models.h) and else by ONNX Runtime Web, and hands each answer to the driver that LibTorch has as well
// (core/generate/caption_writer.h).
//
//   session.begin(id); where draws_changes(): hear_head(what the vision graph says beside its tokens)
//   prefill: prompt_inputs(tokens of the vision graph), run after run -> logits [V]
//   where no_change_inputs() is not empty: run it behind the prompt -> score_no_change(logits [V], its logits [n, V]);
//   before the first step where decides_by_p_change(), else at any time before record()
//   while (!step(logits).done) run the decoder on the row of the token
//   record(...)
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/change/change_map.h"
#include "core/change/places.h"
#include "core/engine/engine.h"
#include "core/generate/caption_writer.h"
#include "core/lean/lean_decoder.h"
#include "core/model/config.h"
#include "core/records/record.h"
#include "core/text/prompt.h"
#include "core/text/tokenizer.h"
#include "wasm/embedding_table.h"

namespace ccx::wasm {

// The text files of an export (docs/export.md).
struct SessionFiles {
  std::string_view manifest;           // manifest.json
  std::string_view config;             // config.json
  std::string_view tokenizer;          // tokenizer.json
  std::string_view generation_config;  // generation_config.json
};

using lean::DecoderInputs;

// A step of generation.
struct StepResult {
  std::string text;        // what this token adds to the caption
  std::int64_t token = 0;  // what the model is fed next, unless done
  double logprob = 0;      // natural logarithm of the token's probability
  bool done = false;
};

struct StageTimes {
  double read = 0, vision = 0, prefill = 0, decode = 0;  // milliseconds
};

// What a record says beside the caption.
struct RecordFacts {
  std::string id, before, after;
  records::Reading reading;
  StageTimes times;
};

class CaptionSession {
 public:
  // Throws InputError or CheckpointError naming the file and what is wrong with it, or UsageError for max_new_tokens.
  CaptionSession(const SessionFiles& files, std::int64_t max_new_tokens);
  CaptionSession(const CaptionSession&) = delete;
  CaptionSession& operator=(const CaptionSession&) = delete;

  int image_size() const { return config_.vision.image_size; }
  std::int64_t hidden_size() const { return config_.text.hidden_size; }
  std::int64_t visual_tokens() const { return config_.vision.tokens(); }  // an image
  std::int64_t prompt_length() const;                                     // positions, visual tokens included
  std::int64_t vocabulary() const { return vocabulary_; }
  const text::Tokenizer& tokenizer() const { return tokenizer_; }
  const text::Prompt& prompt() const { return prompt_; }
  const EmbeddingTable& embeddings() const { return embeddings_; }

  // The prompt in runs of `rows` positions, each behind the ones before: a position looks at none after it, so that
  // runs compute less attention than the whole at once. Of each run the last position's logits are asked for; those of
  // the last run count. before_tokens, after_tokens: [visual_tokens(), hidden_size()]. Throws std::invalid_argument for
  // another number, and for fewer rows than one.
  std::vector<DecoderInputs> prompt_inputs(std::span<const float> before_tokens, std::span<const float> after_tokens,
                                           std::int64_t rows, const EmbeddingTable::Read& read) const;

  // The model's sentences of no change, all in one run behind the prompt: each sees the prompt and itself alone. Empty
  // where the model has none.
  DecoderInputs no_change_inputs(const EmbeddingTable::Read& read) const;
  // One position behind `past` others.
  DecoderInputs token_inputs(std::int64_t token, std::int64_t past, const EmbeddingTable::Read& read) const;

  // The model has a change head: hear_head() belongs behind begin().
  bool draws_changes() const { return config_.change_head.has_value(); }

  // The model has a min_p_change: the caption depends on score_no_change().
  bool decides_by_p_change() const { return rule_.decides(); }

  // Starts a caption: the id decides random numbers, and nothing else.
  void begin(std::string_view id);
  // flag: the logit that anything changed; map: the probabilities of the kinds. Throws std::logic_error before begin()
  // and behind score_no_change(), where it would come too late.
  void hear_head(double flag, change::ChangeMap map);
  // prompt_logits: [V] of the prompt; logits: [n, V] of no_change_inputs(). Sets the probability of change, and with it
  // the caption of a pair that the model calls unchanged by it. Throws std::logic_error where it comes too late for
  // that.
  float score_no_change(std::span<const float> prompt_logits, std::span<const float> logits);
  // logits: [V]. Throws std::logic_error before begin(), behind the last token, and before score_no_change() where
  // decides_by_p_change(); Error where the model gave numbers that are none.
  StepResult step(std::span<const float> logits);
  // Ends a caption that was stopped: what is held back of an unfinished character.
  std::string finish();

  // Of the caption so far.
  engine::Caption result() const;  // but for its times
  double logprob_mean() const;
  // What the map shows on an after picture of that size, as a record tells it: nothing for a pair whose caption says
  // that nothing changed. Empty without a map. Throws Error for a map whose values do not fit its size.
  std::vector<change::Place> places(int width, int height) const;
  // A line of `ccx caption`, without a newline (docs/architecture.md).
  std::string record(const RecordFacts& facts) const;

 private:
  model::ModelConfig config_;
  EmbeddingTable embeddings_;
  text::Tokenizer tokenizer_;
  text::Prompt prompt_;
  generate::GenerationConfig generation_;
  std::int64_t vocabulary_ = 0;
  float masked_ = 0;
  generate::ChangeRule rule_;

  std::optional<generate::CaptionWriter> writer_;
  std::optional<text::StreamingDecoder> decoder_;
  std::optional<double> flag_;  // what the change head says, a logit
  change::ChangeMap map_;
};

}  // namespace ccx::wasm
