// `ccx average`: the mean of several checkpoints of one run.
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "train/checkpoint/average.h"

namespace ccx::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  ccx average run/checkpoints/step-* --out averaged
  ccx average run/checkpoints/step-0000{2000,2250,2500} --out averaged --save-dtype fp16

What the steps of a run move to and fro cancels out in the mean, which is steadier than any of its checkpoints.
`ccx train --keep N` keeps them.)";

struct AverageOptions {
  std::vector<std::filesystem::path> checkpoints;
  std::filesystem::path out;
  std::string dtype = "fp32";
  bool overwrite = false;
};

int run(const AverageOptions& o) {
  train::average_checkpoints(o.checkpoints, o.out, train::parse_save_dtype(o.dtype), o.overwrite);
  std::cerr << "the mean of " << o.checkpoints.size() << (o.checkpoints.size() == 1 ? " checkpoint" : " checkpoints")
            << " is in " << o.out.string() << "\n";
  return kOk;
}

const RegisterCommand average(41, "average", "Average the weights of a run's checkpoints", [](CLI::App& app) {
  const auto options = std::make_shared<AverageOptions>();
  app.add_option("checkpoints", options->checkpoints, "Checkpoint directories of one model")
      ->required()
      ->option_text("DIR...");
  app.add_option("--out", options->out, "The checkpoint that is written; a new or empty folder")
      ->required()
      ->option_text("DIR (required)");
  app.add_option("--save-dtype", options->dtype, "fp32, bf16 or fp16")->option_text("NAME [fp32]");
  app.add_flag("--overwrite", options->overwrite, "Replace a checkpoint in --out that ccx wrote")->option_text(" ");
  app.footer(kExamples);
  return [options] { return run(*options); };
});

}  // namespace
}  // namespace ccx::cli
