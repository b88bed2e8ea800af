// One optimiser step: gradients of the micro-batches, clipping, AdamW.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "train/data/loader.h"
#include "train/run/setup.h"

namespace ccx::train {

// What a step came to, over all ranks.
struct StepResult {
  double loss = 0, map_loss = 0, change_loss = 0;  // means over the micro-batches; not a number where there were none
  double gradient_norm = 0;
  int64_t pairs = 0;
  int64_t bad_samples = 0;
  bool skipped = false;  // neither loss nor gradient may step where one is not finite
  bool stop = false;     // a rank was asked to
  double seconds = 0;    // of this rank
  double waited = 0;     // of these for data
};

class Step {
 public:
  // `stop` is looked at once a step. All must outlive the step.
  Step(Setup& setup, const std::atomic<bool>& stop) : setup_(setup), stop_(stop) {}

  // Micro-batch `local_index` of this rank, for the loader's threads.
  Batch read_batch(int64_t local_index) const;

  // Step `step`, counted from 0, with the loader's next micro-batches. Throws Error naming this rank's samples where
  // the loss is not finite, unless such steps are skipped.
  StepResult take(int64_t step, Loader& loader);

 private:
  // Over micro-batches, and exchanged over ranks as one small vector.
  struct Sums {
    double loss = 0;
    double micro_batches = 0;
    double pairs = 0;
    double bad = 0;
    double not_finite = 0;
    double stop = 0;
    double map_loss = 0;
    double change_loss = 0;

    std::vector<double> values() const {
      return {loss, micro_batches, pairs, bad, not_finite, stop, map_loss, change_loss};
    }
    static Sums from(const std::vector<double>& v) { return {v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]}; }
  };

  // This rank's part of the step that is being taken.
  struct Own {
    std::vector<std::string> ids;  // of its samples
    double waited = 0;
  };

  Sums compute_gradients(int64_t step, Loader& loader, Own& own);
  void add_loss(const Batch& batch, int64_t index, double micro_batches, Sums& sums);
  double exchange_norm() const;
  bool is_finite(int64_t step, const Sums& sums, double norm, const Own& own) const;

  Setup& setup_;
  const std::atomic<bool>& stop_;
};

}  // namespace ccx::train
