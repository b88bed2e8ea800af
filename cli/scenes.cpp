// `ccx scenes`: draws a data set of before/after pairs with captions and change masks.
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <thread>

#include "cli/command.h"
#include "core/base/error.h"
#include "core/scenes/dataset.h"

namespace ccx::cli {

namespace {

volatile std::sig_atomic_t g_interrupted = 0;
void on_signal(int) {
  g_interrupted = 1;
}

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
  std::string format = "png";
  bool resume = false;
};

// A line that overwrites itself on a terminal, one line every ten seconds in a log.
class Progress {
 public:
  void operator()(uint64_t done, uint64_t total) {
    using std::chrono::steady_clock;
    const double elapsed = std::chrono::duration<double>(steady_clock::now() - start_).count();
    if (elapsed < next_ && done != total) return;
    const bool terminal = isatty(STDERR_FILENO) != 0;
    next_ = elapsed + (terminal ? 0.2 : 10.0);
    std::fprintf(stderr, "%s%llu of %llu pairs, %.0f pairs/s%s", terminal ? "\r" : "",
                 static_cast<unsigned long long>(done), static_cast<unsigned long long>(total),
                 static_cast<double>(done) / std::max(elapsed, 1e-6), terminal && done != total ? "" : "\n");
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double next_ = isatty(STDERR_FILENO) != 0 ? 0.0 : 10.0;
};

int run(const Options& options) {
  if (options.count < 1 || options.count > 10'000'000) {
    throw UsageError("--count must lie in 1..10000000, not " + std::to_string(options.count));
  }
  if (options.threads < 0 || options.threads > 1024) {
    throw UsageError("--threads must lie in 1..1024, or be 0 for one a core, not " + std::to_string(options.threads));
  }
  scenes::DatasetOptions dataset;
  dataset.out = options.out;
  dataset.splits = scenes::parse_splits(options.splits, static_cast<uint64_t>(options.count));
  dataset.seed = options.seed;
  dataset.scene = {options.size, options.changed_share, options.removed_share};
  dataset.scene.worlds = scenes::parse_worlds(options.world);
  dataset.format = options.format == "png" ? scenes::ImageFormat::kPng : scenes::ImageFormat::kJpeg;
  dataset.threads =
      options.threads > 0 ? options.threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  dataset.resume = options.resume;
  dataset.progress = Progress();
  dataset.interrupted = [] { return g_interrupted != 0; };
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);

  const scenes::DatasetSummary summary = scenes::write_dataset(dataset);
  if (!summary.complete) {
    std::fprintf(stderr, "ccx: interrupted after %llu pairs; the same command with --resume finishes the data set\n",
                 static_cast<unsigned long long>(summary.pairs));
    return kInterrupted;
  }
  std::fprintf(stderr, "%llu pairs, %llu changed, in %s\n", static_cast<unsigned long long>(summary.pairs),
               static_cast<unsigned long long>(summary.changed), options.out.c_str());
  return kOk;
}

const RegisterCommand kScenes(
    60, "scenes", "Draw before/after pairs with captions and change masks", [](CLI::App& app) {
      auto options = std::make_shared<Options>();
      app.add_option("--out", options->out, "Folder to fill: images/SPLIT/{A,B,label,kinds}/ and LevirCCcaptions.json")
          ->required();
      app.add_option("--count", options->count, "Number of pairs")->required();
      app.add_option("--seed", options->seed, "The same seed gives the same files")->capture_default_str();
      app.add_option("--size", options->size, "Pixels a side, 64 to 1024; the land shown stays, 80 to 205 m a side")
          ->capture_default_str();
      app.add_option("--splits", options->splits, "Names and shares, such as train:0.8,val:0.1,test:0.1")
          ->capture_default_str();
      app.add_option("--changed-share", options->changed_share, "Share of pairs in which something happens")
          ->capture_default_str();
      app.add_option("--removed-share", options->removed_share, "Share of stories told backwards: torn down, not built")
          ->capture_default_str();
      app.add_option(
             "--world", options->world,
             "Which parts of the earth: texas, farmland, desert, redsoil, northern; several with commas, all, or all "
             "but some, as all-desert")
          ->capture_default_str();
      app.add_option("--format", options->format, "Of the pictures; masks are always PNG")
          ->check(CLI::IsMember({"png", "jpg"}))
          ->capture_default_str();
      app.add_option("--threads", options->threads, "Worker threads, 0 for one a core; the files do not depend on it")
          ->capture_default_str();
      app.add_flag("--resume", options->resume, "Finish a data set that was interrupted");
      app.footer("Example:\n  ccx scenes --out scenes --count 20000 --seed 1 --splits train:0.9,val:0.05,test:0.05");
      return [options] { return run(*options); };
    });

}  // namespace

}  // namespace ccx::cli
