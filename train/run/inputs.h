// What a run is given: its base model, its data and its folder, read and checked before anything is computed.
#pragma once

#include <vector>

#include "core/text/tokenizer.h"
#include "train/checkpoint/initialise.h"
#include "train/data/batch.h"
#include "train/data/sampler.h"
#include "train/run/options.h"
#include "train/run/ranks.h"
#include "train/run/run_folder.h"

namespace ccx::train {

struct Inputs {
  // Throws UsageError and InputError for what is wrong with the options, the model, the data or the folder.
  Inputs(const TrainOptions& options, const Ranks& ranks);
  Inputs(const Inputs&) = delete;
  Inputs& operator=(const Inputs&) = delete;

  const TrainOptions& options;
  BaseModel base;
  text::Tokenizer tokenizer;
  std::vector<PairItem> items, validation;  // no validation: the model is not evaluated
  RunFolder folder;                         // not opened yet
  Sampler sampler;
  SampleReader reader;
};

// Of the change head's targets; without cells where they are not asked for.
ChangeGrid change_grid(const TrainOptions& options, const model::ModelConfig& config);

}  // namespace ccx::train
