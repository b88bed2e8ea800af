// The folder of a run: run.json, metrics.jsonl, checkpoints/step-N/, and `last` and `best`, which point into them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/io/line_file.h"
#include "train/optimise/optimizer.h"
#include "train/optimise/parameters.h"
#include "train/parallel/process_group.h"

namespace ccx::train {

// Where a run stands besides its tensors. Shuffling, caption choice and augmentation are functions of the seed and the
// step, so there is no other random state.
struct Progress {
  int64_t step = 0;  // optimiser steps done, skipped ones included
  int64_t pairs = 0;
  int64_t bad_samples = 0;
  int64_t skipped_steps = 0;  // --on-nan skip
  double best_score = -1;
  int64_t best_step = -1;
  std::string best_by;
};

nlohmann::ordered_json to_json(const Progress& progress);

class RunFolder {
 public:
  explicit RunFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& path() const { return folder_; }
  std::filesystem::path checkpoint(int64_t step) const;
  bool has_checkpoint() const;
  // Throws UsageError for a folder that holds something a run would replace and no run wrote, and for one that holds a
  // run unless `resume`. What else lies in it is left alone.
  void check(bool resume) const;

  // For rank 0 alone.
  // Creates the folder, marks it, and takes metrics.jsonl for this process. Throws InputError when it cannot be written
  // or another run writes there.
  void open();
  void write_run_json(const nlohmann::ordered_json& json);
  // Appends one line to metrics.jsonl, whole.
  void log(const nlohmann::ordered_json& line);
  // Drops the lines of steps after `step`, which a continued run will write again, and a cut last line.
  void rewind_log(int64_t step);
  void point_last(int64_t step);
  void point_best(int64_t step);
  // Removes all checkpoints but the newest `keep` and the best. What ccx did not write into them stays; its folders.
  std::vector<std::filesystem::path> prune(int keep, int64_t best_step);

 private:
  std::filesystem::path folder_;
  std::unique_ptr<io::LineFile> metrics_;
};

// Optimiser state and masters of one rank, into `folder`/training_state/.
void save_state(const std::filesystem::path& folder, const ParameterSet& parameters, AdamW& optimizer, int rank);
// Reads them back. Throws CheckpointError naming the file and what does not fit.
void load_state(const std::filesystem::path& folder, ParameterSet& parameters, AdamW& optimizer, int rank);

void write_progress(const std::filesystem::path& folder, const Progress& progress,
                    const nlohmann::ordered_json& identity);
// Throws UsageError naming the setting that differs from `identity`.
Progress read_progress(const std::filesystem::path& folder, const nlohmann::ordered_json& identity);

}  // namespace ccx::train
