// What `ccx train` wrote about a run, read for a report: metrics.jsonl, run.json and where `best` points.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ccx::report {

// One optimiser step. NaN where the line has no such number: the loss of a step that was skipped, or one that is not
// finite or beyond 1e30.
struct StepLine {
  std::int64_t step = 0;
  double loss, grad_norm, lr, tower_lr;
  double pairs = 0;
  double seconds = 0;
  double waited = 0;  // seconds of these in which the device waited for data
  double map_loss;    // NaN where the run has none
};

struct EvaluationLine {
  std::int64_t step = 0;
  std::int64_t pairs = 0;
  std::string split;
  std::string best_by;  // the score that chooses the best checkpoint
  std::map<std::string, double> scores;
};

struct RunLog {
  std::vector<StepLine> steps;              // ascending
  std::vector<EvaluationLine> evaluations;  // ascending
  std::size_t unreadable = 0;               // lines of metrics.jsonl that are neither
  bool cut = false;                         // the last line has no end: it is being written, or was when the run died
  std::vector<std::pair<std::string, std::string>> settings;  // of run.json, as text, nested names joined by dots
  std::string settings_problem;                               // why there are none
  std::optional<std::int64_t> total_steps;
  std::string best;  // what RUN/best points to ("checkpoints/step-00000040"), empty without one
  std::string last;
};

// Where a step occurs twice, as after a crash between a step and its checkpoint, the later lines count. Throws
// InputError naming the file when there is no step and no evaluation to show.
RunLog read_run(const std::filesystem::path& folder);

// The evaluation with the highest score among those that are chosen by the last one's score; the first of equals. Null
// without evaluations.
const EvaluationLine* best_evaluation(const RunLog& run);

}  // namespace ccx::report
