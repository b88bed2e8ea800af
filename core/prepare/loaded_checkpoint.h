// A checkpoint opened for captioning, with what its user wishes: what engines of every backend start from.
#pragma once

#include <memory>

#include "core/engine/engine.h"
#include "core/generate/change_rule.h"
#include "core/generate/generation_config.h"
#include "core/model/checkpoint.h"
#include "core/text/prompt.h"
#include "core/text/tokenizer.h"

namespace ccx::prepare {

// Engines side by side share one.
struct LoadedCheckpoint {
  std::shared_ptr<const model::Checkpoint> weights;
  text::Tokenizer tokenizer;
  text::Prompt prompt;
  generate::GenerationConfig generation;  // of the checkpoint, with the user's wishes applied

  // Positions of a prompt, both images included.
  std::int64_t prompt_length() const;
  // Rows that the decoder computes for one caption: beams, or candidates.
  int rows_of_a_caption() const;
  // What says that nothing changed: the user's sentences, or the model's.
  const std::vector<std::string>& no_change_sentences(const engine::GenerationOverrides& wishes) const;
  generate::ChangeRule change_rule(const engine::GenerationOverrides& wishes) const;
  // Settings of the checkpoint that have no effect.
  std::vector<std::string> notes() const;
};

// Opens and checks options.model; no weight is read. Throws CheckpointError or UsageError saying what is wrong.
LoadedCheckpoint load(const engine::EngineOptions& options);

}  // namespace ccx::prepare
