// The options of captioning (caption_options.h).
#include "core/captioner/caption_options.h"

#include <charconv>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/captioner/model_options.h"
#include "core/generate/generation_config.h"
#include "core/image/image_options.h"
#include "core/model/config_keys.h"
#include "core/pairs/lists/no_change_file.h"
#include "core/pairs/source_options.h"

namespace ccx::captioner {
namespace {

using options::Compared;
using options::Custom;
using options::Json;
using options::OptionSet;

constexpr std::size_t kLargestBatch = 4096;

void read_batch(const std::string& text, std::size_t& batch) {
  std::size_t value = 0;
  if (text != "auto") {
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_number = error == std::errc() && stop == text.data() + text.size();
    if (!is_number || value < 1 || value > kLargestBatch) throw UsageError("expected auto, or 1 to 4096");
  }
  batch = value;
}

// A flag that is one of the ways to treat a file that is there.
Custom mode_flag(CaptionJob& job, records::OutputMode mode) {
  return {[&job, mode](const std::string& word) { job.mode = word == "true" ? mode : job.mode; },
          [&job, mode] { return std::string(job.mode == mode ? "true" : ""); }};
}

void declare_input(OptionSet& options, CaptionJob& job) {
  pairs::declare_source_options(options, job.source,
                                "A directory of pairs, or a list (.json, .jsonl, .csv, .txt; - for one on stdin)");
  options.add(&job.limit, {.name = "--limit", .value = "N", .help = "Only the first N pairs", .range = {.least = 1}});
  options.add(Custom{[&job](const std::string& text) {
                       job.shard = records::parse_shard(text, [](const char* name) { return std::getenv(name); });
                     },
                     [&job] { return job.shard.count > 1 ? records::shard_text(job.shard) : ""; }},
              {.name = "--shard", .value = "i/n", .help = "Only part i of n; auto: this task of a SLURM job array"});
  image::declare_image_options(options, job.reading.images);
  options.add(&job.reading.strict,
              {.name = "--strict-pairs",
               .help = "Pairs that cannot be trusted are failed records, not captions with warnings",
               .recorded = {"strict_pairs", Compared::kAlways}});
}

void declare_output(OptionSet& options, CaptionJob& job) {
  options.group("Output");
  options.add(&job.out, {.name = "--out", .value = "FILE", .help = "The records, a line a pair; - for stdout"});
  options.add(
      Custom{[&job](const std::string& text) { job.format = records::record_format_from_name(text); },
             [&job] { return records::record_format_name(job.format.value_or(records::record_format_of(job.out))); }},
      {.name = "--format",
       .value = "NAME",
       .help = "Of the records",
       .by_default = "by the ending of --out, else jsonl",
       .choices = {{"jsonl", "a JSON object a line"}, {"csv", "a table with a header"}, {"tsv", "with tabs"}},
       .recorded = {"format", Compared::kUnlessDefault}});
  options.add(mode_flag(job, records::OutputMode::kResume),
              {.name = "--resume", .help = "Go on where an earlier run stopped"});
  options.add(Custom{[&job](const std::string& word) {
                       job.retry_failed = word == "true";
                       if (job.retry_failed) job.mode = records::OutputMode::kResume;
                     },
                     [&job] { return std::string(job.retry_failed ? "true" : ""); }},
              {.name = "--retry-failed", .help = "Resume, and try failed pairs again"});
  options.add(mode_flag(job, records::OutputMode::kOverwrite),
              {.name = "--overwrite",
               .help = "Begin anew where the file exists and holds captions",
               .excludes = {"--resume", "--retry-failed"}});
  options.add(options::opposite(job.timings), {.name = "--no-timings",
                                               .help = "Leave \"ms\" out: equal runs give equal bytes",
                                               .recorded = {"timings", Compared::kAlways}});
  options.add(&job.heatmaps, {.name = "--heatmaps",
                              .value = "DIR",
                              .help = "Maps of the change: ID.png to look at, ID.npy to compute with",
                              .recorded = {"heatmaps", Compared::kAlways, options::kPresence}});
  options.add(&job.masks, {.name = "--masks",
                           .value = "DIR",
                           .help = "What changed where: ID.png, a kind a pixel, of models with a change head",
                           .recorded = {"masks", Compared::kAlways, options::kPresence}});
  options.add(&job.mask_lengths, {.name = "--mask-rle",
                                  .help = "The same in the records, as COCO's run lengths",
                                  .recorded = {"mask_rle", Compared::kAlways}});
}

void declare_model_and_device(OptionSet& options, CaptionJob& job) {
  options.group("Model");
  declare_model_option(options, job.engine.model);
  options.group("Device");
  declare_device(options, job.engine.device, true);
  declare_dtype(options, job.engine.dtype, {"dtype", Compared::kAlways});
  options.add(Custom{[&job](const std::string& text) { read_batch(text, job.batch); },
                     [&job] { return job.batch == 0 ? "auto" : std::to_string(job.batch); }},
              {.name = "--batch", .value = "N", .help = "Pairs at once; auto: what suits the device"});
  options.add(&job.engine.workers,
              {.name = "--workers",
               .value = "N",
               .help = "Models side by side on a CPU, which share their weights; 0 for as many as pay",
               .range = {0, 1024}});
  declare_threads(options, job.engine.threads, "CPU threads of a worker, 0 for what suits the model");
  options.add(&job.readers, {.name = "--readers",
                             .value = "N",
                             .help = "Threads that read images ahead, 0 for half the cores",
                             .range = {0, 256}});
}

Custom sentences(std::vector<std::string>& to) {
  return {[&to](const std::string& file) { to = pairs::read_no_change_sentences(file); },
          [&to] { return std::string(to.empty() ? "" : "a file"); }, [&to] { return to.empty() ? Json() : Json(to); },
          [&to](const Json& value) {
            if (!value.is_null()) to = value.get<std::vector<std::string>>();
          }};
}

void declare_generation(OptionSet& options, engine::GenerationOverrides& g) {
  options.group("Generation");
  options.add(&g.max_new_tokens, {.name = "--max-new-tokens",
                                  .value = "N",
                                  .help = "The longest caption",
                                  .unit = "tokens",
                                  .range = {1, 4096},
                                  .recorded = {"max_new_tokens", Compared::kAlways}});
  options.add(&g.num_beams, {.name = "--beams",
                             .value = "N",
                             .help = "Beam search with N beams",
                             .range = {1, 64},
                             .recorded = {"num_beams", Compared::kAlways}});
  options.add(&g.candidates,
              {.name = "--candidates",
               .value = "N",
               .help = "Write N captions, one greedy and the others sampled, and take the one most like them all",
               .by_default = "0: generation_config.json's, else 1",
               .range = {0, generate::kMostCandidates},
               .recorded = {"candidates", Compared::kUnlessDefault}});
  options.add(&g.top_p, {.name = "--top-p",
                         .value = "P",
                         .help = "Sample from the likeliest tokens that hold probability P",
                         .range = {0, 1, true},
                         .recorded = {"top_p", Compared::kAlways}});
  options.add(&g.temperature, {.name = "--temperature",
                               .value = "T",
                               .help = "Sample, with logits divided by T",
                               .range = {.least = 1e-3, .most = 1e3},
                               .recorded = {"temperature", Compared::kAlways}});
  options.add(&g.repetition_penalty, {.name = "--repetition-penalty",
                                      .value = "X",
                                      .help = "1 for none",
                                      .by_default = "generation_config.json's",
                                      .range = {.least = 1e-3, .most = 1e3},
                                      .recorded = {"repetition_penalty", Compared::kAlways}});
  options.add(&g.seed, {.name = "--seed",
                        .value = "N",
                        .help = "Of the sampling: a pair draws from it and its id",
                        .recorded = {"seed", Compared::kAlways}});
  options.add(&g.min_p_change,
              {.name = "--min-p-change",
               .value = "P",
               .help = "Tell of a change only where its probability is P or more; 0: whatever the model says",
               .by_default = "the model's",
               .range = {0, 1},
               .recorded = {model::kMinPChangeKey, Compared::kAlways}});
  options.add(sentences(g.no_change_sentences),
              {.name = "--no-change-sentences",
               .value = "FILE",
               .help = "What says that nothing changed: a sentence a line, or a model's config.json",
               .by_default = "the model's",
               .recorded = {"no_change_sentences", Compared::kAlways}});
  options.add(options::opposite(g.p_change), {.name = "--no-p-change",
                                              .help = "Leave \"p_change\" out: quicker where it decides nothing",
                                              .recorded = {"p_change", Compared::kAlways}});
}

}  // namespace

void declare_caption_options(OptionSet& options, CaptionJob& job) {
  declare_input(options, job);
  declare_output(options, job);
  declare_model_and_device(options, job);
  declare_generation(options, job.engine.generation);
}

Json recorded_options(const CaptionJob& job) {
  CaptionJob copy = job;
  OptionSet options;
  declare_caption_options(options, copy);
  return options.recorded();
}

}  // namespace ccx::captioner
