// `ccx train`: the three stages of progressive training, fresh checkpoints, and plans of what a run needs.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/stop_signal.h"
#include "core/base/error.h"
#include "core/io/messages.h"
#include "core/io/standard_output.h"
#include "core/model/checkpoint.h"
#include "train/checkpoint/initialise.h"
#include "train/parallel/launch.h"
#include "train/run/plan.h"
#include "train/run/trainer.h"

namespace ccx::cli {
namespace {

namespace fs = std::filesystem;
using train::TrainOptions;

struct Given {
  TrainOptions run;
  std::string init, tokenizer, tower_weights, head_feed;
  int image_size = 0;
  bool plan = false, overwrite = false;
  int devices = 1;
  int64_t samples = 0;
};

int print_plan(const Given& given, const options::OptionSet& set) {
  train::PlanOptions options;
  options.devices = given.devices;
  TrainOptions run = given.run;
  train::resolve(set, run, options.devices);
  options.stage = run.stage;
  options.bfloat16 = given.run.dtype != "fp32";
  options.checkpointing = run.checkpointing;
  options.shard_optimizer = run.shard_optimizer;
  options.samples = given.samples;
  const bool preset = run.model == "0.5b" || run.model == "7b";
  const fs::path config = fs::is_directory(run.model) ? run.model / "config.json" : run.model;
  const model::ModelConfig model = preset ? model::ModelConfig::preset(run.model.string()) : train::read_config(config);
  const train::Plan plan = train::plan(model, options);
  const auto gib = [](int64_t bytes) { return static_cast<double>(bytes) / (1 << 30); };
  io::print("model           %.1f M parameters, %.1f M of them learn in stage %d\n",
            static_cast<double>(plan.parameters) / 1e6, static_cast<double>(plan.trainable) / 1e6, run.stage.number);
  io::print("a device of %d, %s, micro-batch %lld%s%s\n", options.devices, options.bfloat16 ? "bf16" : "fp32",
            static_cast<long long>(options.stage.batch), options.checkpointing ? ", activation checkpointing" : "",
            options.shard_optimizer && options.devices > 1 ? ", sharded optimiser" : "");
  io::print(
      "  weights       %8.2f GiB\n  gradients     %8.2f GiB\n  optimiser     %8.2f GiB\n  activations   %8.2f GiB "
      "(estimate)\n"
      "  together      %8.2f GiB\n",
      gib(plan.weights), gib(plan.gradients), gib(plan.optimizer), gib(plan.activations), gib(plan.total()));
  io::print("work            %.2f TFLOP a pair, forward and backward\n", plan.flops_per_pair / 1e12);
  io::print("a step          %lld pairs (%lld a device x %d x %lld accumulated)\n",
            static_cast<long long>(plan.pairs_per_step), static_cast<long long>(options.stage.batch), options.devices,
            static_cast<long long>(options.stage.accumulate));
  if (options.samples > 0) {
    io::print("an epoch        %lld steps for %lld samples\n", static_cast<long long>(plan.steps_per_epoch),
              static_cast<long long>(options.samples));
  }
  return kOk;
}

int run_training(const Given& given, const options::OptionSet& set) {
  TrainOptions options = given.run;
  train::resolve(set, options, train::Launch::from_environment().world);
  if (options.caption_weight <= 0 && options.map_weight <= 0 && options.change_weight <= 0) {
    throw UsageError("--caption-weight, --map-weight and --change-weight are all 0: nothing is learnt");
  }
  if (options.summary_weight > 0 && options.caption_weight <= 0) {
    throw UsageError("--summary-weight asks the language model, which --caption-weight 0 leaves out");
  }
  options.augmentation.captions_matter = options.caption_weight > 0;
  return train::train(options, watch_stop_signals()) == train::Outcome::kFinished ? kOk : kInterrupted;
}

int run(const Given& given, const options::OptionSet& set) {
  if (!given.init.empty()) {
    if (given.tokenizer.empty() || given.run.out.empty()) {
      throw UsageError(
          "--init needs --tokenizer (a folder with tokenizer.json; ccx data tokenizer makes one) and --out");
    }
    train::write_fresh_checkpoint({given.init, given.tokenizer, given.run.out, given.run.seed, given.tower_weights,
                                   given.overwrite, given.head_feed, given.image_size});
    io::say_result("wrote " + given.run.out.string());
    return kOk;
  }
  if (given.overwrite)
    throw UsageError("--overwrite is for --init: a run goes on with --resume auto or has a folder of its own");
  if (!given.tower_weights.empty() || !given.head_feed.empty() || given.image_size > 0) {
    throw UsageError("--tower-weights, --image-size and --head-feed shape a fresh checkpoint: they are for --init");
  }
  if (!set.given("--stage"))
    throw UsageError("--stage 1, 2 or 3 is needed (or --init SHAPE to make a fresh checkpoint)");
  if (given.run.model.empty()) throw UsageError("--model is needed: the checkpoint to start from");
  if (given.plan) return print_plan(given, set);
  if (given.run.data.empty()) throw UsageError("--data is needed");
  if (given.run.out.empty()) throw UsageError("--out is needed: the folder of the run");
  return run_training(given, set);
}

void declare_more(options::OptionSet& options, Given& given) {
  options.group("Fresh checkpoints and plans");
  options.add(&given.init, {.name = "--init",
                            .value = "SHAPE",
                            .help = "Write a fresh checkpoint to --out: tiny, mini, 0.5b, 7b or a config.json"});
  options.add(&given.tokenizer,
              {.name = "--tokenizer", .value = "DIR", .help = "With --init: folder or file of its tokenizer"});
  options.add(&given.tower_weights, {.name = "--tower-weights",
                                     .value = "FILE",
                                     .help = "With --init: a convolutional tower of scripts/get_tower_weights.py"});
  options.add(&given.image_size,
              {.name = "--image-size",
               .value = "N",
               .help = "With --tower-weights: pixels a side that the tower sees; the tokens stay as many",
               .by_default = "the file's, 256",
               .range = {32, 4096}});
  options.add(&given.head_feed, {.name = "--head-feed",
                                 .value = "NAME",
                                 .help = "With --init: how the change head is heard of",
                                 .by_default = "context",
                                 .choices = {"none", "context", "gate", "both", "instead"}});
  options.add(&given.overwrite,
              {.name = "--overwrite", .help = "With --init: replace a checkpoint in --out that ccx wrote"});
  options.add(&given.plan, {.name = "--plan", .help = "Print memory a device and steps an epoch, and load nothing"});
  options.add(&given.devices,
              {.name = "--devices", .value = "N", .help = "With --plan: how many", .range = {.least = 1}});
  options.add(&given.samples, {.name = "--samples",
                               .value = "N",
                               .help = "With --plan: samples an epoch",
                               .by_default = "none",
                               .range = {.least = 1}});
}

const RegisterCommand kTrain(
    40, "train", "Train a model: the three stages, or a fresh checkpoint", [](CommandSpec& spec) {
      const auto given = std::make_shared<Given>();
      spec.page = "training";
      spec.about =
          "The recipe's defaults are the published ones of the stage. Several devices: start one process each with "
          "torchrun or Slurm (examples/cluster).";
      spec.usage = {"[OPTIONS] --stage N --model DIR --data DATA... --out DIR",
                    "--init SHAPE --tokenizer DIR --out DIR", "--plan --stage N --model DIR"};
      spec.examples = {
          {"ccx train --stage 3 --model checkpoints/0.5b --data levir_cc --out run --resume auto"},
          {"ccx data tokenizer --text scenes:3000@7 --vocab 1024 --out tokenizer", "a model from nothing"},
          {"ccx train --init mini --tokenizer tokenizer --out base"},
          {"ccx train --stage 1 --model base --data scenes:24000@11 --trainable tower difference projector "
           "--caption-weight 0 --map-weight 1 --batch 16 --accumulate 1 --lr 1.5e-3 --out run",
           "and on, as examples/mini/train.sh does"},
          {"ccx train --plan --stage 2 --model 7b --devices 8 --checkpointing"}};
      spec.exits = {{kInterrupted, "interrupted after a step that is saved; --resume auto goes on"}};
      train::declare_train_options(spec.options, given->run);
      declare_more(spec.options, *given);
      return [given, &spec] { return run(*given, spec.options); };
    });

}  // namespace
}  // namespace ccx::cli
