// `ccx caption`: a directory or list of image pairs in, one JSON line a pair out.
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/caption_interrupt.h"
#include "cli/caption_progress.h"
#include "cli/caption_source.h"
#include "cli/command.h"
#include "cli/engines.h"
#include "cli/image_options.h"
#include "core/base/error.h"
#include "core/base/no_change.h"
#include "core/captioner/caption_job.h"
#include "core/captioner/dry_run.h"
#include "core/io/standard_output.h"
#include "core/model/model_info.h"
#include "core/pairs/lists/no_change_file.h"

#ifndef CCX_VERSION
#define CCX_VERSION "unknown"
#endif

namespace ccx::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  ccx caption before.tif after.tif                       the caption on stdout; with --out - its record
  ccx caption --in pairs/ --out captions.jsonl
  ccx caption --in pairs/ --out captions.jsonl --resume
  ccx caption --in pairs/ --dry-run
  ccx caption --in LevirCCcaptions.json --split test --out test.jsonl --model checkpoints/ccexpert-0.5b
  ccx caption --in list.jsonl --root /data/images --out captions.jsonl --heatmaps heat/
  ccx caption --in pairs/ --out part-3.jsonl --shard 3/8     then: ccx merge part-*.jsonl --out captions.jsonl

Exit codes: 0 all captioned, 3 some records failed, 2 wrong options or input, 130 interrupted, 1 anything else.)";

struct CaptionOptions {
  SourceOptions source;
  std::vector<std::string> images;  // before and after, or one input
  ImageOptions reading;
  bool strict_pairs = false;
  std::optional<std::size_t> limit;
  std::string shard;
  bool dry_run = false;

  std::string out;
  bool resume = false;
  bool overwrite = false;
  bool retry_failed = false;
  bool no_timings = false;
  std::string heatmaps;
  std::string masks;
  bool mask_rle = false;
  bool quiet = false;
  bool log_json = false;

  std::string model;
  std::string device = "auto";
  std::string dtype = "auto";
  std::string batch = "auto";
  int workers = 0;
  int threads = 0;
  std::size_t readers = 0;

  int max_new_tokens = engine::GenerationOverrides{}.max_new_tokens;
  int beams = 1;
  std::optional<float> top_p;
  std::optional<float> temperature;
  std::optional<float> repetition_penalty;
  uint64_t seed = engine::GenerationOverrides{}.seed;
  std::optional<float> min_p_change;
  std::string no_change_sentences;  // a file
  bool no_p_change = false;
};

// `text` stands where CLI11 would list types, ranges and exclusions.
CLI::Option* shown_as(CLI::Option* option, const std::string& group, const std::string& text) {
  return option->group(group)->option_text(text);
}

void add_input_options(CLI::App& app, CaptionOptions& o) {
  shown_as(app.add_option("images", o.images, "Two images or two folders, before and after; or one input as for --in"),
           "Input", "BEFORE AFTER")
      ->expected(0, 2);
  add_source_options(app, o.source, "A directory of pairs, or a list (.json, .jsonl, .csv, .txt; - for one on stdin)")
      ->option_text("PATH");
  shown_as(app.add_option("--limit", o.limit, "Only the first N pairs"), "Input", "N")->check(CLI::PositiveNumber);
  shown_as(app.add_option("--shard", o.shard, "Only part i of n; auto: this task of a SLURM job array"), "Input",
           "i/n | auto");
  app.add_flag("--dry-run", o.dry_run, "Check every image and list pairs and problems on stdout; loads no model")
      ->group("Input");
}

void add_reading_options(CLI::App& app, CaptionOptions& o) {
  add_image_options(app, o.reading);
  app.add_flag("--strict-pairs", o.strict_pairs,
               "Pairs that cannot be trusted are failed records, not captions with warnings")
      ->group("Images");
}

void add_output_options(CLI::App& app, CaptionOptions& o) {
  shown_as(app.add_option("--out", o.out, "The captions, a JSON line a pair; - for stdout"), "Output", "FILE");
  CLI::Option* resume = app.add_flag("--resume", o.resume, "Go on where an earlier run stopped")->group("Output");
  CLI::Option* retry =
      app.add_flag("--retry-failed", o.retry_failed, "Resume, and try failed pairs again")->group("Output");
  shown_as(app.add_flag("--overwrite", o.overwrite, "Begin anew where the file exists"), "Output", " ")
      ->excludes(resume)
      ->excludes(retry);
  app.add_flag("--no-timings", o.no_timings, "Leave \"ms\" out: equal runs give equal bytes")->group("Output");
  shown_as(app.add_option("--heatmaps", o.heatmaps, "Maps of the change: ID.png to look at, ID.npy to compute with"),
           "Output", "DIR");
  shown_as(
      app.add_option("--masks", o.masks, "What changed where: ID.png, a kind a pixel, of models with a change head"),
      "Output", "DIR");
  app.add_flag("--mask-rle", o.mask_rle, "The same in the records, as COCO's run lengths")->group("Output");
  CLI::Option* quiet = shown_as(app.add_flag("-q,--quiet", o.quiet, "No progress and no notes"), "Output", " ");
  shown_as(app.add_flag("--log-json", o.log_json, "Progress on stderr as JSON lines"), "Output", " ")->excludes(quiet);
  for (CLI::Option* option : {resume, retry}) option->option_text(" ");
}

