// `ccx train`: the three stages of progressive training, fresh checkpoints, and plans of what a run needs.
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/image_options.h"
#include "cli/stop_signal.h"
#include "core/base/error.h"
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
  ImageOptions images;
  int stage = 0;
  std::string init, tokenizer, tower_weights, head_feed, model, out;
  std::string tower_lr, augment = "none", save_dtype, on_nan = "stop", resume = "no", meteor_data, captions, no_change;
  int64_t batch = 0, accumulate = 0, eval_steps = 0;
  std::vector<std::string> trainable;
  double turned = 0, lr = 0, epochs = 0, warmup = -1, decay = -1, clip = -1;
  bool no_shuffle = false, no_eval = false, no_shard = false, checkpointing = false, plan = false, overwrite = false;
  int devices = 0;
  int64_t samples = 0;
};

double parse_tower_lr(const std::string& text, double lr) {
  if (text == "same") return lr;
  size_t used = 0;
  double value = -1;
  try {
    value = std::stod(text, &used);
  } catch (const std::exception&) {
  }
  if (used != text.size() || !(value >= 0)) throw UsageError("--tower-lr is a rate or \"same\", not \"" + text + "\"");
  return value;
}

// The published stage with what the user wants otherwise.
train::Stage resolve_stage(const Given& given, int world) {
  train::Stage stage = train::published_stage(given.stage);
  if (given.lr > 0) stage.lr = given.lr;
  if (!given.tower_lr.empty()) {
    stage.tower_lr = parse_tower_lr(given.tower_lr, stage.lr);
  } else if (given.lr > 0) {
    stage.tower_lr = given.lr / 5;  // the published proportion, 2e-6 of 1e-5
  }
  if (given.batch > 0) stage.batch = given.batch;
  if (given.epochs > 0) stage.epochs = given.epochs;
  if (given.warmup >= 0) stage.warmup_ratio = given.warmup;
  if (given.decay >= 0) stage.weight_decay = given.decay;
  if (given.clip >= 0) stage.max_grad_norm = given.clip;
  if (given.eval_steps > 0) stage.eval_steps = given.eval_steps;
  if (given.captions == "flatten") stage.captions = train::Captions::kFlatten;
  if (given.captions == "random") stage.captions = train::Captions::kRandomChoice;
  if (given.captions == "first") stage.captions = train::Captions::kFirst;
  if (!given.trainable.empty()) {
    stage.trainable.clear();
    for (const std::string& part : given.trainable) stage.trainable.push_back(model::parse_part(part));
  }
  const int64_t together = stage.batch * world;
  stage.accumulate =
      given.accumulate > 0 ? given.accumulate : std::max<int64_t>(1, (stage.effective_batch + together - 1) / together);
  return stage;
}

