// `ccx eval`: scores captions against references with the field's metrics.
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "cli/command.h"
#include "cli/eval_inputs.h"
#include "cli/eval_masks.h"
#include "core/base/error.h"
#include "core/evaluation/evaluation.h"
#include "core/io/file.h"
#include "core/io/file_kind.h"
#include "core/io/messages.h"
#include "core/io/output_ending.h"
#include "core/io/standard_output.h"

namespace ccx::cli {

namespace {

using metrics::Block;
using metrics::Evaluation;
using metrics::NamedScore;

struct Options {
  EvalInputs inputs;
  MaskInputs masks;
  std::string per_pair;
  bool json = false;
};

std::string format(const char* pattern, double value) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, value);
  return text;
}

// One column a block: scores in the scorers' raw values, 95 % intervals beneath where they were asked for.
void print_scores(const Evaluation& evaluation) {
  const Block* blocks[] = {&evaluation.all, &evaluation.changed, &evaluation.unchanged};
  const bool intervals = evaluation.options.bootstrap > 0;
  io::print("%-9s %19s %19s %19s\n", "", "all", "changed", "unchanged");
  io::print("%-9s", "pairs");
  for (const Block* block : blocks) io::print(" %19zu", block->scores.n);
  io::print("\n");
  const std::vector<NamedScore> rows = named_scores(evaluation.all.scores);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!rows[row].value) continue;
    io::print("%-9s", rows[row].label);
    for (const Block* block : blocks) {
      const auto value = named_scores(block->scores)[row].value;
      io::print(" %19s", block->scores.n == 0 || !value ? "-" : format("%.4f", *value).c_str());
    }
    io::print("\n");
    if (!intervals) continue;
    io::print("%-9s", "  95 %");
    for (const Block* block : blocks) {
      const auto& interval = block->intervals[row];
      io::print(" %19s",
                interval ? (format("%.4f", interval->low) + " - " + format("%.4f", interval->high)).c_str() : "");
    }
    io::print("\n");
  }
}

void print_flag(const metrics::Confusion& flag) {
  io::print("\nchange flag: %.4f right (%zu of %zu)\n", flag.accuracy(),
            flag.changed_as_changed + flag.unchanged_as_unchanged, flag.total());
  io::print("%-23s %12s %12s\n", "", "said changed", "said same");
  io::print("%-23s %12zu %12zu\n", "  changed pairs", flag.changed_as_changed, flag.changed_as_unchanged);
  io::print("%-23s %12zu %12zu\n", "  unchanged pairs", flag.unchanged_as_changed, flag.unchanged_as_unchanged);
}

void print_confidence(const Evaluation& evaluation) {
  if (evaluation.calibration) {
    const metrics::Calibration& calibration = *evaluation.calibration;
    io::print("\ncalibration of p_change (%zu pairs): Brier score %.4f, expected calibration error %.4f\n",
              calibration.n, calibration.brier, calibration.ece);
    io::print("  %-10s %6s %9s %9s\n", "p_change", "pairs", "mean p", "changed");
    for (std::size_t i = 0; i < calibration.bins.size(); ++i) {
      const auto& bin = calibration.bins[i];
      if (bin.n == 0) continue;
      const double width = 1.0 / static_cast<double>(calibration.bins.size());
      io::print("  %.1f - %.1f  %6zu %9.3f %9.3f\n", static_cast<double>(i) * width, static_cast<double>(i + 1) * width,
                bin.n, bin.mean_p, bin.changed_share);
    }
  }
  if (evaluation.risk_coverage) {
    io::print("\nkeeping only the surest captions (mean log-probability):\n  %-10s %6s %12s %14s\n", "kept", "pairs",
              "flag wrong", "1 - ROUGE-L");
    for (const auto& point : evaluation.risk_coverage->points) {
      io::print("  %3.0f %%      %6zu %12.4f %14.4f\n", 100 * point.coverage, point.n, point.flag_error,
                point.rouge_l_loss);
    }
  }
}

