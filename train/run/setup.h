// A run that is ready for its first step: what learns, what it is evaluated on, and how many steps there are.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "train/evaluation/evaluate.h"
#include "train/model/model.h"
#include "train/optimise/optimizer.h"
#include "train/optimise/schedule.h"
#include "train/parallel/reducer.h"
#include "train/run/inputs.h"
#include "train/run/ranks.h"

namespace ccx::train {

// Counted in optimiser steps.
struct StepPlan {
  StepPlan(const TrainOptions& options, const Sampler& sampler, int world);

  int64_t per_epoch = 1;
  int64_t total = 1;
  int64_t between_evaluations = 1;
  int64_t between_saves = 1;
  Schedule schedule;
};

// What changes from step to step.
struct Learner {
  Learner(const Inputs& inputs, const Ranks& ranks);

  // With a sharded optimiser every rank has stepped its share of the values: all get the others'.
  void share_values(const Ranks& ranks);

  ParameterSet parameters;
  AdamW optimizer;
  GradientReducer reducer;
  TrainModel model;
};

struct Validation {
  explicit Validation(const Inputs& inputs);

  SampleReader reader;
  GreedyCaptioner captioner;
  Evaluator evaluator;
};

struct Setup {
  // Reads everything, joins the other ranks, opens the folder. Throws as train() does before work has begun.
  explicit Setup(const TrainOptions& options);
  Setup(const Setup&) = delete;
  Setup& operator=(const Setup&) = delete;

  const TrainOptions& options;
  Ranks ranks;
  Inputs inputs;
  Learner learner;
  std::optional<Validation> validation;
  StepPlan plan;
  nlohmann::ordered_json identity;  // what must not change when the run is continued
};

// The leading rank's: run.json, and for people what the run is.
void announce(Setup& setup);

}  // namespace ccx::train
