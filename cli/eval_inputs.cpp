#include "cli/eval_inputs.h"

#include <memory>

#include "core/base/error.h"
#include "core/base/no_change.h"
#include "core/io/messages.h"
#include "core/pairs/lists/no_change_file.h"
#include "core/pairs/lists/predictions.h"

namespace ccx::cli {
namespace {

// METEOR, or null where it is not wanted or its data is not there.
std::unique_ptr<metrics::Meteor> load_meteor(const EvalInputs& inputs) {
  if (inputs.no_meteor) return nullptr;
  const std::filesystem::path folder = metrics::find_meteor_data(inputs.meteor_data);
  if (folder.empty()) {
    io::say_note(
        "METEOR's data is not there, so METEOR and S*_m are left out; scripts/get_meteor_data.sh fetches it, "
        "--meteor-data DIR or CCX_METEOR_DATA names it");
    return nullptr;
  }
  const auto say = [](const std::string& what) { io::say_note(what); };
  return std::make_unique<metrics::Meteor>(metrics::MeteorData::open(folder, say));
}

// stderr: what a reader of the scores must know and stdout must not hold.
void say_remarks(const metrics::Evaluation& evaluation) {
  const auto say = [](std::size_t count, const std::string& what, const std::string& example) {
    if (count != 0)
      io::say_note(std::to_string(count) + " " + what + (example.empty() ? "" : " (such as " + example + ")"));
  };
  const auto first = [](const std::vector<std::string>& ids) { return ids.empty() ? std::string() : ids.front(); };
  say(evaluation.failed,
      evaluation.options.score_failed ? "failed records, scored as empty captions"
                                      : "failed records, left out of the scores",
      "");
  say(evaluation.duplicates.size(), "records repeat an id; the first of each counts", first(evaluation.duplicates));
  say(evaluation.unknown.size(), "predictions have no references and are left out", first(evaluation.unknown));
  say(evaluation.elsewhere.size(),
      "predictions are of another split or place than the reference of their name and left out",
      first(evaluation.elsewhere));
  say(evaluation.ambiguous.size(), "predictions could have one of several references and are left out",
      first(evaluation.ambiguous));
  say(evaluation.by_last_part.size(), "predictions are joined with a reference by the last part of their ids alone",
      first(evaluation.by_last_part));
  say(evaluation.missing.size(), "references have no prediction", first(evaluation.missing));
  say(evaluation.doubtful.size(),
      "captions count as a change but read like none; --no-change-sentences names what says so",
      first(evaluation.doubtful));
  for (const std::string& note : evaluation.notes) io::say_note(note);
}

}  // namespace

void declare_eval_options(options::OptionSet& options, EvalInputs& inputs) {
  options.group("References");
  options.add(
      &inputs.references,
      {.name = "--refs",
       .value = "PATH",
       .help = "In any form of the page captioning (LEVIR-CC, COCO, CCExpert, CSV, ...), - for stdin; not needed "
               "where the captions bring their own as change_caption"});
  options.add(&inputs.split,
              {.name = "--split", .value = "NAME", .help = "Only this split of the references, such as test"});
  options.add(&inputs.no_change_sentences,
              {.name = "--no-change-sentences",
               .value = "FILE",
               .help = "What says that nothing changed: a sentence a line, or a model's config.json",
               .by_default = "LEVIR-CC's five, and what the references of unchanged pairs say"});
  options.add(&inputs.strict,
              {.name = "--strict", .help = "Refuse duplicate ids and ids that are missing on either side"});
  options.group("Scores");
  options.add(&inputs.protocol, {.name = "--protocol",
                                 .value = "NAME",
                                 .help = "How texts are prepared",
                                 .choices = {"ccexpert", "rsicc-ids", "coco-ptb"}});
  options.add(&inputs.bootstrap, {.name = "--bootstrap",
                                  .value = "N",
                                  .help = "Resamples for 95 % intervals over pairs, 0 for none",
                                  .range = {0, 100000}});
  options.add(&inputs.seed, {.name = "--seed", .value = "N", .help = "Of the resampling"});
  options.add(&inputs.failed, {.name = "--failed",
                               .value = "HOW",
                               .help = "Failed records",
                               .choices = {{"skip", "left out"}, {"empty", "scored as empty captions"}}});
  options.add(&inputs.meteor_data, {.name = "--meteor-data",
                                    .value = "DIR",
                                    .help = "METEOR's data, as scripts/get_meteor_data.sh fills it",
                                    .by_default = "where the set-up put it",
                                    .environment = "CCX_METEOR_DATA"});
  options.add(&inputs.no_meteor, {.name = "--no-meteor", .help = "Leave METEOR and S*_m out"});
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
    for (const std::string& note : notes) io::say_note(note);
  };
  const pairs::PredictionList predictions = pairs::read_predictions(inputs.predictions);
  say(predictions.notes);
  pairs::ReferenceList references;
  if (!inputs.references.empty()) references = pairs::read_references(inputs.references);
  say(references.notes);
  const std::unique_ptr<metrics::Meteor> meteor = load_meteor(inputs);
  metrics::Evaluation evaluation =
      metrics::evaluate(predictions.predictions, references.references, options, meteor.get());
  say_remarks(evaluation);
  return evaluation;
}

}  // namespace ccx::cli
