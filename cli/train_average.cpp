// `ccx average`: the mean of several checkpoints of one run.
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "core/base/counted.h"
#include "core/io/messages.h"
#include "train/checkpoint/average.h"

namespace ccx::cli {
namespace {

struct AverageOptions {
  std::vector<std::filesystem::path> checkpoints;
  std::filesystem::path out;
  std::string dtype = "fp32";
  bool overwrite = false;
};

int run(const AverageOptions& o) {
  train::average_checkpoints(o.checkpoints, o.out, train::parse_save_dtype(o.dtype), o.overwrite);
  io::say_result("the mean of " + counted(o.checkpoints.size(), "checkpoint") + " is in " + o.out.string());
  return kOk;
}

const RegisterCommand average(41, "average", "Average the weights of a run's checkpoints", [](CommandSpec& spec) {
  const auto given = std::make_shared<AverageOptions>();
  spec.page = "training";
  spec.about =
      "What the steps of a run move to and fro cancels out in the mean, which is steadier than any of its checkpoints. "
      "`ccx train --keep N` keeps them.";
  spec.examples = {{"ccx average run/checkpoints/step-* --out averaged"},
                   {"ccx average run/checkpoints/step-0000{2000,2250,2500} --out averaged --save-dtype fp16"}};
  options::OptionSet& options = spec.options;
  options.group("Input");
  options.add(&given->checkpoints, {.name = "checkpoints",
                                    .value = "DIR...",
                                    .help = "Checkpoint directories of one model",
                                    .most = options::kMany,
                                    .required = true});
  options.group("Output");
  options.add(&given->out, {.name = "--out",
                            .value = "DIR",
                            .help = "The checkpoint that is written; a new or empty folder",
                            .required = true});
  options.add(&given->dtype, {.name = "--save-dtype",
                              .value = "NAME",
                              .help = "The number format of its weights",
                              .choices = {"fp32", "bf16", "fp16"}});
  options.add(&given->overwrite, {.name = "--overwrite", .help = "Replace a checkpoint in --out that ccx wrote"});
  return [given] { return run(*given); };
});

}  // namespace
}  // namespace ccx::cli
