// How many engines share a CPU, and how many threads each has.
#pragma once

#include <cstddef>

#include "core/model/config.h"

namespace ccx::prepare {

struct WorkerWishes {
  int workers = 0;  // 0: as many as pay
  int threads = 0;  // of each, 0: what suits the model
};

// What a plan is made for.
struct WorkerCase {
  int cores = 1;                      // that the process may use
  std::size_t memory = 0;             // bytes that can still be taken, weights loaded
  bool large = false;                 // is_large() of the model
  std::size_t bytes_of_a_worker = 0;  // buffers besides
  std::size_t pairs = 0;              // of the whole run; 0: many
};

struct WorkerPlan {
  int workers = 1;
  int threads = 1;
};

// Whether a model is large: more than 64 M parameters, 256 MB in float32.
bool is_large(const model::ModelConfig& config);

// A small model's steps are too short to be divided: threads would wait for each other thousands of times a pair. So
// each core gets a worker, and a worker has one thread however many cores there are, which also keeps every sum in the
// same order on every machine. A large model's products divide well, and a worker more needs buffers and reads all
// weights once more for each token: there a worker has four cores before there is a second, and the cores are divided
// among the workers. No more workers than pairs, nor than memory holds. A wish overrules.
WorkerPlan plan_workers(const WorkerWishes& wishes, const WorkerCase& for_case);

// This machine now, for a run of `pairs` (0: many) whose engines decode `rows` captions at once.
WorkerCase case_of(const model::ModelConfig& config, int rows, std::size_t pairs);

// What an engine holds besides the weights, from above: the largest activations of tower and language model, of which
// a few are alive at a time, and the cache of `rows` captions.
std::size_t bytes_of_a_worker(const model::ModelConfig& config, int rows);

}  // namespace ccx::prepare
