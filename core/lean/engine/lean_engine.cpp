#include "core/lean/engine/lean_engine.h"

#include <algorithm>
#include <future>
#include <new>
#include <utility>

#include "core/base/error.h"
#include "core/base/stopwatch.h"
#include "core/engine/told_caption.h"
#include "core/lean/checkpoint_tensors.h"
#include "core/prepare/workers.h"

namespace ccx::lean {
LeanEngine::LeanEngine(std::shared_ptr<const prepare::LoadedCheckpoint> checkpoint,
                       const engine::GenerationOverrides& wishes, const std::shared_ptr<LeanWeights>& weights,
                       bool is_chosen)
    : checkpoint_(std::move(checkpoint)),
      wishes_(wishes),
      is_chosen_(is_chosen),
      rule_(checkpoint_->change_rule(wishes)),
      vision_(checkpoint_->weights->config(), weights),
      second_vision_(checkpoint_->weights->config(), weights),
      decoder_(checkpoint_->weights->config().text, weights, checkpoint_->prompt, checkpoint_->tokenizer.size()) {
  checkpoint_->generation.require_room(checkpoint_->prompt_length(),
                                       checkpoint_->weights->config().text.max_position_embeddings);
}

void LeanEngine::read_weights() {
  const auto side = static_cast<std::size_t>(image_size());
  const std::vector<float> blank(3 * side * side);
  const std::vector<FeatureMap> maps = vision_.look(blank);
  const LeanVision::Seen seen = vision_.compare(maps, maps);
  decoder_.prefill(seen.before, seen.after);
}

int LeanEngine::suggested_batch() const {
  return 8;  // nothing gains from one, and what an interruption loses is small
}

std::vector<std::string> LeanEngine::notes() const {
  std::vector<std::string> notes = checkpoint_->notes();
  if (is_chosen_) {
    notes.insert(notes.begin(),
                 "computing products in int8, which takes a model of this kind two thirds of the time of fp32 "
                 "(--dtype fp32)");
  }
  return notes;
}

std::vector<engine::Caption> LeanEngine::caption(std::span<const engine::PixelPair> pairs,
                                                 std::span<const uint64_t> keys) {
  std::vector<engine::Caption> captions;
  try {
    for (std::size_t i = 0; i < pairs.size(); ++i) captions.push_back(caption_one(pairs[i], keys[i]));
  } catch (const std::bad_alloc&) {
    throw OutOfMemoryError("there is too little memory for " + std::to_string(pairs.size()) + " pairs at once");
  }
  return captions;
}

engine::Caption LeanEngine::caption_one(const engine::PixelPair& pair, uint64_t key) {
  const model::ModelConfig& config = checkpoint_->weights->config();
  engine::Caption caption;
  Stopwatch watch;
  std::future<std::vector<FeatureMap>> beside;
  if (threads_ > 1) beside = std::async(std::launch::async, [&] { return second_vision_.look(pair.after); });
  std::vector<FeatureMap> before = vision_.look(pair.before);
  const LeanVision::Seen seen =
      vision_.compare(std::move(before), beside.valid() ? beside.get() : vision_.look(pair.after));
  if (wishes_.saliency) {
    caption.grid = config.vision.grid();
    caption.saliency = seen.saliency;
  }
  if (wishes_.change_map) {
    caption.change_map.height = caption.change_map.width = seen.cells;
    caption.change_map.p = seen.map;
  }
  caption.ms.vision = watch.lap();
  std::vector<float> logits = decoder_.prefill(seen.before, seen.after);
  caption.ms.prefill = watch.lap();
  const auto flag = static_cast<float>(seen.flag);
  const generate::Captions written =
      generate::write_captions(decoder_, std::move(logits), {&flag, 1}, checkpoint_->generation,
                               checkpoint_->tokenizer.size(), {&key, 1}, rule_, wishes_.p_change);
  const generate::ChangeOpinion* opinion = written.opinions.empty() ? nullptr : written.opinions.data();
  engine::set_words(caption, written.sequences[0], opinion, checkpoint_->tokenizer,
                    checkpoint_->no_change_sentences(wishes_));
  if (opinion && wishes_.p_change) engine::set_probabilities(caption, *opinion);
  caption.ms.decode = watch.lap();
  return caption;
}

bool can_caption(const model::ModelConfig& config, const std::string& dtype, int stored_bits) {
  const bool is_asked = dtype == "int8" || (dtype == "auto" && stored_bits != 4);
  return is_asked && LeanOps::has_vision_of(config) && LeanOps::has_language_of(config);
}

std::vector<std::unique_ptr<engine::Engine>> make_engines(prepare::LoadedCheckpoint checkpoint,
                                                          const engine::EngineOptions& options) {
  const auto shared = std::make_shared<const prepare::LoadedCheckpoint>(std::move(checkpoint));
  const auto weights = std::make_shared<LeanWeights>(std::make_shared<CheckpointTensors>(shared->weights));
  std::vector<std::unique_ptr<engine::Engine>> engines;
  const auto one_more = [&] {
    return std::make_unique<LeanEngine>(shared, options.generation, weights, options.dtype == "auto");
  };
  auto first = one_more();
  first->read_weights();
  engines.push_back(std::move(first));
  const prepare::WorkerPlan plan =
      prepare::plan_workers({options.workers, options.threads},
                            prepare::case_of(shared->weights->config(), shared->rows_of_a_caption(), options.pairs));
  while (static_cast<int>(engines.size()) < plan.workers) engines.push_back(one_more());
  for (const auto& engine : engines) engine->set_threads(plan.threads);
  return engines;
}

}  // namespace ccx::lean
