// The captioner's engine on LibTorch: one checkpoint on one device.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "core/generate/change_rule.h"
#include "core/prepare/loaded_checkpoint.h"
#include "core/prepare/workers.h"
#include "core/torch/device.h"
#include "core/torch/prompted_model.h"
#include "core/torch/run_model.h"

namespace ccx::torch_backend {

class TorchEngine : public engine::Engine {
 public:
  // Reads every weight once, so that a damaged checkpoint is found before any work. Throws CheckpointError, UsageError.
  TorchEngine(const prepare::LoadedCheckpoint& checkpoint, const engine::GenerationOverrides& wishes, at::Device device,
              const NumberFormat& format);
  // As many on the CPU as plan_workers() says, with one copy of the weights.
  static std::vector<std::unique_ptr<engine::Engine>> side_by_side(const prepare::LoadedCheckpoint& checkpoint,
                                                                   const engine::EngineOptions& options,
                                                                   const NumberFormat& format);

  int image_size() const override { return model_.config().vision.image_size; }
  std::string device() const override;
  std::string dtype() const override;
  bool draws_changes() const override { return model_.config().change_head.has_value(); }
  int threads() const override { return threads_; }
  void set_threads(int threads) override { threads_ = threads; }
  int suggested_batch() const override;
  std::vector<std::string> notes() const override;
  std::vector<engine::Caption> caption(std::span<const engine::PixelPair> pairs,
                                       std::span<const uint64_t> keys) override;

 private:
  TorchEngine(prepare::LoadedCheckpoint checkpoint, const engine::GenerationOverrides& wishes,
              std::shared_ptr<WeightStore> store, at::Device device, const NumberFormat& format);
  // What a plan of workers with this model is made for.
  prepare::WorkerCase worker_case(const engine::EngineOptions& options) const;
  std::vector<engine::Caption> run(std::span<const engine::PixelPair> pairs, std::span<const uint64_t> keys);
  // Vision and prefill of pairs [first, first + count); appends their last logits, and the change head's flag logits
  // where there is one.
  void prefill(std::span<const engine::PixelPair> pairs, size_t first, size_t count, std::vector<float>& logits,
               std::vector<float>& flags, std::vector<engine::Caption>& captions);

  bool format_is_chosen_ = false;  // by --dtype auto
  int threads_ = 0;                // CPU threads of a caption(); 0: what LibTorch has
  prepare::LoadedCheckpoint checkpoint_;
  engine::GenerationOverrides wishes_;
  NumberFormat format_;
  TorchModel model_;
  std::vector<std::string> no_change_sentences_;
  generate::ChangeRule rule_;
  int64_t vocabulary_;     // len(tokenizer): logits are cut to it
  int64_t prompt_length_;  // positions, images included
  std::unique_ptr<PromptedModel> prompted_;
};

}  // namespace ccx::torch_backend
