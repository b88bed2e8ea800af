// Times the stages of the model apart and sets them against what the machine can do. No LibTorch in this header.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/prepare/stages.h"
#include "core/torch/explain_products.h"

namespace ccx::torch_backend {

struct BenchmarkOptions {
  std::filesystem::path model;  // a checkpoint, or
  std::string shape;            // a published size with random weights: "0.5b", "7b"
  std::string device = "auto";
  std::string dtype = "auto";
  int threads = 0;       // 0: all cores
  int batch = 1;         // pairs at once
  int repetitions = 5;   // the fastest counts
  bool explain = false;  // measure the products' choices too
  // Another backend's stages in the place of LibTorch's, with the model's shapes; on a CPU, one pair at a time.
  std::optional<prepare::Stages> stages;
};

struct StageTiming {
  std::string name;
  double seconds = 0;   // of the fastest repetition, for the whole batch
  double flops = 0;     // products and attention, from the shapes
  double bytes = 0;     // weights and cache read; stated for stages bound by memory
  double achieved = 0;  // FLOP/s, or bytes/s where `bytes` is stated
  double of_peak = 0;   // achieved / the machine's peak of the same run
};

struct BenchmarkResult {
  std::string model, device, dtype;
  int threads = 0, batch = 0, tokens = 0;  // tokens: positions of the prefill
  double peak_flops = 0;      // FLOP/s of large matrix products, the best of bursts taken between the stages
  double peak_bandwidth = 0;  // bytes/s of reading a large array, likewise
  double peak_memory = 0;     // bytes: the process's largest resident size
  // preprocessing (resize and normalise two 256 x 256 pictures, on one thread), tower, difference module, projector,
  // prefill, and a step of decoding.
  std::vector<StageTiming> stages;
  std::vector<ProductChoice> products;  // with `explain`
};

// Throws UsageError, CheckpointError.
BenchmarkResult run_benchmark(const BenchmarkOptions& options);

}  // namespace ccx::torch_backend
