// `ccx merge`: joins the captions of shards into one file, if nothing is missing and nothing is double.
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "core/base/counted.h"
#include "core/captioner/merge.h"
#include "core/io/messages.h"
#include "core/pairs/source_options.h"
#include "core/records/record_format.h"

namespace ccx::cli {
namespace {

struct MergeGiven {
  captioner::MergeJob job;
  pairs::PairSource source;
};

int run(const MergeGiven& given) {
  captioner::MergeJob job = given.job;
  if (!given.source.in.empty() || pairs::names_pairs(given.source)) job.source = given.source;
  const std::string note = job.format ? "" : records::require_record_ending(job.out);
  if (!note.empty()) io::say_note(note);
  const captioner::MergeSummary summary = captioner::merge_records(job);
  const std::string failed =
      summary.failed > 0 ? ", " + std::to_string(summary.failed) + " of them failed" : std::string();
  io::say_result(counted(summary.records, "record") + failed + " from " + counted(job.files.size(), "file") + ": " +
                 job.out.string());
  return kOk;
}

options::Custom format_of(captioner::MergeJob& job) {
  return {[&job](const std::string& text) { job.format = records::record_format_from_name(text); },
          [&job] { return job.format ? records::record_format_name(*job.format) : ""; }};
}

const RegisterCommand merge(12, "merge", "Join the captions of shards into one file", [](CommandSpec& spec) {
  const auto given = std::make_shared<MergeGiven>();
  spec.page = "captioning";
  spec.about =
      "The files' sidecars (FILE.run.json) say what each should hold. With --in the records are checked against the "
      "pairs themselves, and come out in their order.";
  spec.examples = {{"ccx merge part-*.jsonl --out captions.jsonl"},
                   {"ccx merge part-*.jsonl --out captions.jsonl --in pairs/"}};
  spec.exits = {{kOk, "all are there, once, and joined"}};
  options::OptionSet& options = spec.options;
  options.group("Input");
  options.add(&given->job.files, {.name = "files",
                                  .value = "FILE...",
                                  .help = "The shards' captions files; - for stdin",
                                  .most = options::kMany,
                                  .required = true});
  pairs::declare_source_options(options, given->source, "What was captioned: a directory or list to check against");
  options.group("Output");
  options.add(&given->job.out,
              {.name = "--out", .value = "FILE", .help = "The joined file; - for stdout", .required = true});
  options.add(format_of(given->job), {.name = "--format",
                                      .value = "NAME",
                                      .help = "Of the joined file; tables stay tables",
                                      .by_default = "by the ending of --out; of stdout the files' own",
                                      .choices = {"jsonl", "csv", "tsv"}});
  options.add(&given->job.overwrite,
              {.name = "--overwrite", .help = "Replace the file where it exists and holds captions"});
  return [given] { return run(*given); };
});

}  // namespace
}  // namespace ccx::cli
