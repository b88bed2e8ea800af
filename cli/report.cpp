// `ccx report`: one self-contained HTML page of captions, pictures and scores.
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/eval_inputs.h"
#include "core/graph/error.h"
#include "core/io/file.h"
#include "core/report/report.h"

#ifndef CCX_VERSION
#define CCX_VERSION "unknown"
#endif

namespace ccx::cli {

namespace {

struct Options {
  EvalInputs inputs;
  std::string subject;  // a captions file, or a folder that holds one
  std::string out;
  std::string images;
  std::string title;
  int thumbnail = 192;
};

bool bring_references(const std::vector<metrics::Prediction>& predictions) {
  for (const metrics::Prediction& prediction : predictions) {
    if (!prediction.references.empty()) return true;
  }
  return false;
}

int report_captions(const Options& options, const std::filesystem::path& captions) {
  EvalInputs inputs = options.inputs;
  inputs.predictions = captions.string();
  const std::vector<metrics::Prediction> predictions = metrics::read_predictions(captions);
  report::ReportOptions how;
  how.has_scores = !inputs.references.empty() || bring_references(predictions);
  how.title = options.title.empty() ? captions.filename().string() : options.title;
  how.command = std::string("ccx ") + CCX_VERSION;
  how.thumbnails.size = options.thumbnail;
  if (!options.images.empty()) how.thumbnails.folders.push_back(options.images);
  how.thumbnails.folders.push_back(std::filesystem::current_path());
  how.thumbnails.folders.push_back(std::filesystem::absolute(captions).parent_path());

  const metrics::Evaluation evaluation =
      how.has_scores ? run_evaluation(inputs) : report::without_references(predictions);
  const report::Report page = report::make_report(evaluation, how);
  io::write_file_atomically(options.out, page.html);
  if (page.missing_pictures != 0) {
    std::cerr << "ccx: " << page.missing_pictures << " pictures could not be shown (" << page.first_missing
              << "); --images DIR names the folder that their paths start from\n";
  }
  std::cerr << "ccx: " << evaluation.pairs.size() << " pairs in " << options.out << " ("
            << (page.html.size() + 99'999) / 100'000 / 10.0 << " MB)\n";
  return kOk;
}

int run(const Options& options) {
  std::filesystem::path subject = options.subject;
  std::error_code ignored;
  if (std::filesystem::is_directory(subject, ignored)) {
    subject /= "captions.jsonl";
    if (!std::filesystem::exists(subject, ignored)) {
      throw InputError(options.subject + " holds no captions.jsonl: name a file that `ccx caption` wrote");
    }
  }
  return report_captions(options, subject);
}

const RegisterCommand kReport(35, "report", "Make one HTML page of captions, pictures and scores", [](CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("captions", options->subject, "What `ccx caption` wrote, or a folder that holds captions.jsonl")
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
      "Example:\n  ccx report captions.jsonl --refs LevirCCcaptions.json --out report.html");
  return [options] { return run(*options); };
});

}  // namespace

}  // namespace ccx::cli