int print_plan(const Given& given) {
  train::PlanOptions options;
  options.devices = given.devices > 0 ? given.devices : 1;
  options.stage = resolve_stage(given, options.devices);
  options.bfloat16 = given.run.dtype != "fp32";
  options.checkpointing = given.checkpointing;
  options.shard_optimizer = !given.no_shard;
  options.samples = given.samples;
  const bool preset = given.model == "0.5b" || given.model == "7b";
  const fs::path config = fs::is_directory(given.model) ? fs::path(given.model) / "config.json" : fs::path(given.model);
  const model::ModelConfig model = preset ? model::ModelConfig::preset(given.model) : train::read_config(config);
  const train::Plan plan = train::plan(model, options);
  const auto gib = [](int64_t bytes) { return static_cast<double>(bytes) / (1 << 30); };
  io::print("model           %.1f M parameters, %.1f M of them learn in stage %d\n",
            static_cast<double>(plan.parameters) / 1e6, static_cast<double>(plan.trainable) / 1e6, given.stage);
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

int run_training(const Given& given) {
  TrainOptions options = given.run;
  const train::Launch launch = train::Launch::from_environment();
  options.stage = resolve_stage(given, launch.world);
  options.model = given.model;
  options.out = given.out;
  options.shuffle = !given.no_shuffle;
  options.evaluate = !given.no_eval;
  options.shard_optimizer = !given.no_shard;
  options.checkpointing = given.checkpointing;
  options.augmentation = train::parse_augmentation(given.augment);
  options.augmentation.turned = given.turned;
  options.augmentation.no_change_caption = given.no_change;
  if (options.caption_weight <= 0 && options.map_weight <= 0 && options.change_weight <= 0) {
    throw UsageError("--caption-weight, --map-weight and --change-weight are all 0: nothing is learnt");
  }
  if (options.summary_weight > 0 && options.caption_weight <= 0) {
    throw UsageError("--summary-weight asks the language model, which --caption-weight 0 leaves out");
  }
  options.augmentation.captions_matter = options.caption_weight > 0;
  options.images = given.images.options();
  options.on_nan = given.on_nan == "skip" ? train::OnNan::kSkip : train::OnNan::kStop;
  options.resume = given.resume == "auto" ? train::Resume::kAuto : train::Resume::kNo;
  options.meteor_data = given.meteor_data;
  options.save_dtype = train::parse_save_dtype(given.save_dtype);
  return train::train(options, watch_stop_signals()) == train::Outcome::kFinished ? kOk : kInterrupted;
}

int run(const Given& given) {
  if (!given.init.empty()) {
    if (given.tokenizer.empty() || given.out.empty()) {
      throw UsageError(
          "--init needs --tokenizer (a folder with tokenizer.json; ccx data tokenizer makes one) and --out");
    }
    train::write_fresh_checkpoint(given.init, given.tokenizer, given.out, given.run.seed, given.tower_weights,
                                  given.overwrite, given.head_feed);
    std::cerr << "wrote " << given.out << '\n';
    return kOk;
  }
  if (given.overwrite)
    throw UsageError("--overwrite is for --init: a run goes on with --resume auto or has a folder of its own");
  if (!given.tower_weights.empty() || !given.head_feed.empty()) {
    throw UsageError("--tower-weights and --head-feed shape a fresh checkpoint: they are for --init");
  }
  if (given.stage == 0) throw UsageError("--stage 1, 2 or 3 is needed (or --init SHAPE to make a fresh checkpoint)");
  if (given.model.empty()) throw UsageError("--model is needed: the checkpoint to start from");
  if (given.plan) return print_plan(given);
  if (given.run.data.empty()) throw UsageError("--data is needed");
  if (given.out.empty()) throw UsageError("--out is needed: the folder of the run");
  return run_training(given);
}

const RegisterCommand kTrain(40, "train", "Train a model: the three stages, or a fresh checkpoint", [](CLI::App& app) {
  const auto given = std::make_shared<Given>();
  Given& g = *given;
  TrainOptions& o = g.run;
  auto* what = app.add_option_group("What");
  what->add_option("--stage", g.stage, "1: difference module and projector; 2: all, many datasets; 3: all, one dataset")
      ->check(CLI::Range(1, 3));
  what->add_option("--model", g.model, "Checkpoint to start from (with --plan also 0.5b, 7b or a config.json)")
      ->type_name("DIR");
  what->add_option("--data", o.data, "Datasets or dataset lists: folder, .json, .jsonl, .yaml, scenes:COUNT@SEED")
      ->type_name("DATA ...");
  what->add_option("--out", g.out, "Folder of the run")->type_name("DIR");
  what->add_option("--resume", g.resume, "auto: go on with the run in --out")
      ->check(CLI::IsMember({"no", "auto"}))
      ->capture_default_str();
  what->add_option("--init", g.init, "Write a fresh checkpoint to --out: tiny, mini, 0.5b, 7b or a config.json")
      ->type_name("SHAPE");
  what->add_option("--tokenizer", g.tokenizer, "With --init: folder or file of its tokenizer")->type_name("DIR");
  what->add_flag("--overwrite", g.overwrite, "With --init: replace a checkpoint in --out that ccx wrote");
  what->add_option("--tower-weights", g.tower_weights,
                   "With --init: a convolutional tower of scripts/get_tower_weights.py")
      ->type_name("FILE");
  what->add_option("--head-feed", g.head_feed,
                   "With --init: how the change head is heard of: none, context, gate, both or instead [context]")
      ->type_name("NAME");
  what->add_flag("--plan", g.plan, "Print memory a device and steps an epoch, and load nothing");

  auto* recipe = app.add_option_group("Recipe", "Defaults are the published ones of the stage");
  recipe->add_option("--epochs", g.epochs, "Times through the data [1; stage 3: 50]")->check(CLI::PositiveNumber);
  recipe->add_option("--max-steps", o.max_steps, "Optimiser steps instead of epochs")->check(CLI::PositiveNumber);
  recipe->add_option("--batch", g.batch, "Pairs a device and micro-batch [4; stages 2, 3: 2]")
      ->check(CLI::PositiveNumber);
  recipe->add_option("--accumulate", g.accumulate, "Micro-batches a step [to 64 pairs a step; stages 2, 3: 256]")
      ->check(CLI::PositiveNumber);
  recipe->add_option("--lr", g.lr, "Learning rate [1e-5]")->check(CLI::PositiveNumber);
  recipe->add_option("--tower-lr", g.tower_lr,
                     "Rate of the vision tower, or same [a fifth of --lr; the published runs had same]");
  recipe->add_option("--warmup-ratio", g.warmup, "Share of the steps that warm up [0.03]")->check(CLI::Range(0.0, 1.0));
  recipe->add_option("--weight-decay", g.decay, "AdamW's decay [0]")->check(CLI::NonNegativeNumber);
  recipe->add_option("--clip", g.clip, "Largest gradient norm, 0: no clipping [1]")->check(CLI::NonNegativeNumber);
  recipe
      ->add_option("--captions", g.captions,
                   "flatten: a sample a caption; random: one of a pair's at a visit; first: its first, the usual one "
                   "of a scene [stage 3: random]")
      ->check(CLI::IsMember({"flatten", "random", "first"}));
  recipe
      ->add_option("--augment", g.augment,
                   "none, geometric, photometric, both, jitter[:STRENGTH] or geometric,jitter[:STRENGTH]")
      ->capture_default_str();
  recipe->add_option("--turned", g.turned, "Share of visits to drawn pairs that see the dates exchanged [0]")
      ->check(CLI::Range(0.0, 1.0));
  recipe
      ->add_option("--trainable", g.trainable,
                   "Parts that learn: tower difference projector language change_head [stage 1: difference projector "
                   "change_head; 2, 3: all]")
      ->type_name("PART ...");
  recipe->add_option("--no-change-caption", g.no_change,
                     "Caption unchanged pairs with this sentence instead of their own");
  recipe->add_option("--caption-weight", o.caption_weight, "Of the captions' loss; 0 leaves the language model out")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  recipe->add_option("--map-weight", o.map_weight, "Of a loss on maps of cover and change, which drawn pairs have")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  recipe->add_option("--summary-weight", o.summary_weight, "Of the same facts read off the language model")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  recipe
      ->add_option("--change-weight", o.change_weight,
                   "Of the change head's losses on masks and flags; a model without a head gets one")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  recipe->add_option("--seed", o.seed, "Of order, caption choice and augmentation")->capture_default_str();
  recipe->add_flag("--no-shuffle", g.no_shuffle, "Samples in the order of the data");
  recipe->add_option("--limit", o.limit, "Training pairs, the first of the data")->check(CLI::PositiveNumber);

  add_image_options(app, g.images);

  auto* watch = app.add_option_group("Evaluation and checkpoints");
  watch->add_option("--validation", o.validation, "Data to evaluate on [the validation split of --data]")
      ->type_name("DATA ...");
  watch->add_option("--validation-split", o.validation_split, "Its split")->capture_default_str();
  watch->add_option("--eval-steps", g.eval_steps, "Steps between evaluations [stage 1: 1000, 2: 250, 3: an epoch]")
      ->check(CLI::PositiveNumber);
  watch->add_option("--eval-limit", o.eval_limit, "Pairs to evaluate on, the first of the split")
      ->check(CLI::PositiveNumber);
  watch
      ->add_option("--meteor-data", g.meteor_data,
                   "METEOR's data; without it the best is by BLEU-4, ROUGE-L and CIDEr-D")
      ->type_name("DIR");
  watch->add_flag("--no-eval", g.no_eval, "Do not evaluate");
  watch->add_option("--save-steps", o.save_steps, "Steps between checkpoints [with every evaluation]")
      ->check(CLI::PositiveNumber);
  watch->add_option("--keep", o.keep, "Newest checkpoints that stay, besides the best")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  watch->add_option("--save-dtype", g.save_dtype, "fp32, bf16 or fp16 of saved weights")->default_val("fp32");
  watch->add_option("--log-every", o.log_every, "Steps a progress line")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();

  auto* machine = app.add_option_group("Machine");
  machine->add_option("--device", o.device, "auto, cpu, cuda, cuda:N")->capture_default_str();
  machine->add_option("--dtype", o.dtype, "auto (bf16 on a GPU, fp32 on a CPU), fp32, bf16")->capture_default_str();
  machine->add_option("--threads", o.threads, "CPU threads that compute, 0: all cores")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  machine->add_option("--workers", o.workers, "Threads that read samples")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  machine->add_flag("--checkpointing", g.checkpointing,
                    "Forget activations and compute them again: a third more work, far less memory");
  machine->add_flag("--no-shard-optimizer", g.no_shard, "Above one rank: every rank keeps the whole optimiser state");
  machine->add_option("--timeout", o.timeout_s, "Seconds one exchange between ranks may take")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  machine->add_option("--devices", g.devices, "With --plan: how many")->check(CLI::PositiveNumber);
  machine->add_option("--samples", g.samples, "With --plan: samples an epoch")->check(CLI::PositiveNumber);

  auto* trouble = app.add_option_group("Trouble");
  trouble->add_option("--max-bad-samples", o.max_bad_samples, "Samples that cannot be read before the run stops")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  trouble->add_option("--on-nan", g.on_nan, "A loss that is not finite: stop, or skip the step")
      ->check(CLI::IsMember({"stop", "skip"}))
      ->capture_default_str();
  app.footer(
      "Several devices: start one process each with torchrun or Slurm (examples/cluster).\n\n"
      "  ccx data tokenizer --text scenes:3000@7 --vocab 1024 --out tokenizer\n"
      "  ccx train --init mini --tokenizer tokenizer --out base\n"
      "  ccx train --stage 1 --model base --data scenes:24000@11 --trainable tower difference projector "
      "--caption-weight 0 "
      "--map-weight 1 --batch 16 --accumulate 1 --lr 1.5e-3 --out run      (and on, as examples/mini/train.sh does)\n"
      "  ccx train --stage 3 --model checkpoints/0.5b --data levir_cc --out run --resume auto");
  return [given] { return run(*given); };
});

}  // namespace
}  // namespace ccx::cli
