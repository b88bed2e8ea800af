// What is scored on a validation split. The evaluator reads each pair once and shows it to every examiner.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "train/data/batch.h"
#include "train/model/model.h"

namespace ccx::train {

using ValidationPairs = std::vector<SampleReader::Pair>;

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

  // At least one pair and at most a batch, without gradients.
  virtual void see(TrainModel& model, const ValidationPairs& pairs) = 0;
  virtual nlohmann::json seen() const = 0;
  virtual void forget() = 0;
  virtual void add(const nlohmann::json& seen) = 0;
  virtual Verdict verdict() const = 0;
};

// The pairs as a batch: pictures, maps and, for those that have them, changes. There are no samples of text in it; an
// empty one stands for each pair.
Batch pictures_of(const ValidationPairs& pairs);

}  // namespace ccx::train
