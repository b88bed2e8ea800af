// What is scored on a validation split. The evaluator reads each pair once, the model looks at it once, and every
// examiner is shown both.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "train/data/batch.h"
#include "train/model/model.h"

namespace ccx::train {

using ValidationPairs = std::vector<SampleReader::Pair>;

// Pairs, and what the model saw of them.
struct Sight {
  const ValidationPairs& pairs;
  model::CCExpert::Vision vision;  // of the change head alone where no examiner reads tokens
};

// Looks at the pairs, without gradients. `tokens`: beyond the change head.
Sight look(TrainModel& model, const ValidationPairs& pairs, bool tokens);

// Scores, and one of them by which a checkpoint may be chosen.
struct Verdict {
  std::map<std::string, double> scores;
  std::string best_by;  // "" where none of them is for that
  double best_score = 0;
};

// Of one evaluation. What it sees adds up over pairs and, by way of seen() and add(), over ranks.
class Examiner {
 public:
  Examiner() = default;
  Examiner(const Examiner&) = delete;
  Examiner& operator=(const Examiner&) = delete;
  virtual ~Examiner() = default;

  // Whether it asks for more than what the change head says.
  virtual bool reads_tokens() const { return true; }
  // At least one pair and at most a batch, without gradients.
  virtual void see(TrainModel& model, const Sight& sight) = 0;
  virtual nlohmann::json seen() const = 0;
  virtual void forget() = 0;
  virtual void add(const nlohmann::json& seen) = 0;
  virtual Verdict verdict() const = 0;
};

}  // namespace ccx::train