void print_json(const nlohmann::ordered_json& json) {
  io::standard_output().write(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

void write_pairs(const Evaluation& evaluation, const std::string& path) {
  std::string lines;
  for (const metrics::EvaluatedPair& pair : evaluation.pairs) {
    lines += metrics::to_json(pair).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  }
  io::write_file_atomically(path, lines, metrics::pair_scores_file());
}

int run_captions(const Options& options, const std::optional<change::MaskScores>& masks) {
  const Evaluation evaluation = run_evaluation(options.inputs);
  if (!options.per_pair.empty()) write_pairs(evaluation, options.per_pair);
  if (options.json) {
    nlohmann::ordered_json json = metrics::to_json(evaluation);
    if (masks) json["masks"] = mask_scores_json(*masks);
    print_json(json);
    return kOk;
  }
  io::print("protocol %s%s\n\n", protocol_name(evaluation.options.protocol).c_str(),
            evaluation.has_meteor ? "" : " (without METEOR)");
  print_scores(evaluation);
  print_flag(evaluation.flag);
  print_confidence(evaluation);
  if (masks) print_mask_scores(*masks);
  return kOk;
}

int run(const Options& options) {
  if (options.inputs.predictions.empty() && !options.per_pair.empty())
    throw UsageError("--per-pair is for captions: name them with --pred");
  const std::string note =
      io::require_ending(options.per_pair, io::json_lines("the scores of pairs are written as .jsonl"));
  if (!note.empty()) io::say_note(note);
  io::require_output(options.per_pair, metrics::pair_scores_file(),
                     {options.inputs.predictions, options.inputs.references});
  std::optional<change::MaskScores> masks;
  if (!options.masks.masks.empty() || !options.masks.labels.empty()) masks = score_masks(options.masks);
  if (!options.inputs.predictions.empty()) return run_captions(options, masks);
  if (!masks)
    throw UsageError("there is nothing to score: --pred names captions, --masks and --labels folders of masks");
  if (options.json) {
    print_json({{"masks", mask_scores_json(*masks)}});
  } else {
    print_mask_scores(*masks);
  }
  return kOk;
}

const RegisterCommand kEval(
    30, "eval", "Score captions with BLEU, METEOR, ROUGE-L, CIDEr-D and S*_m", [](CommandSpec& spec) {
      const auto given = std::make_shared<Options>();
      spec.page = "evaluation";
      spec.about =
          "Scores are the scorers' raw values: 0 to 1, CIDEr-D 0 to 10. A score belongs to its protocol and to its set "
          "of pairs.";
      spec.usage = {"[OPTIONS] --pred PATH --refs PATH", "[OPTIONS] --masks DIR --labels DIR"};
      spec.examples = {{"ccx eval --pred captions.jsonl --refs LevirCCcaptions.json"},
                       {"ccx eval --pred captions.jsonl --refs LevirCCcaptions.json --bootstrap 1000 --json"},
                       {"ccx caption --in pairs/ --out - | ccx eval --pred - --refs references.json"},
                       {"ccx eval --masks masks/ --labels images/test/label/"}};
      options::OptionSet& options = spec.options;
      options.group("Captions");
      options.add(&given->inputs.predictions,
                  {.name = "--pred",
                   .value = "PATH",
                   .help = "What `ccx caption` writes, or predictions as JSON, JSON lines or CSV; - for stdin"});
      declare_eval_options(options, given->inputs);
      declare_mask_options(options, given->masks);
      options.group("Output");
      options.add(&given->json, {.name = "--json", .help = "JSON with full precision instead of the table"});
      options.add(
          &given->per_pair,
          {.name = "--per-pair", .value = "FILE", .help = "Write the scores of every pair there, a JSON line each"});
      return [given] { return run(*given); };
    });

}  // namespace

}  // namespace ccx::cli
