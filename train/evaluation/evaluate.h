// Scores a validation split with the model as it is trained.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "train/evaluation/caption_evaluation.h"
#include "train/parallel/process_group.h"

namespace ccx::train {

// What is learnt is what is scored.
struct EvaluationOptions {
  bool captions = true;
  bool maps = false;                  // read off the vision tokens (map_evaluation.h); the reader must ask for maps
  bool changes = false;               // of the change head (change_evaluation.h); the reader must have a change grid
  std::filesystem::path meteor_data;  // empty or not there: no METEOR
  int batch = 8;
};

struct Evaluation {
  int64_t pairs = 0;  // that were captioned, or all of the split where captions are not scored
  int64_t bad = 0;    // pairs that could not be read
  std::map<std::string, double> scores;
  // The score that a checkpoint is chosen by and its name: of captions where they are scored, else of changes, else of
  // maps.
  std::string best_by;
  double best_score = 0;
};

class Evaluator {
 public:
  Evaluator(const std::vector<PairItem>& items, const SampleReader& reader, const GreedyCaptioner& captioner,
            const EvaluationOptions& options)
      : items_(items), reader_(reader), captioner_(captioner), options_(options) {}

  // Reads each pair once and looks at it once, whatever is scored. With a group, every rank takes its share and all get
  // the same result.
  Evaluation run(TrainModel& model, ProcessGroup* group) const;

 private:
  const std::vector<PairItem>& items_;
  const SampleReader& reader_;
  const GreedyCaptioner& captioner_;
  EvaluationOptions options_;
};

}  // namespace ccx::train
