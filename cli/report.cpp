// `ccx report`: one self-contained HTML page of captions, pictures and scores, or of a training run.
#include <cmath>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/eval_inputs.h"
#include "core/base/error.h"
#include "core/io/destination.h"
#include "core/io/file.h"
#include "core/report/html.h"
#include "core/report/report.h"
#include "core/report/run_page.h"

#ifndef CCX_VERSION
#define CCX_VERSION "unknown"
#endif

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

const std::string kVersion = std::string("ccx ") + CCX_VERSION;

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
  io::require_not_an_input(options.out, {captions, inputs.references});
  const std::vector<metrics::Prediction> predictions = pairs::read_predictions(captions).predictions;
  const bool is_stdin = captions == "-";
  report::ReportOptions how;
  how.has_scores = !inputs.references.empty() || bring_references(predictions);
  how.title = options.title.empty() ? (is_stdin ? "Captions" : captions.filename().string()) : options.title;
  how.command = kVersion;
  how.thumbnails.size = options.thumbnail;
  if (!options.images.empty()) how.thumbnails.folders.push_back(options.images);
  how.thumbnails.folders.push_back(std::filesystem::current_path());
  if (!is_stdin) how.thumbnails.folders.push_back(std::filesystem::absolute(captions).parent_path());

  const metrics::Evaluation evaluation =
      how.has_scores ? run_evaluation(inputs) : report::without_references(predictions, no_change_sentences(inputs));
  const report::Report page = report::make_report(evaluation, how);
  io::write_file_atomically(options.out, page.html);
  if (page.missing_pictures != 0) {
    std::cerr << "ccx: " << page.missing_pictures << " pictures could not be shown (" << page.first_missing
              << "); --images DIR names the folder that their paths start from\n";
  }
  std::cerr << "ccx: " << evaluation.pairs.size() << " pairs in " << options.out << " (" << size_text(page.html)
            << ")\n";
  return kOk;
}

// What the page of a training run has no use for would be ignored.
void refuse_caption_options(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    const std::string name = option->get_name();
    if (option->count() == 0 || name == "input" || name == "--out" || name == "--title" || name == "--help") continue;
    throw UsageError(name + " is for a page of captions; " + app.get_option("input")->results().front() +
                     " is the folder of a training run");
  }
}

int report_run(const Options& options, const std::filesystem::path& folder) {
  io::require_not_an_input(options.out, {folder / "metrics.jsonl", folder / "run.json"});
  const report::RunLog run = report::read_run(folder);
  const std::filesystem::path whole = std::filesystem::absolute(folder).lexically_normal();
  const std::string name = (whole.has_filename() ? whole : whole.parent_path()).filename().string();
  const std::string html = report::make_run_page(run, options.title.empty() ? name : options.title, kVersion);
  io::write_file_atomically(options.out, html);
  if (run.unreadable != 0)
    std::cerr << "ccx: " << run.unreadable << " lines of metrics.jsonl cannot be read and are left out\n";
  if (!run.settings_problem.empty()) std::cerr << "ccx: " << run.settings_problem << ": the page shows no settings\n";
  std::cerr << "ccx: " << run.steps.size() << " steps and " << run.evaluations.size() << " evaluations in "
            << options.out << " (" << size_text(html) << ")\n";
  return kOk;
}

int run(const Options& options, const CLI::App& app) {
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
    refuse_caption_options(app);
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
    35, "report", "Make one HTML page of captions and scores, or of a training run", [](CLI::App& app) {
      auto options = std::make_shared<Options>();
      app.add_option("input", options->subject,
                     "What `ccx caption` wrote or - for stdin, a folder that holds captions.jsonl,\nor the folder of a "
                     "training run")
          ->required();
      app.add_option("--out", options->out, "The page to write")->required();
      add_eval_options(app, options->inputs);
      app.add_option("--images", options->images,
                     "Folder that relative image paths start from; else the working folder,\n"
                     "then the folder of the captions");
      app.add_option("--thumbnail", options->thumbnail, "Longest side of a picture in pixels, 0 for none")
          ->check(CLI::Range(0, 1024))
          ->capture_default_str();
      app.add_option("--title", options->title, "Of the page; the file's name otherwise");
      app.footer(
          "The page holds everything it shows and loads nothing.\n"
          "Examples:\n  ccx report captions.jsonl --refs LevirCCcaptions.json --out report.html\n  ccx report RUN "
          "--out run.html");
      return [options, &app] { return run(*options, app); };
    });

}  // namespace

}  // namespace ccx::cli
