// `ccx bench --throughput`: pairs a second of `ccx caption`'s engines, one or several side by side.
#pragma once

#include "core/torch/benchmark.h"

namespace ccx::cli {

struct ThroughputOptions {
  int workers = 0;  // 0: as many as ccx caption would take
  int pairs = 64;
};

// Measures one worker of one thread, one worker of all cores, and the workers asked for or chosen, on drawn pairs;
// prints a table, or JSON. `run` names the model, device, dtype, threads, batch (0: what suits) and repetitions.
void print_throughput(const torch_backend::BenchmarkOptions& run, const ThroughputOptions& options, bool json);

}  // namespace ccx::cli
