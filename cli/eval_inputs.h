// What `ccx eval` and `ccx report` share: the options that name predictions, references and METEOR's data, and running
// the evaluation they describe.
#pragma once

#include <string>

#include "core/evaluation/evaluation.h"
#include "core/options/option_set.h"

namespace ccx::cli {

struct EvalInputs {
  std::string predictions;
  std::string references;
  std::string split;
  std::string no_change_sentences;  // a file
  std::string protocol = "ccexpert";
  std::string meteor_data;
  std::string failed = "skip";
  int bootstrap = 0;
  std::uint64_t seed = 42;
  bool strict = false;
  bool no_meteor = false;
};

void declare_eval_options(options::OptionSet& options, EvalInputs& inputs);

// The sentences of no change that were named; empty where none were.
std::vector<std::string> no_change_sentences(const EvalInputs& inputs);

// Reads, joins and scores. Says on stderr what a reader of the scores must know: what was left out or
// joined by a guess, and when METEOR's data is missing or its tables are being built.
metrics::Evaluation run_evaluation(const EvalInputs& inputs);

}  // namespace ccx::cli