void add_device_options(CLI::App& app, CaptionOptions& o) {
  shown_as(app.add_option("--model", o.model, "A checkpoint directory ($CCX_MODEL, or the model that comes with ccx)"),
           "Model", "DIR");
  shown_as(app.add_option("--device", o.device, "auto, cpu, cuda, cuda:N or cuda:all"), "Device", "NAME [auto]");
  shown_as(app.add_option("--dtype", o.dtype, "auto, fp32 or bf16"), "Device", "NAME [auto]")
      ->check(CLI::IsMember({"auto", "fp32", "bf16"}));
  shown_as(app.add_option("--batch", o.batch, "Pairs at once; auto: what suits the device"), "Device", "N [auto]");
  shown_as(app.add_option("--workers", o.workers,
                          "Models side by side on a CPU, which share their weights; 0 for as many as pay"),
           "Device", "N [0]")
      ->check(CLI::Range(0, 1024));
  shown_as(app.add_option("--threads", o.threads, "CPU threads of a worker, 0 for what suits the model"), "Device",
           "N [0]")
      ->check(CLI::Range(0, 1024));
  shown_as(app.add_option("--readers", o.readers, "Threads that read images ahead, 0 for half the cores"), "Device",
           "N [0]")
      ->check(CLI::Range(0, 256));
}

void add_generation_options(CLI::App& app, CaptionOptions& o) {
  shown_as(app.add_option("--max-new-tokens", o.max_new_tokens, "The longest caption"), "Generation",
           "N [" + std::to_string(o.max_new_tokens) + "]")
      ->check(CLI::Range(1, 4096));
  shown_as(app.add_option("--beams", o.beams, "Beam search with N beams"), "Generation", "N [1]")
      ->check(CLI::Range(1, 64));
  shown_as(app.add_option("--top-p", o.top_p, "Sample from the likeliest tokens that hold probability P"), "Generation",
           "P")
      ->check(CLI::Range(1e-6F, 1.0F));
  shown_as(app.add_option("--temperature", o.temperature, "Sample, with logits divided by T"), "Generation", "T")
      ->check(CLI::Range(1e-3F, 1e3F));
  shown_as(app.add_option("--repetition-penalty", o.repetition_penalty, "1 for none [generation_config.json's]"),
           "Generation", "X")
      ->check(CLI::Range(1e-3F, 1e3F));
  shown_as(app.add_option("--seed", o.seed, "Of the sampling: a pair draws from it and its id"), "Generation",
           "N [" + std::to_string(o.seed) + "]");
  shown_as(app.add_option("--min-p-change", o.min_p_change,
                          "Tell of a change only where its probability is P or more; 0: whatever the model says"),
           "Generation", "P [the model's]")
      ->check(CLI::Range(0.0F, 1.0F));
  shown_as(app.add_option("--no-change-sentences", o.no_change_sentences,
                          "What says that nothing changed: a sentence a line, or a model's config.json"),
           "Generation", "FILE [the model's]");
  app.add_flag("--no-p-change", o.no_p_change, "Leave \"p_change\" out: quicker where it decides nothing")
      ->group("Generation");
}

std::size_t parsed_batch(const std::string& text) {
  if (text == "auto") return 0;
  char* end = nullptr;
  const unsigned long value = std::strtoul(text.c_str(), &end, 10);
  const bool is_number = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (!is_number || value < 1 || value > 4096) throw UsageError("--batch " + text + ": expected auto, or 1 to 4096");
  return value;
}

ProgressStyle progress_style(const CaptionOptions& o) {
  if (o.quiet) return ProgressStyle::kQuiet;
  if (o.log_json) return ProgressStyle::kJson;
  return ::isatty(STDERR_FILENO) != 0 ? ProgressStyle::kBar : ProgressStyle::kLines;
}

// The pairs to caption: --in, or what stands without an option, or --before and --after.
pairs::PairSource source_of(const CaptionOptions& o) {
  pairs::PairSource source = o.source.source();
  const std::string named = "the images that stand without an option";
  if (o.images.size() == 1 && source.in.empty() && source.before.empty()) source.in = o.images[0];
  if (o.images.size() == 2 && source.in.empty() && source.before.empty() && source.after.empty()) {
    source.before = o.images[0];
    source.after = o.images[1];
  } else if (!o.images.empty() && !(o.images.size() == 1 && source.in == o.images[0])) {
    throw UsageError(named + " and --in, --before or --after name the input twice: take one of the two");
  }
  if (source.in.empty() && !pairs::names_pairs(source)) {
    throw UsageError(
        "nothing to caption: name two images (ccx caption before.tif after.tif), or --in with a directory or a list");
  }
  return source;
}

