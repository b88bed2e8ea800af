// The captioner's engine without a library: a convolutional model with a small language model, products in 8 bits
// (core/lean), on one thread of a CPU or two. Its arithmetic is the page's, and its numbers
// are the same on every machine and in any batch.
#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "core/generate/change_rule.h"
#include "core/lean/engine/prompted_decoder.h"
#include "core/lean/lean_vision.h"
#include "core/prepare/loaded_checkpoint.h"

namespace ccx::lean {

class LeanEngine : public engine::Engine {
 public:
  // Throws InputError, UsageError. is_chosen: nobody asked for 8 bits, and notes() tells of them.
  LeanEngine(std::shared_ptr<const prepare::LoadedCheckpoint> checkpoint, const engine::GenerationOverrides& wishes,
             const std::shared_ptr<LeanWeights>& weights, bool is_chosen);

  // Computes a blank pair, so that every weight is read, and one that is damaged found, before any work. Of engines
  // that share weights one is enough. Throws CheckpointError, InputError.
  void read_weights();

  int image_size() const override { return checkpoint_->weights->config().vision.image_size; }
  std::string device() const override { return "cpu"; }
  std::string dtype() const override { return "int8"; }
  bool draws_changes() const override { return true; }
  int threads() const override { return threads_; }
  void set_threads(int threads) override { threads_ = std::min(threads, 2); }  // one for each image
  int suggested_batch() const override;
  std::vector<std::string> notes() const override;
  std::vector<engine::Caption> caption(std::span<const engine::PixelPair> pairs,
                                       std::span<const uint64_t> keys) override;

 private:
  engine::Caption caption_one(const engine::PixelPair& pair, uint64_t key);

  std::shared_ptr<const prepare::LoadedCheckpoint> checkpoint_;
  engine::GenerationOverrides wishes_;
  bool is_chosen_;
  generate::ChangeRule rule_;
  LeanVision vision_, second_vision_;  // of the images of a pair
  int threads_ = 1;
  PromptedDecoder decoder_;
};

// Whether the lean engine can caption with this model as it is asked to: on a CPU, with --dtype int8, or auto where the
// weights are stored in no other few bits.
bool can_caption(const model::ModelConfig& config, const std::string& dtype, int stored_bits);

// As many as pay, with one copy of the weights.
std::vector<std::unique_ptr<engine::Engine>> make_engines(prepare::LoadedCheckpoint checkpoint,
                                                          const engine::EngineOptions& options);

}  // namespace ccx::lean
