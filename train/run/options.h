// Everything a training run is told, resolved: what run.json records.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/image/read_options.h"
#include "core/options/option_set.h"
#include "train/checkpoint/checkpoint_writer.h"
#include "train/data/augment.h"
#include "train/optimise/stages.h"

namespace ccx::train {

enum class OnNan { kStop, kSkip };
enum class Resume { kNo, kAuto };

struct TrainOptions {
  Stage stage;                          // with the user's overrides applied
  std::filesystem::path model;          // base checkpoint
  std::filesystem::path out;            // run folder
  std::vector<std::string> data;        // datasets or dataset lists
  std::vector<std::string> validation;  // the same for evaluation; empty: the validation split of `data`
  std::string validation_split = "val";
  std::filesystem::path meteor_data;
  std::string device = "auto";
  std::string dtype = "auto";
  int threads = 0;         // of computation, 0: all cores
  int workers = 2;         // that read samples
  int64_t limit = 0;       // training pairs, 0: all
  int64_t eval_limit = 0;  // validation pairs, 0: all
  int64_t max_steps = 0;   // instead of epochs, 0: epochs decide
  int64_t save_steps = 0;  // 0: with every evaluation
  int keep = 1;            // newest checkpoints that stay, besides the best
  uint64_t seed = 42;
  bool shuffle = true;
  bool evaluate = true;
  bool checkpointing = false;   // activation checkpointing
  bool shard_optimizer = true;  // above one rank
  Augmentation augmentation;
  double mix_styles = 0;      // share of pictures whose features take on another's style (TrainOps::restyle)
  int scene_size = 0;         // pixels a side that pairs are drawn with; 0: the model's
  image::ReadOptions images;  // bands and stretch of the pictures
  double caption_weight = 1;  // of the captions' cross-entropy in the loss; 0 leaves the language model out
  double map_weight = 0;      // of the auxiliary loss on maps (train/heads/map_loss.h), which drawn pairs have
  double summary_weight = 0;  // of the same facts read off the language model
  double change_weight = 0;   // of the change head's losses (train/heads/change_loss.h)
  bool uses_maps() const { return map_weight > 0 || summary_weight > 0; }
  int64_t max_bad_samples = 10;
  OnNan on_nan = OnNan::kStop;
  Resume resume = Resume::kNo;
  SaveDType save_dtype = SaveDType::kFloat32;
  int timeout_s = 1800;  // of one collective
  int log_every = 1;     // steps a progress line
};

// Every option of a run, bound to `run`. --stage sets the published settings of its stage, which the later ones change;
// what depends on the number of devices, and on options that were not given, is resolve()'s.
void declare_train_options(options::OptionSet& options, TrainOptions& run);
// What was not given, from what was: the tower's rate a fifth of --lr, --accumulate to the published number of pairs a
// step on `world` devices.
void resolve(const options::OptionSet& options, TrainOptions& run, int world);

// The options as JSON, with the stage's settings by their names.
nlohmann::ordered_json to_json(const TrainOptions& options);

// What must not change when a run is continued: the numbers that decide its loss curve.
nlohmann::ordered_json identity(const TrainOptions& options, int world, int64_t samples, int64_t total_steps);

}  // namespace ccx::train
