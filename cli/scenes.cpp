// `ccx scenes`: draws a data set of before/after pairs with captions and change masks.
#include <algorithm>
#include <memory>
#include <thread>

#include "cli/command.h"
#include "cli/pair_progress.h"
#include "cli/stop_signal.h"
#include "core/base/counted.h"
#include "core/io/messages.h"
#include "core/scenes/dataset.h"

namespace ccx::cli {

namespace {

struct Options {
  std::string out;
  int64_t count = 0;
  uint64_t seed = 0;
  int size = 256;
  std::string splits = "train";
  int threads = 0;
  float changed_share = 0.5f;
  float removed_share = scenes::SceneOptions().removed_share;
  std::string world = "all";
  std::string image_format = "png";
  bool resume = false;
};

int run(const Options& options) {
  scenes::DatasetOptions dataset;
  dataset.out = options.out;
  dataset.splits = scenes::parse_splits(options.splits, static_cast<uint64_t>(options.count));
  dataset.seed = options.seed;
  dataset.scene = {options.size, options.changed_share, options.removed_share};
  dataset.scene.worlds = scenes::parse_worlds(options.world);
  dataset.format = options.image_format == "png" ? scenes::ImageFormat::kPng : scenes::ImageFormat::kJpeg;
  dataset.threads =
      options.threads > 0 ? options.threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  dataset.resume = options.resume;
  PairProgress progress;
  dataset.progress = [&progress](uint64_t done, uint64_t) { progress.advance(done); };
  dataset.interrupted = [&asked = watch_stop_signals(kFinishingPairs)] { return asked.load(); };
  progress.start(static_cast<uint64_t>(options.count));

  const scenes::DatasetSummary summary = scenes::write_dataset(dataset);
  if (!summary.complete) {
    io::say_error("interrupted after " + counted(summary.pairs, "pair") +
                  "; the same command with --resume finishes the data set");
    return kInterrupted;
  }
  io::say_result(counted(summary.pairs, "pair") + ", " + std::to_string(summary.changed) + " changed, in " +
                 options.out);
  return kOk;
}

const RegisterCommand kScenes(
    60, "scenes", "Draw before/after pairs with captions and change masks", [](CommandSpec& spec) {
      const auto given = std::make_shared<Options>();
      spec.page = "scenes";
      spec.examples = {{"ccx scenes --out scenes --count 20000 --seed 1 --splits train:0.9,val:0.05,test:0.05"}};
      spec.exits = {{kInterrupted, "interrupted; --resume finishes the data set"}};
      options::OptionSet& options = spec.options;
      options.group("Output");
      options.add(&given->out, {.name = "--out",
                                .value = "DIR",
                                .help = "Folder to fill: images/SPLIT/{A,B,label,kinds}/ and LevirCCcaptions.json",
                                .required = true});
      options.add(
          &given->count,
          {.name = "--count", .value = "N", .help = "Number of pairs", .range = {1, 10'000'000}, .required = true});
      options.add(
          &given->splits,
          {.name = "--splits", .value = "LIST", .help = "Names and shares, such as train:0.8,val:0.1,test:0.1"});
      options.add(&given->image_format, {.name = "--image-format",
                                         .value = "NAME",
                                         .help = "Of the pictures (masks are always PNG)",
                                         .choices = {"png", "jpg"}});
      options.add(&given->resume, {.name = "--resume", .help = "Finish a data set that was interrupted"});
      options.group("Scenes");
      options.add(&given->seed, {.name = "--seed", .value = "N", .help = "The same seed gives the same files"});
      options.add(&given->size, {.name = "--size",
                                 .value = "N",
                                 .help = "A side, 64 to 1024; the land shown stays, 80 to 205 m a side",
                                 .unit = "pixels"});
      options.add(&given->changed_share,
                  {.name = "--changed-share", .value = "P", .help = "Share of pairs in which something happens"});
      options.add(
          &given->removed_share,
          {.name = "--removed-share", .value = "P", .help = "Share of stories told backwards: torn down, not built"});
      options.add(&given->world,
                  {.name = "--world",
                   .value = "NAME",
                   .help = "Which parts of the earth: texas, farmland, desert, redsoil, northern; several "
                           "with commas, all, or all but some, as all-desert"});
      options.group("Machine");
      options.add(&given->threads, {.name = "--threads",
                                    .value = "N",
                                    .help = "Worker threads, 0 for one a core; the files do not depend on it",
                                    .range = {0, 1024}});
      return [given] { return run(*given); };
    });

}  // namespace

}  // namespace ccx::cli
