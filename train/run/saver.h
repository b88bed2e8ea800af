// Keeps a run's checkpoints, and takes a run up again from its last.
#pragma once

#include <cstdint>

#include "train/run/run_folder.h"
#include "train/run/setup.h"

namespace ccx::train {

// Called by every rank.
class Saver {
 public:
  explicit Saver(Setup& setup) : setup_(setup) {}

  // Where the run's folder stands: its last checkpoint is read into the learner, or the run begins. Throws UsageError
  // where the run had other settings.
  Progress begin();

  // A checkpoint of the learner as it is now, unless there is one of that step. Older ones go as --keep says.
  void save(const Progress& progress);

 private:
  void write(const Progress& progress);
  void write_state(const std::filesystem::path& folder);

  Setup& setup_;
  int64_t saved_step_ = -1;
};

}  // namespace ccx::train
