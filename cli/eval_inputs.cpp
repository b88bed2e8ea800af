#include "cli/eval_inputs.h"

#include <iostream>
#include <memory>

#include "core/base/error.h"
#include "core/base/no_change.h"
#include "core/pairs/lists/no_change_file.h"
#include "core/pairs/lists/predictions.h"

namespace ccx::cli {
namespace {

// METEOR, or null where it is not wanted or its data is not there.
std::unique_ptr<metrics::Meteor> load_meteor(const EvalInputs& inputs) {
  if (inputs.no_meteor) return nullptr;
  const std::filesystem::path folder = metrics::find_meteor_data(inputs.meteor_data);
  if (folder.empty()) {
    std::cerr
        << "ccx: METEOR's data is not there, so METEOR and S*_m are left out; scripts/get_meteor_data.sh fetches it, "
           "--meteor-data DIR or CCX_METEOR_DATA names it\n";
    return nullptr;
  }
  const auto say = [](const std::string& what) { std::cerr << "ccx: " << what << '\n'; };
  return std::make_unique<metrics::Meteor>(metrics::MeteorData::open(folder, say));
}

}  // namespace

void add_eval_options(CLI::App& app, EvalInputs& inputs) {
  app.add_option("--refs", inputs.references,
                 "References in any form of docs/captioning.md (LEVIR-CC, COCO, CCExpert, CSV, ...), - for stdin;\n"
                 "not needed where the captions bring their own as change_caption");
  app.add_option("--split", inputs.split, "Use only this split of the references, such as test");
  app.add_option("--no-change-sentences", inputs.no_change_sentences,
                 "What says that nothing changed: a sentence a line, or a model's config.json\n"
                 "[LEVIR-CC's five, and what the references of unchanged pairs say]")
      ->type_name("FILE");
  app.add_option("--protocol", inputs.protocol, "How texts are prepared: ccexpert, rsicc-ids or coco-ptb")
      ->check(CLI::IsMember({"ccexpert", "rsicc-ids", "coco-ptb"}))
      ->capture_default_str();
  app.add_option("--bootstrap", inputs.bootstrap, "Resamples for 95 % intervals over pairs, 0 for none")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  app.add_option("--seed", inputs.seed, "Of the resampling")->capture_default_str();
  app.add_option("--failed", inputs.failed, "Failed records: skip leaves them out, empty scores them as empty captions")
      ->check(CLI::IsMember({"skip", "empty"}))
      ->capture_default_str();
  app.add_flag("--strict", inputs.strict, "Refuse duplicate ids and ids that are missing on either side");
  app.add_option("--meteor-data", inputs.meteor_data,
                 "Folder with METEOR's data, as scripts/get_meteor_data.sh fills it");
  app.add_flag("--no-meteor", inputs.no_meteor, "Leave METEOR and S*_m out");
}

std::vector<std::string> no_change_sentences(const EvalInputs& inputs) {
  if (inputs.no_change_sentences.empty()) return {};
  return pairs::read_no_change_sentences(inputs.no_change_sentences);
}

metrics::Evaluation run_evaluation(const EvalInputs& inputs) {
  metrics::EvaluationOptions options;
  options.protocol = metrics::parse_protocol(inputs.protocol);
  options.split = inputs.split;
  options.strict = inputs.strict;
  options.score_failed = inputs.failed == "empty";
  options.bootstrap = inputs.bootstrap;
  options.seed = inputs.seed;
  options.no_change_sentences = no_change_sentences(inputs);
  if (!inputs.split.empty() && inputs.references.empty()) throw UsageError("--split needs --refs");
  if (inputs.predictions == "-" && inputs.references == "-") {
    throw UsageError("standard input is either the captions or the references: name a file for one of them");
  }
  const auto say = [](const std::vector<std::string>& notes) {
    for (const std::string& note : notes) std::cerr << "ccx: " << note << '\n';
  };
  const pairs::PredictionList predictions = pairs::read_predictions(inputs.predictions);
  say(predictions.notes);
  pairs::ReferenceList references;
  if (!inputs.references.empty()) references = pairs::read_references(inputs.references);
  say(references.notes);
  const std::unique_ptr<metrics::Meteor> meteor = load_meteor(inputs);
  return metrics::evaluate(predictions.predictions, references.references, options, meteor.get());
}

}  // namespace ccx::cli
