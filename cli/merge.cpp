// `ccx merge`: joins the captions of shards into one file, if nothing is missing and nothing is double.
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/caption_source.h"
#include "cli/command.h"
#include "core/captioner/merge.h"

namespace ccx::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  ccx merge part-*.jsonl --out captions.jsonl
  ccx merge part-*.jsonl --out captions.jsonl --in pairs/

The files' sidecars (FILE.run.json) say what each should hold. With --in the records are checked against the pairs
themselves, and come out in their order.)";

struct MergeOptions {
  SourceOptions source;
  std::vector<std::string> files;
  std::string out;
  bool overwrite = false;
};

int run(const MergeOptions& o) {
  captioner::MergeJob job;
  job.files.assign(o.files.begin(), o.files.end());
  job.out = o.out;
  job.overwrite = o.overwrite;
  const pairs::PairSource source = o.source.source();
  if (!source.in.empty() || pairs::names_pairs(source)) job.source = source;
  const captioner::MergeSummary summary = captioner::merge_records(job);
  std::cerr << summary.records << " records";
  if (summary.failed > 0) std::cerr << ", " << summary.failed << " of them failed";
  std::cerr << " from " << o.files.size() << (o.files.size() == 1 ? " file: " : " files: ") << o.out << "\n";
  return kOk;
}

const RegisterCommand merge(12, "merge", "Join the captions of shards into one file", [](CLI::App& app) {
  auto options = std::make_shared<MergeOptions>();
  app.add_option("files", options->files, "The shards' captions files; - for stdin")
      ->required()
      ->group("Input")
      ->option_text("FILE...");
  add_source_options(app, options->source, "What was captioned: a directory or manifest to check against");
  app.add_option("--out", options->out, "The joined file; - for stdout")
      ->required()
      ->group("Output")
      ->option_text("FILE (required)");
  app.add_flag("--overwrite", options->overwrite, "Replace the file where it exists")->group("Output");
  app.footer(kExamples);
  return [options] { return run(*options); };
});

}  // namespace
}  // namespace ccx::cli
