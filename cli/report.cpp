// `ccx report`: one self-contained HTML page of captions, pictures and scores, or of a training run.
#include <cmath>
#include <filesystem>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/eval_inputs.h"
#include "cli/version.h"
#include "core/base/counted.h"
#include "core/base/error.h"
#include "core/io/file.h"
#include "core/io/file_kind.h"
#include "core/io/messages.h"
#include "core/io/output_ending.h"
#include "core/report/html.h"
#include "core/report/page.h"
#include "core/report/report.h"
#include "core/report/run_page.h"

namespace ccx::cli {

namespace {

struct Options {
  EvalInputs inputs;
  std::string subject;  // a captions file, a folder that holds one, or the folder of a training run
  std::string out;
  std::string images;
  std::string title;
  int thumbnail = 192;
};

const std::string kProgram = std::string("ccx ") + kVersion;

std::string size_text(const std::string& html) {
  return report::format("%.1f MB", std::ceil(static_cast<double>(html.size()) / 1e5) / 10);
}

bool bring_references(const std::vector<metrics::Prediction>& predictions) {
  for (const metrics::Prediction& prediction : predictions) {
    if (!prediction.references.empty()) return true;
  }
  return false;
}

int report_captions(const Options& options, const std::filesystem::path& captions) {
  EvalInputs inputs = options.inputs;
  inputs.predictions = captions.string();
  io::require_output(options.out, report::page_file(), {captions, inputs.references});
  const std::vector<metrics::Prediction> predictions = pairs::read_predictions(captions).predictions;
  const bool is_stdin = captions == "-";
  report::ReportOptions how;
  how.has_scores = !inputs.references.empty() || bring_references(predictions);
  how.title = options.title.empty() ? (is_stdin ? "Captions" : captions.filename().string()) : options.title;
  how.command = kProgram;
  how.thumbnails.size = options.thumbnail;
  if (!options.images.empty()) how.thumbnails.folders.push_back(options.images);
  how.thumbnails.folders.push_back(std::filesystem::current_path());
  if (!is_stdin) how.thumbnails.folders.push_back(std::filesystem::absolute(captions).parent_path());

  const metrics::Evaluation evaluation =
      how.has_scores ? run_evaluation(inputs) : report::without_references(predictions, no_change_sentences(inputs));
  const report::Report page = report::make_report(evaluation, how);
  io::write_file_atomically(options.out, page.html, report::page_file());
  if (page.missing_pictures != 0) {
    io::say_note(counted(page.missing_pictures, "picture") + " could not be shown (" + page.first_missing +
                 "); --images DIR names the folder that their paths start from");
  }
  io::say_note(counted(evaluation.pairs.size(), "pair") + " in " + options.out + " (" + size_text(page.html) + ")");
  return kOk;
}

// What the page of a training run has no use for would be ignored.
void refuse_caption_options(const options::OptionSet& options, const std::string& subject) {
  for (const options::Option& option : options.all()) {
    const std::string& name = option.declaration.name;
    const bool is_for_both = option.group == "Input" || option.group == "Output" || option.group == kEverywhere;
    if (!option.given || is_for_both) continue;
    throw UsageError(name + " is for a page of captions; " + subject + " is the folder of a training run");
  }
}

int report_run(const Options& options, const std::filesystem::path& folder) {
  io::require_output(options.out, report::page_file(), {folder / "metrics.jsonl", folder / "run.json"});
  const report::RunLog run = report::read_run(folder);
  const std::filesystem::path whole = std::filesystem::absolute(folder).lexically_normal();
  const std::string name = (whole.has_filename() ? whole : whole.parent_path()).filename().string();
  const std::string html = report::make_run_page(run, options.title.empty() ? name : options.title, kProgram);
  io::write_file_atomically(options.out, html, report::page_file());
  if (run.unreadable != 0)
    io::say_note(counted(run.unreadable, "line") + " of metrics.jsonl cannot be read and " +
                 (run.unreadable == 1 ? "is" : "are") + " left out");
  if (!run.settings_problem.empty()) io::say_note(run.settings_problem + ": the page shows no settings");
  io::say_note(counted(run.steps.size(), "step") + " and " + std::to_string(run.evaluations.size()) +
               " evaluations in " + options.out + " (" + size_text(html) + ")");
  return kOk;
}

int run(const Options& options, const options::OptionSet& given) {
  const std::string note = io::require_ending(
      options.out, {{".html", ".htm", ".xhtml"}, "HTML", "the page is named .html, and a browser prints it as PDF"});
  if (!note.empty()) io::say_note(note);
  const std::filesystem::path subject = options.subject;
  std::error_code ignored;
  if (!std::filesystem::is_directory(subject, ignored)) return report_captions(options, subject);
  const bool is_run = std::filesystem::exists(subject / "metrics.jsonl", ignored) ||
                      std::filesystem::exists(subject / "run.json", ignored);
  const bool is_captions = std::filesystem::exists(subject / "captions.jsonl", ignored);
  if (is_captions && is_run) {
    throw InputError(options.subject + " holds captions.jsonl and a training run: name the file, or move it elsewhere");
  }
  if (is_run) {
    refuse_caption_options(given, options.subject);
    return report_run(options, subject);
  }
  if (!is_captions) {
    throw InputError(options.subject +
                     " holds neither captions.jsonl nor a training run's metrics.jsonl: name a file that "
                     "`ccx caption` wrote, or a folder that `ccx train` wrote");
  }
  return report_captions(options, subject / "captions.jsonl");
}

const RegisterCommand kReport(
    35, "report", "Make one HTML page of captions and scores, or of a training run", [](CommandSpec& spec) {
      const auto given = std::make_shared<Options>();
      spec.page = "evaluation";
      spec.about = "The page holds everything it shows and loads nothing.";
      spec.examples = {{"ccx report captions.jsonl --refs LevirCCcaptions.json --out report.html"},
                       {"ccx report run/ --out run.html", "loss, rates and scores of a training run"}};
      options::OptionSet& options = spec.options;
      options.group("Input");
      options.add(&given->subject, {.name = "input",
                                    .value = "PATH",
                                    .help = "What `ccx caption` wrote or - for stdin, a folder that holds "
                                            "captions.jsonl, or the folder of a training run",
                                    .required = true});
      options.group("Output");
      options.add(&given->out, {.name = "--out", .value = "FILE", .help = "The page; - for stdout", .required = true});
      options.add(&given->title,
                  {.name = "--title", .value = "TEXT", .help = "Of the page", .by_default = "the file's name"});
      options.group("Pictures");
      options.add(&given->images, {.name = "--images",
                                   .value = "DIR",
                                   .help = "What relative paths of pictures start from",
                                   .by_default = "the working folder, then that of the captions"});
      options.add(&given->thumbnail, {.name = "--thumbnail",
                                      .value = "N",
                                      .help = "Longest side of a picture, 0 for none",
                                      .unit = "pixels",
                                      .range = {0, 1024}});
      declare_eval_options(options, given->inputs);
      return [given, &spec] { return run(*given, spec.options); };
    });

}  // namespace

}  // namespace ccx::cli
