// `ccx eval --masks`: mask pictures against label pictures, found in two folders by name.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

#include "core/change/mask_scores.h"
#include "core/options/option_set.h"

namespace ccx::cli {

struct MaskInputs {
  std::string masks;   // folder; empty: no masks are scored
  std::string labels;  // folder
  std::string scheme = "auto";
};

void declare_mask_options(options::OptionSet& options, MaskInputs& inputs);

// Pairs every mask with the label of its name and scores them. A label's name is its path under the folder without
// extension and without folders called label, labels, mask, masks, gt, target or kinds, so that LEVIR-CC's
// images/test/label/x.png is the label of test/x.png; where that finds none, the one label whose file name is the same.
// Says on stderr how many labels have no mask. Throws UsageError where only one of the folders is named, InputError for
// a mask without label, and what MaskEvaluation does.
change::MaskScores score_masks(const MaskInputs& inputs);

void print_mask_scores(const change::MaskScores& scores);
nlohmann::ordered_json mask_scores_json(const change::MaskScores& scores);

}  // namespace ccx::cli
