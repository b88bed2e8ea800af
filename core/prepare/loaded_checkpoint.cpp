#include "core/prepare/loaded_checkpoint.h"

#include <algorithm>
#include <utility>

namespace ccx::prepare {

LoadedCheckpoint load(const engine::EngineOptions& options) {
  const auto weights = std::make_shared<model::Checkpoint>(options.model);
  weights->check();
  text::Tokenizer tokenizer = text::Tokenizer::load(options.model);
  tokenizer.require_rows(weights->config().text.vocab_size);
  generate::GenerationConfig generation = generate::GenerationConfig::load(options.model, tokenizer);
  const engine::GenerationOverrides& wishes = options.generation;
  generation.max_new_tokens = wishes.max_new_tokens;
  generation.num_beams = wishes.num_beams;
  generation.seed = wishes.seed;
  const bool searched_otherwise = wishes.num_beams > 1 || wishes.top_p || wishes.temperature;
  if (searched_otherwise) generation.candidates = 1;
  if (wishes.candidates > 0) generation.candidates = wishes.candidates;
  generation.do_sample = wishes.top_p.has_value() || wishes.temperature.has_value();
  if (wishes.top_p) generation.top_p = *wishes.top_p;
  if (wishes.temperature) generation.temperature = *wishes.temperature;
  if (wishes.repetition_penalty) generation.repetition_penalty = *wishes.repetition_penalty;
  generation.validate(tokenizer.size());
  text::Prompt prompt = text::build_prompt(tokenizer);
  return {weights, std::move(tokenizer), std::move(prompt), std::move(generation)};
}

std::int64_t LoadedCheckpoint::prompt_length() const {
  return static_cast<std::int64_t>(prompt.text_length()) + 2 * weights->config().vision.tokens();
}

int LoadedCheckpoint::rows_of_a_caption() const {
  return std::max(generation.num_beams, generation.candidates);
}

const std::vector<std::string>& LoadedCheckpoint::no_change_sentences(const engine::GenerationOverrides& wishes) const {
  return wishes.no_change_sentences.empty() ? weights->config().no_change_sentences : wishes.no_change_sentences;
}

generate::ChangeRule LoadedCheckpoint::change_rule(const engine::GenerationOverrides& wishes) const {
  const model::ModelConfig& config = weights->config();
  return {generate::encode_all(tokenizer, no_change_sentences(wishes)), generation.eos_token_ids, config.p_change_fit,
          wishes.min_p_change.value_or(config.min_p_change)};
}

std::vector<std::string> LoadedCheckpoint::notes() const {
  std::vector<std::string> notes;
  for (const std::string& key : generation.unsupported_keys) {
    notes.push_back("generation_config.json sets \"" + key + "\", which ccx does not do; it has no effect");
  }
  return notes;
}

}  // namespace ccx::prepare
