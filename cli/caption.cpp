// `ccx caption`: a directory or list of image pairs in, one JSON line a pair out.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/caption_images.h"
#include "cli/caption_progress.h"
#include "cli/command.h"
#include "cli/engines.h"
#include "cli/stop_signal.h"
#include "cli/version.h"
#include "core/base/counted.h"
#include "core/base/error.h"
#include "core/captioner/caption_job.h"
#include "core/captioner/caption_options.h"
#include "core/captioner/dry_run.h"
#include "core/captioner/model_options.h"
#include "core/io/messages.h"
#include "core/io/standard_output.h"
#include "core/records/record_format.h"

namespace ccx::cli {
namespace {

struct CaptionGiven {
  captioner::CaptionJob job;
  std::vector<std::string> images;  // caption_images.h
  bool dry_run = false;
};

int run_dry(const captioner::CaptionJob& job, const std::function<bool()>& interrupted) {
  const captioner::Selection selection = captioner::select_pairs(job.source, job.limit, job.shard);
  for (const std::string& note : selection.notes) io::say_note(note);
  captioner::ReadingOptions reading = job.reading;
  if (!reading.images.root) reading.images.root = captioner::image_root(job.source);
  const captioner::DryRunSummary summary = captioner::dry_run(
      selection, reading, job.readers, [](const std::string& line) { io::standard_output().write(line + "\n"); },
      interrupted);
  io::standard_output().flush();
  io::say_result(counted(summary.pairs, "pair") + " (layout: " + pairs::layout_name(selection.layout) + "), " +
                 std::to_string(summary.failing) + " would fail");
  for (const std::string& note : captioner::warning_notes(summary.warnings, summary.aligned)) io::say_note(note);
  if (summary.interrupted) return kInterrupted;
  return summary.failing > 0 ? kSomeFailed : kOk;
}

void check(const captioner::CaptionJob& job) {
  if (!job.format) records::require_record_ending(job.out);
  const engine::GenerationOverrides& generation = job.engine.generation;
  if (generation.num_beams > 1 && (generation.top_p || generation.temperature)) {
    throw UsageError("--beams searches and --top-p or --temperature sample: take one of the two");
  }
  if (generation.num_beams > 1 && generation.candidates > 1) {
    throw UsageError("--beams searches and --candidates samples: take one of the two");
  }
}

int run(captioner::CaptionJob job, const std::vector<std::string>& images, bool dry) {
  take_images(images, job.source);
  check(job);
  job.reading.images.allow_outside = job.source.allow_outside;
  const std::function<bool()> interrupted = [&asked = watch_stop_signals(kFinishingPairs)] { return asked.load(); };
  if (dry) return run_dry(job, interrupted);
  const bool to_terminal = job.out.empty() && pairs::names_one_pair(job.source);
  job.captions_only = to_terminal && !job.format;
  if (to_terminal) job.out = "-";
  if (job.out.empty()) {
    // Who names two images by hand is told first what is wrong with them.
    if (!job.source.before.empty() || !job.source.after.empty()) pairs::find_pairs(job.source);
    throw UsageError("--out is required: where the captions go, or - for stdout");
  }
  job.version = kVersion;
  job.engine.model = captioner::model_or_default(job.engine.model);
  CaptionProgress progress(job.captions_only && io::message_style() == io::MessageStyle::kPlain);
  const captioner::RunSummary summary = captioner::run_caption_job(job, make_engines, progress, interrupted);
  progress.finished(summary, job.out.string());
  if (summary.interrupted) return kInterrupted;
  return summary.failed > 0 ? kSomeFailed : kOk;
}

const RegisterCommand caption(10, "caption", "Caption pairs of images: a JSON line a pair", [](CommandSpec& spec) {
  const auto given = std::make_shared<CaptionGiven>();
  spec.page = "captioning";
  spec.usage = {"[OPTIONS] BEFORE AFTER", "[OPTIONS] --in PATH --out FILE"};
  spec.examples = {
      {"ccx caption before.tif after.tif", "the caption on stdout; with --out - its record"},
      {"ccx caption --in pairs/ --out captions.jsonl"},
      {"ccx caption --in pairs/ --out captions.jsonl --resume"},
      {"ccx caption --in pairs/ --out captions.csv", "a table"},
      {"ccx caption --in pairs/ --dry-run"},
      {"ccx caption --in LevirCCcaptions.json --split test --out test.jsonl --model checkpoints/ccexpert-0.5b"},
      {"ccx caption --in list.jsonl --root /data/images --out captions.jsonl --heatmaps heat/"},
      {"ccx caption --in pairs/ --out part-3.jsonl --shard 3/8", "then: ccx merge part-*.jsonl --out captions.jsonl"}};
  spec.exits = {{kOk, "all captioned"},
                {kSomeFailed, "done, with failed records"},
                {kInterrupted, "interrupted; --resume goes on"}};
  spec.options.group("Input");
  spec.options.add(&given->images, {.name = "images",
                                    .value = "BEFORE AFTER",
                                    .help = "Two images or two folders, before and after; or one input as for --in",
                                    .most = options::kMany});
  captioner::declare_caption_options(spec.options, given->job);
  spec.options.group("Input");
  spec.options.add(
      &given->dry_run,
      {.name = "--dry-run", .help = "Check every image and list pairs and problems on stdout; loads no model"});
  return [given] { return run(given->job, given->images, given->dry_run); };
});

}  // namespace
}  // namespace ccx::cli
