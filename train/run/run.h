// A training run in progress, in one process: what its parts (set-up, step, saving) share. trainer.h is the way in.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "train/checkpoint/initialise.h"
#include "train/data/loader.h"
#include "train/evaluation/evaluate.h"
#include "train/model/model.h"
#include "train/optimise/optimizer.h"
#include "train/optimise/schedule.h"
#include "train/parallel/launch.h"
#include "train/parallel/process_group.h"
#include "train/parallel/reducer.h"
#include "train/run/options.h"
#include "train/run/run_folder.h"
#include "train/run/trainer.h"

namespace ccx::train {

// A step's sums over this rank's micro-batches; exchanged as one small vector.
struct StepSums {
  double loss = 0;
  double micro_batches = 0;
  double pairs = 0;
  double bad = 0;
  double not_finite = 0;
  double stop = 0;
  double map_loss = 0;
  double change_loss = 0;

  std::vector<double> values() const {
    return {loss, micro_batches, pairs, bad, not_finite, stop, map_loss, change_loss};
  }
  static StepSums from(const std::vector<double>& v) { return {v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]}; }
};

class Run {
 public:
  // Reads everything, joins the other ranks. Throws as train() does before work has begun.
  Run(const TrainOptions& options, const std::atomic<bool>& stop);

  Outcome run();

 private:
  bool leads() const { return launch_.rank == 0; }
  void say(const std::string& text) const {
    if (leads()) std::fprintf(stderr, "%s\n", text.c_str());
  }
  void barrier() {
    if (group_) group_->barrier();
  }

  // run_setup.cpp
  size_t longest_sample() const;
  void check() const;
  void plan_steps();
  void start();
  void resume();
  void write_run_json();

  // run_step.cpp
  Batch read_batch(int64_t local_index) const;
  StepSums compute_gradients(int64_t step, Loader& loader);
  void take_step(int64_t step, Loader& loader);
  double exchange_norm() const;
  bool finite_or_throw(const StepSums& sums, double norm);
  void share_values();
  // Mean losses of a step.
  struct Losses {
    double all, maps, changes;
  };
  void report(int64_t step, const Losses& losses, double norm, double pairs, double seconds, double waited);

  // run_saving.cpp
  void evaluate();
  void save();
  std::string share_text(const std::string& text);

  const TrainOptions& options_;
  const std::atomic<bool>& stop_;
  Launch launch_;
  at::Device device_;
  at::ScalarType dtype_;
  BaseModel base_;
  text::Tokenizer tokenizer_;
  std::vector<PairItem> items_, validation_;
  RunFolder folder_;
  Sampler sampler_;
  SampleReader reader_;
  std::unique_ptr<ProcessGroup> group_;
  std::optional<ParameterSet> parameters_;
  std::optional<AdamW> optimizer_;
  std::optional<GradientReducer> reducer_;
  std::optional<TrainModel> model_;
  std::optional<SampleReader> validation_reader_;
  std::optional<Evaluator> evaluator_;

  int64_t steps_per_epoch_ = 1;
  int64_t total_steps_ = 1;
  int64_t eval_steps_ = 1;
  int64_t save_steps_ = 1;
  Schedule schedule_;
  nlohmann::ordered_json identity_;
  Progress progress_;
  bool stopping_ = false;
  std::vector<std::string> step_ids_;  // of the samples of the step being computed
  double waited_ = 0;                  // seconds for data in this step
  std::chrono::steady_clock::time_point began_;
  int64_t began_step_ = 0;
  int64_t saved_step_ = -1;
};

}  // namespace ccx::train
