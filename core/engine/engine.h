// What is asked of a model: pixels of pairs in, captions with their scores out. core/torch implements it with
// LibTorch; tests implement it without a model. No LibTorch here.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/change/change_map.h"

namespace ccx::engine {

// The two images of a pair, resized and normalised: S = Engine::image_size().
struct PixelPair {
  std::vector<float> before;  // [3, S, S]
  std::vector<float> after;   // [3, S, S]
};

// How captions are generated. What is not set comes from the checkpoint's generation_config.json, or is greedy.
struct GenerationOverrides {
  int max_new_tokens = 128;
  int num_beams = 1;
  int candidates = 0;          // to choose from by consensus; 0: the model's own, or 1 where it is searched otherwise
  std::optional<float> top_p;  // sampling is on when top_p or temperature is set
  std::optional<float> temperature;  // > 0
  std::optional<float> repetition_penalty;
  uint64_t seed = 42;                            // with a pair's key it seeds the sampling of that pair
  bool p_change = true;                          // tell the probability of change
  std::optional<float> min_p_change;             // 0..1; the model's own (model::ModelConfig) where unset
  std::vector<std::string> no_change_sentences;  // what says that nothing changed; the model's own where empty
  bool saliency = false;                         // keep the map of the change tokens
  bool change_map = false;                       // keep the change head's map, where the model has a head
};

// Milliseconds of one pair: its equal share of the batch it was in.
struct StageTimes {
  double vision = 0;  // tower, difference module, projector
  double prefill = 0;
  double decode = 0;  // generation, and the scoring behind p_change
};

struct Caption {
  std::string text;               // UTF-8, special tokens left out
  std::vector<int64_t> ids;       // the new tokens, end of sequence included
  std::vector<float> logprobs;    // natural logarithm, one per id
  bool changed = true;            // false: the text is one of the model's no-change sentences
  std::optional<float> p_change;  // 0..1; unset when not asked for
  // What p_change was made of, with a change head: the language model's probability and the head's logit.
  std::optional<float> language_p_change, change_logit;
  int grid = 0;                  // side of the saliency map, 0 when not asked for
  std::vector<float> saliency;   // [grid, grid] row-major, >= 0, larger where more changed; any scale
  change::ChangeMap change_map;  // of the change head; empty when not asked for, or without a head
  StageTimes ms;
};

// One model on one device. Used from one thread at a time.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual int image_size() const = 0;                   // S, pixels a side
  virtual std::string device() const = 0;               // "cpu", "cuda:0"
  virtual std::string dtype() const = 0;                // "fp32", "bf16", "int8", "int4": what --dtype auto came to
  virtual bool draws_changes() const { return false; }  // whether the model has a change head
  virtual int threads() const { return 0; }             // CPU threads that compute; 0 where that says nothing
  virtual void set_threads(int /*threads*/) {}          // of the next caption(), where threads() says something
  virtual int suggested_batch() const = 0;              // pairs at once that suit the device: --batch auto
  // What the user should know about the model before captioning: settings of the checkpoint that have no effect here.
  virtual std::vector<std::string> notes() const { return {}; }
  // Captions of the pairs, in order. A row does not depend on the other rows. keys[i] is a stable hash of pair i's id:
  // it seeds that row's sampling, so that a pair's caption does not depend on its place in the run. Throws
  // OutOfMemoryError when the device cannot hold the batch (the engine stays usable), ccx::Error otherwise.
  virtual std::vector<Caption> caption(std::span<const PixelPair> pairs, std::span<const uint64_t> keys) = 0;
};

struct EngineOptions {
  std::filesystem::path model;  // checkpoint directory
  std::string device = "auto";  // auto, cpu, cuda, cuda:N, cuda:all
  std::string dtype = "auto";   // auto, fp32, bf16, int8, int4
  std::size_t pairs = 0;        // of the whole run: there are no more workers; 0: many
  std::size_t batch = 0;        // pairs at once, 0: what the device suggests
  int workers = 0;              // engines that share a CPU and one copy of the weights; 0: as many as pay
  int threads = 0;              // CPU threads of each, 0: what suits the model
  GenerationOverrides generation;
};

}  // namespace ccx::engine