captioner::CaptionJob job_of(const CaptionOptions& o) {
  captioner::CaptionJob job;
  job.source = source_of(o);
  job.limit = o.limit;
  if (!o.shard.empty()) job.shard = records::parse_shard(o.shard, [](const char* name) { return std::getenv(name); });
  job.out = o.out;
  job.mode = o.overwrite                  ? records::OutputMode::kOverwrite
             : o.resume || o.retry_failed ? records::OutputMode::kResume
                                          : records::OutputMode::kNew;
  job.retry_failed = o.retry_failed;
  job.timings = !o.no_timings;
  if (!o.heatmaps.empty()) job.heatmaps = o.heatmaps;
  if (!o.masks.empty()) job.masks = o.masks;
  job.mask_lengths = o.mask_rle;
  job.reading.images = o.reading.options();
  job.reading.images.allow_outside = o.source.allow_outside;
  job.reading.strict = o.strict_pairs;
  job.batch = parsed_batch(o.batch);
  job.readers = o.readers;
  job.version = CCX_VERSION;
  job.engine.device = o.device;
  job.engine.dtype = o.dtype;
  job.engine.workers = o.workers;
  job.engine.threads = o.threads;
  engine::GenerationOverrides& generation = job.engine.generation;
  generation.max_new_tokens = o.max_new_tokens;
  generation.num_beams = o.beams;
  generation.top_p = o.top_p;
  generation.temperature = o.temperature;
  generation.repetition_penalty = o.repetition_penalty;
  generation.seed = o.seed;
  generation.p_change = !o.no_p_change;
  generation.min_p_change = o.min_p_change;
  if (!o.no_change_sentences.empty()) {
    generation.no_change_sentences = pairs::read_no_change_sentences(o.no_change_sentences);
  }
  if (o.beams > 1 && (o.top_p || o.temperature)) {
    throw UsageError("--beams searches and --top-p or --temperature sample: take one of the two");
  }
  return job;
}

int run_dry(const CaptionOptions& o, const captioner::CaptionJob& job) {
  ProgressPrinter progress(progress_style(o));
  const captioner::Selection selection = captioner::select_pairs(job.source, job.limit, job.shard);
  for (const std::string& note : selection.notes) progress.note(note);
  captioner::ReadingOptions reading = job.reading;
  if (!reading.images.root) reading.images.root = captioner::image_root(job.source);
  const captioner::DryRunSummary summary = captioner::dry_run(
      selection, reading, job.readers, [](const std::string& line) { io::standard_output().write(line + "\n"); },
      interrupted);
  io::standard_output().flush();
  if (!o.quiet && !o.log_json) {
    std::cerr << summary.pairs << (summary.pairs == 1 ? " pair" : " pairs")
              << " (layout: " << pairs::layout_name(selection.layout) << "), " << summary.failing << " would fail";
    std::cerr << "\n";
    for (const std::string& note : captioner::warning_notes(summary.warnings, summary.aligned)) progress.note(note);
  }
  if (summary.interrupted) return kInterrupted;
  return summary.failing > 0 ? kSomeFailed : kOk;
}

int run(const CaptionOptions& o) {
  captioner::CaptionJob job = job_of(o);
  catch_interrupts();
  if (o.dry_run) return run_dry(o, job);
  job.captions_only = o.out.empty() && pairs::names_one_pair(job.source);
  if (job.captions_only) job.out = "-";
  if (job.out.empty()) {
    // Who names two images by hand is told first what is wrong with them.
    if (!job.source.before.empty() || !job.source.after.empty()) pairs::find_pairs(job.source);
    throw UsageError("--out is required: where the captions go, or - for stdout");
  }
  job.engine.model = o.model.empty() ? model::default_model_dir() : std::filesystem::path(o.model);
  // Who asks for one caption wants to read nothing else, but what is wrong.
  const ProgressStyle style = progress_style(o);
  ProgressPrinter progress(job.captions_only && style != ProgressStyle::kJson && !o.quiet ? ProgressStyle::kNotes
                                                                                          : style);
  const captioner::RunSummary summary = captioner::run_caption_job(job, make_engines, progress, interrupted);
  progress.finished(summary, job.out.string());
  if (summary.interrupted) return kInterrupted;
  return summary.failed > 0 ? kSomeFailed : kOk;
}

const RegisterCommand caption(10, "caption", "Caption pairs of images: a JSON line a pair", [](CLI::App& app) {
  auto options = std::make_shared<CaptionOptions>();
  add_input_options(app, *options);
  add_reading_options(app, *options);
  add_output_options(app, *options);
  add_device_options(app, *options);
  add_generation_options(app, *options);
  app.footer(kExamples);
  return [options] { return run(*options); };
});

}  // namespace
}  // namespace ccx::cli
