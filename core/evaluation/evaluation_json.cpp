// The evaluation as JSON: what `ccx eval --json` prints and `--per-pair` writes.
#include "core/evaluation/evaluation.h"

namespace ccx::metrics {
namespace {

using nlohmann::ordered_json;

ordered_json scores_json(const Scores& scores) {
  ordered_json json = ordered_json::object();
  for (const NamedScore& score : named_scores(scores)) {
    if (score.value) json[score.name] = *score.value;
  }
  return json;
}

// A block without pairs has a count and no scores.
ordered_json block_json(const Block& block) {
  ordered_json json = {{"n", block.scores.n}};
  if (block.scores.n == 0) return json;
  json.update(scores_json(block.scores));
  const std::vector<NamedScore> named = named_scores(block.scores);
  for (std::size_t i = 0; i < block.intervals.size(); ++i) {
    if (block.intervals[i]) json["ci95"][named[i].name] = {block.intervals[i]->low, block.intervals[i]->high};
  }
  return json;
}

ordered_json flag_json(const Confusion& flag) {
  return {{"accuracy", flag.accuracy()},
          {"confusion",
           {{"changed_as_changed", flag.changed_as_changed},
            {"changed_as_unchanged", flag.changed_as_unchanged},
            {"unchanged_as_changed", flag.unchanged_as_changed},
            {"unchanged_as_unchanged", flag.unchanged_as_unchanged}}}};
}

ordered_json calibration_json(const Calibration& calibration) {
  ordered_json bins = ordered_json::array();
  for (std::size_t i = 0; i < calibration.bins.size(); ++i) {
    const Calibration::Bin& bin = calibration.bins[i];
    const double width = 1.0 / static_cast<double>(calibration.bins.size());
    ordered_json entry = {
        {"from", static_cast<double>(i) * width}, {"to", static_cast<double>(i + 1) * width}, {"n", bin.n}};
    if (bin.n != 0) entry.update({{"mean_p", bin.mean_p}, {"changed_share", bin.changed_share}});
    bins.push_back(entry);
  }
  return {{"n", calibration.n}, {"brier", calibration.brier}, {"ece", calibration.ece}, {"bins", bins}};
}

ordered_json risk_json(const RiskCoverage& risk) {
  ordered_json points = ordered_json::array();
  for (const RiskCoverage::Point& point : risk.points) {
    points.push_back({{"coverage", point.coverage},
                      {"n", point.n},
                      {"flag_error", point.flag_error},
                      {"rouge_l_loss", point.rouge_l_loss}});
  }
  return points;
}

}  // namespace

nlohmann::ordered_json to_json(const Evaluation& evaluation) {
  ordered_json json = {{"protocol", protocol_name(evaluation.options.protocol)},
                       {"all", block_json(evaluation.all)},
                       {"changed", block_json(evaluation.changed)},
                       {"unchanged", block_json(evaluation.unchanged)},
                       {"flag", flag_json(evaluation.flag)}};
  if (evaluation.calibration) json["calibration"] = calibration_json(*evaluation.calibration);
  if (evaluation.risk_coverage) json["risk_coverage"] = risk_json(*evaluation.risk_coverage);
  json["records"] = {{"failed", evaluation.failed},
                     {"failed_are", evaluation.options.score_failed ? "scored as empty" : "left out"},
                     {"duplicates", evaluation.duplicates},
                     {"without_references", evaluation.unknown},
                     {"of_another_place", evaluation.elsewhere},
                     {"ambiguous", evaluation.ambiguous},
                     {"without_prediction", evaluation.missing}};
  if (evaluation.options.bootstrap > 0) {
    json["bootstrap"] = {{"rounds", evaluation.options.bootstrap}, {"seed", evaluation.options.seed}};
  }
  return json;
}

nlohmann::ordered_json to_json(const EvaluatedPair& pair) {
  ordered_json json = {{"id", pair.prediction.id}};
  if (!pair.prediction.error.empty()) {
    json["error"] = pair.prediction.error;
  } else {
    json["caption"] = pair.prediction.caption;
    json["changed"] = pair.predicted_changed;
  }
  json["reference_changed"] = pair.reference_changed;
  json["references"] = pair.references;
  if (pair.scores) json.update(scores_json(*pair.scores));
  return json;
}

io::FileKind pair_scores_file() {
  return {"list of scores a pair", [](std::string_view start) {
            const std::string_view line = start.substr(0, start.find('\n'));
            return line.starts_with("{\"id\":") && line.find("\"reference_changed\":") != std::string_view::npos &&
                   line.find("\"references\":") != std::string_view::npos;
          }};
}

}  // namespace ccx::metrics
