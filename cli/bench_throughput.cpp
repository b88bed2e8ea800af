#include "cli/bench_throughput.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/engines.h"
#include "core/captioner/caption_job.h"
#include "core/captioner/throughput.h"
#include "core/image/normalise.h"
#include "core/io/machine.h"
#include "core/io/standard_output.h"
#include "core/scenes/scenes.h"

namespace ccx::cli {
namespace {

using captioner::Throughput;
using captioner::Way;

std::vector<engine::PixelPair> drawn_pairs(int count, int size) {
  std::vector<engine::PixelPair> pairs;
  for (int i = 0; i < count; ++i) {
    const scenes::Pair scene = scenes::generate(scenes::pair_seed(1, "bench", static_cast<uint64_t>(i)));
    pairs.push_back({image::preprocess(scene.before, size), image::preprocess(scene.after, size)});
  }
  return pairs;
}

// What is compared: without repeating a way that is two things at once.
std::vector<Way> ways_of(const engine::Engine& engine, std::size_t workers) {
  std::vector<Way> ways = {{1, 1}};
  const auto add = [&](const Way& way) {
    const auto same = [&](const Way& other) { return other.workers == way.workers && other.threads == way.threads; };
    if (std::none_of(ways.begin(), ways.end(), same)) ways.push_back(way);
  };
  if (engine.threads() == 0) return {{workers, 0}};  // no CPU: nothing to divide
  add({1, io::usable_cores()});
  add({workers, engine.threads()});
  return ways;
}

}  // namespace

void print_throughput(const torch_backend::BenchmarkOptions& run, const ThroughputOptions& options, bool json) {
  engine::EngineOptions wanted;
  wanted.model = run.model;
  wanted.device = run.device;
  wanted.dtype = run.dtype;
  wanted.workers = options.workers;
  wanted.threads = run.threads;
  wanted.pairs = static_cast<std::size_t>(options.pairs);
  wanted.batch = static_cast<std::size_t>(run.batch);
  const auto engines = make_engines(wanted);
  const engine::Engine& first = *engines[0];
  const auto pairs = drawn_pairs(options.pairs, first.image_size());
  const std::size_t batch = captioner::batch_of(wanted.batch, first.suggested_batch(), pairs.size(), engines.size());
  const std::vector<Way> ways = ways_of(first, engines.size());
  const std::string device = first.device(), dtype = first.dtype();
  const std::vector<Throughput> found = captioner::measure_throughput(engines, ways, pairs, batch, run.repetitions);

  const double base = found[0].pairs_per_second;
  if (json) {
    nlohmann::ordered_json out = {{"model", run.model.string()},
                                  {"device", device},
                                  {"dtype", dtype},
                                  {"cores", io::usable_cores()},
                                  {"batch", batch},
                                  {"pairs", pairs.size()},
                                  {"tokens", found[0].tokens},
                                  {"ways", nlohmann::ordered_json::array()}};
    for (const Throughput& t : found) {
      out["ways"].push_back({{"workers", t.way.workers},
                             {"threads", t.way.threads},
                             {"pairs_per_s", t.pairs_per_second},
                             {"to_first", t.pairs_per_second / base},
                             {"ms", {{"vision", t.ms.vision}, {"prefill", t.ms.prefill}, {"decode", t.ms.decode}}}});
    }
    io::standard_output().write(out.dump(2) + "\n");
    return;
  }
  io::print("%s on %s, %s, %d cores; %zu drawn pairs of %.1f tokens in batches of %zu\n\n", run.model.c_str(),
            device.c_str(), dtype.c_str(), io::usable_cores(), pairs.size(), found[0].tokens, batch);
  io::print("%8s %8s %10s %10s %14s %10s %10s\n", "workers", "threads", "pairs/s", "to first", "vision, ms", "prefill",
            "decode");
  for (const Throughput& t : found) {
    io::print("%8zu %8d %10.2f %10.2f %14.1f %10.1f %10.1f\n", t.way.workers, t.way.threads, t.pairs_per_second,
              t.pairs_per_second / base, t.ms.vision, t.ms.prefill, t.ms.decode);
  }
}

}  // namespace ccx::cli
