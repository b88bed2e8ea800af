// `ccx bench`: how fast each stage of captioning or a training step runs, and what share of the machine's speed that
// is.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/bench_throughput.h"
#include "cli/command.h"
#include "core/base/error.h"
#include "core/captioner/model_options.h"
#include "core/io/standard_output.h"
#include "core/lean/engine/lean_engine.h"
#include "core/lean/engine/lean_stages.h"
#include "core/torch/benchmark.h"
#include "core/torch/make_engines.h"
#include "train/run/benchmark.h"

namespace ccx::cli {
namespace {

using torch_backend::BenchmarkOptions;
using torch_backend::BenchmarkResult;

struct Given {
  BenchmarkOptions run;
  ThroughputOptions throughput;
  int batch = 0;  // 0: none given
  bool train = false;
  bool is_throughput = false;
  bool checkpointing = false;
  bool json = false;
};

nlohmann::ordered_json to_json(const BenchmarkResult& result) {
  nlohmann::ordered_json json = {{"model", result.model},
                                 {"device", result.device},
                                 {"dtype", result.dtype},
                                 {"threads", result.threads},
                                 {"batch", result.batch},
                                 {"prefill_tokens", result.tokens},
                                 {"peak_gflops", result.peak_flops / 1e9},
                                 {"peak_gbytes_per_s", result.peak_bandwidth / 1e9},
                                 {"peak_memory_bytes", result.peak_memory},
                                 {"stages", nlohmann::ordered_json::array()}};
  for (const auto& stage : result.stages) {
    nlohmann::ordered_json entry = {{"name", stage.name}, {"ms", stage.seconds * 1e3}, {"gflop", stage.flops / 1e9}};
    if (stage.bytes > 0) entry["gbytes"] = stage.bytes / 1e9;
    entry["bound_by"] = stage.bytes > 0 ? "memory" : "compute";
    entry["achieved"] = stage.achieved / 1e9;
    entry["of_peak"] = stage.of_peak;
    json["stages"].push_back(entry);
  }
  for (const auto& product : result.products) {
    nlohmann::ordered_json entry = {{"weight", product.weight},
                                    {"count", product.count},
                                    {"rows", product.rows},
                                    {"in", product.in},
                                    {"out", product.out},
                                    {"choice", product.packed ? "packed" : "plain"},
                                    {"plain_ms", product.plain_seconds * 1e3}};
    if (product.packed_seconds >= 0) entry["packed_ms"] = product.packed_seconds * 1e3;
    json["products"].push_back(entry);
  }
  return json;
}

void print_table(const BenchmarkResult& result) {
  io::print("%s on %s, %s, %d threads, %d pair(s), %d positions\n", result.model.c_str(), result.device.c_str(),
            result.dtype.c_str(), result.threads, result.batch, result.tokens);
  io::print("this machine in this run: %.0f GFLOP/s in large products, %.1f GB/s reading, peak memory %.2f GB\n\n",
            result.peak_flops / 1e9, result.peak_bandwidth / 1e9, result.peak_memory / 1e9);
  io::print("%-20s %10s %10s %10s %16s %8s\n", "stage", "ms", "GFLOP", "GB read", "achieved", "of peak");
  for (const auto& stage : result.stages) {
    char bytes[16] = "-";
    if (stage.bytes > 0) std::snprintf(bytes, sizeof(bytes), "%.2f", stage.bytes / 1e9);
    char achieved[24];
    std::snprintf(achieved, sizeof(achieved), "%.1f %s", stage.achieved / 1e9, stage.bytes > 0 ? "GB/s" : "GFLOP/s");
    io::print("%-20s %10.2f %10.2f %10s %16s %7.0f%%\n", stage.name.c_str(), stage.seconds * 1e3, stage.flops / 1e9,
              bytes, achieved, stage.of_peak * 100);
  }
  if (result.products.empty()) return;
  io::print("\nproducts of a pair and of a decoding step, in ms each: as the weight lies, and packed for oneDNN\n\n");
  io::print("%5s %22s %10s %10s %8s  %s\n", "count", "rows x in x out", "plain", "packed", "taken", "for example");
  for (const auto& product : result.products) {
    char packed[16] = "-";
    if (product.packed_seconds >= 0) std::snprintf(packed, sizeof(packed), "%.3f", product.packed_seconds * 1e3);
    const std::string shape =
        std::to_string(product.rows) + " x " + std::to_string(product.in) + " x " + std::to_string(product.out);
    io::print("%5d %22s %10.3f %10s %8s  %s\n", product.count, shape.c_str(), product.plain_seconds * 1e3, packed,
              product.packed ? "packed" : "plain", product.weight.c_str());
  }
}

nlohmann::ordered_json to_json(const train::StepBenchmark& result) {
  return {{"model", result.model},
          {"device", result.device},
          {"dtype", result.dtype},
          {"threads", result.threads},
          {"batch", result.batch},
          {"checkpointing", result.checkpointing},
          {"positions", result.positions},
          {"trainable_parameters", result.parameters},
          {"peak_gflops", result.peak_flops / 1e9},
          {"peak_memory_bytes", result.peak_memory},
          {"step_ms", result.seconds * 1e3},
          {"pairs_per_s", result.pairs_per_second},
          {"gflop", result.flops / 1e9},
          {"achieved", result.achieved / 1e9},
          {"of_peak", result.of_peak}};
}

void print_table(const train::StepBenchmark& result) {
  io::print("a training step of %s on %s, %s, %d threads, %d pair(s) of %lld positions%s\n", result.model.c_str(),
            result.device.c_str(), result.dtype.c_str(), result.threads, result.batch,
            static_cast<long long>(result.positions), result.checkpointing ? ", activation checkpointing" : "");
  io::print(
      "%.2f M parameters learn; this machine in this run: %.0f GFLOP/s in large products, peak memory %.2f GB\n\n",
      static_cast<double>(result.parameters) / 1e6, result.peak_flops / 1e9, result.peak_memory / 1e9);
  io::print("%10s %10s %10s %16s %8s\n", "ms", "pairs/s", "GFLOP", "achieved", "of peak");
  char achieved[24];
  std::snprintf(achieved, sizeof(achieved), "%.1f GFLOP/s", result.achieved / 1e9);
  io::print("%10.2f %10.3g %10.2f %16s %7.0f%%\n", result.seconds * 1e3, result.pairs_per_second, result.flops / 1e9,
            achieved, result.of_peak * 100);
}

template <typename Result>
int print(const Result& result, bool json) {
  if (json) {
    io::standard_output().write(to_json(result).dump(2) + "\n");
  } else {
    print_table(result);
  }
  return kOk;
}

// What `ccx caption` would not have LibTorch compute is timed where it is computed.
void add_own_stages(BenchmarkOptions& run) {
  if (!run.shape.empty() || run.batch > 1 || !torch_backend::means_cpu(run.device)) return;
  const model::Checkpoint checkpoint(run.model);
  if (run.explain || !lean::can_caption(checkpoint.config(), run.dtype, checkpoint.stored_bits())) return;
  engine::EngineOptions options;
  options.model = run.model;
  run.stages = lean::stages_of(prepare::load(options));
  run.dtype = run.stages->dtype;
}

int run(Given given) {
  if (given.run.shape.empty()) given.run.model = captioner::model_or_default(given.run.model);
  if (given.batch > 0) given.run.batch = given.batch;
  if (given.is_throughput) {
    if (!given.run.shape.empty()) {
      throw UsageError("--throughput captions pairs, and random weights say nothing of them: --model DIR, not --shape");
    }
    given.run.batch = given.batch;
    print_throughput(given.run, given.throughput, given.json);
    return kOk;
  }
  if (given.train) return print(train::benchmark_step(given.run, given.checkpointing), given.json);
  add_own_stages(given.run);
  return print(torch_backend::run_benchmark(given.run), given.json);
}

void declare_model_and_device(options::OptionSet& options, Given& given) {
  options.group("Model");
  captioner::declare_model_option(options, given.run.model);
  options.add(&given.run.shape, {.name = "--shape",
                                 .value = "NAME",
                                 .help = "A published size with random weights, no file needed",
                                 .choices = {"0.5b", "7b"},
                                 .excludes = {"--model"}});
  options.group("Device");
  captioner::declare_device(options, given.run.device);
  captioner::declare_dtype(options, given.run.dtype);
  captioner::declare_threads(options, given.run.threads);
}

void declare_measuring(options::OptionSet& options, Given& given) {
  options.group("Measuring");
  options.add(&given.batch, {.name = "--batch",
                             .value = "N",
                             .help = "Pairs at once",
                             .by_default = "1; with --throughput what suits",
                             .range = {1, 4096}});
  options.add(
      &given.run.repetitions,
      {.name = "--repetitions", .value = "N", .help = "Runs of each stage; the fastest counts", .range = {1, 1000}});
  options.add(&given.run.explain,
              {.name = "--explain",
               .help = "Also how each product's weight is kept on a CPU, plain or packed, and what both take",
               .excludes = {"--train", "--throughput"}});
  options.add(&given.train, {.name = "--train",
                             .help = "Time a training step: forward, backward, clipping and AdamW",
                             .excludes = {"--throughput"}});
  options.add(&given.checkpointing, {.name = "--checkpointing",
                                     .help = "With --train: forget activations and compute them again",
                                     .needs = {"--train"}});
  options.add(&given.is_throughput,
              {.name = "--throughput",
               .help = "Pairs a second of ccx caption's workers on drawn pairs, against one worker of one thread"});
  options.add(&given.throughput.workers, {.name = "--workers",
                                          .value = "N",
                                          .help = "With --throughput: workers, 0 for as many as ccx caption takes",
                                          .range = {0, 1024},
                                          .needs = {"--throughput"}});
  options.add(&given.throughput.pairs, {.name = "--pairs",
                                        .value = "N",
                                        .help = "With --throughput: pairs of each repetition",
                                        .range = {1, 100000},
                                        .needs = {"--throughput"}});
}

const RegisterCommand bench(61, "bench", "Time the stages of the model against the machine's peak",
                            [](CommandSpec& spec) {
                              const auto given = std::make_shared<Given>();
                              spec.page = "performance";
                              spec.examples = {{"ccx bench"},
                                               {"ccx bench --shape 0.5b --threads 2"},
                                               {"ccx bench --train --model base --batch 8"},
                                               {"ccx bench --throughput"},
                                               {"ccx bench --explain"}};
                              options::OptionSet& options = spec.options;
                              declare_model_and_device(options, *given);
                              declare_measuring(options, *given);
                              options.group("Output");
                              options.add(&given->json, {.name = "--json", .help = "JSON instead of a table"});
                              return [given] { return run(*given); };
                            });

}  // namespace
}  // namespace ccx::cli
