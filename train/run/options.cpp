// The options of training, each declared once (options.h).
#include "train/run/options.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/image/image_options.h"
#include "core/scenes/scenes.h"

namespace ccx::train {
namespace {

using Json = nlohmann::ordered_json;
using options::Compared;
using options::Custom;
using options::kMany;
using options::OptionSet;

const char* captions_name(Captions captions) {
  switch (captions) {
    case Captions::kFlatten:
      return "flatten";
    case Captions::kRandomChoice:
      return "random";
    case Captions::kFirst:
      return "first";
  }
  return "";
}

Captions captions_from_name(const std::string& name) {
  for (const Captions captions : {Captions::kFlatten, Captions::kRandomChoice, Captions::kFirst}) {
    if (name == captions_name(captions)) return captions;
  }
  throw UsageError("expected flatten, random or first");
}

std::string augmentation_text(const Augmentation& what) {
  if (what.jitter > 0) {
    char strength[32] = "";
    if (what.jitter != 1.0) std::snprintf(strength, sizeof strength, ":%g", what.jitter);
    return std::string(what.geometric ? "geometric,jitter" : "jitter") + strength;
  }
  if (what.geometric && what.photometric) return "both";
  return what.geometric ? "geometric" : what.photometric ? "photometric" : "none";
}

double parse_tower_lr(const std::string& text, double lr) {
  if (text == "same") return lr;
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(value >= 0))
    throw UsageError("--tower-lr is a rate or \"same\", not \"" + text + "\"");
  return value;
}

const char* save_dtype_name(SaveDType dtype) {
  return dtype == SaveDType::kBFloat16 ? "bf16" : dtype == SaveDType::kFloat16 ? "fp16" : "fp32";
}

void declare_what(OptionSet& options, TrainOptions& o) {
  options.group("What");
  options.add(
      Custom{[&o](const std::string& text) { o.stage = published_stage(std::atoi(text.c_str())); },
             [&o] { return std::to_string(o.stage.number); }, [&o] { return Json(o.stage.number); }},
      {.name = "--stage",
       .value = "N",
       .help = "What learns, from what",
       .by_default = "none",
       .choices = {{"1", "difference module and projector"}, {"2", "all, many datasets"}, {"3", "all, one dataset"}},
       .recorded = {"stage", Compared::kAlways}});
  options.add(&o.model, {.name = "--model",
                         .value = "DIR",
                         .help = "Checkpoint to start from; with --plan also 0.5b, 7b or a config.json",
                         .recorded = {"model", Compared::kNo}});
  options.add(&o.data, {.name = "--data",
                        .value = "DATA...",
                        .help = "Datasets or dataset lists: folder, .json, .jsonl, .yaml, scenes:COUNT@SEED",
                        .most = kMany,
                        .recorded = {"data", Compared::kNo}});
  options.add(&o.out, {.name = "--out", .value = "DIR", .help = "Folder of the run"});
  options.add(Custom{[&o](const std::string& text) { o.resume = text == "auto" ? Resume::kAuto : Resume::kNo; },
                     [&o] { return o.resume == Resume::kAuto ? "auto" : "no"; }},
              {.name = "--resume",
               .value = "HOW",
               .help = "Go on with the run in --out",
               .choices = {"no", {"auto", "where there is one"}}});
}

void declare_rates(OptionSet& options, TrainOptions& o) {
  Stage& stage = o.stage;
  options.group("Recipe");
  options.add(&stage.epochs, {.name = "--epochs",
                              .value = "X",
                              .help = "Times through the data",
                              .by_default = "1; stage 3: 50",
                              .range = {.least = 0, .above = true},
                              .recorded = {"epochs", Compared::kNo}});
  options.add(&o.max_steps, {.name = "--max-steps",
                             .value = "N",
                             .help = "Optimiser steps instead of epochs",
                             .by_default = "none",
                             .range = {.least = 1},
                             .recorded = {"max_steps", Compared::kNo}});
  options.add(&stage.batch, {.name = "--batch",
                             .value = "N",
                             .help = "Pairs a device and micro-batch",
                             .by_default = "4; stages 2, 3: 2",
                             .range = {.least = 1},
                             .recorded = {"batch", Compared::kAlways}});
  options.add(&stage.accumulate, {.name = "--accumulate",
                                  .value = "N",
                                  .help = "Micro-batches a step",
                                  .by_default = "to 64 pairs a step; stages 2, 3: 256",
                                  .range = {.least = 1},
                                  .recorded = {"accumulate", Compared::kAlways}});
  options.add(&stage.lr, {.name = "--lr",
                          .value = "X",
                          .help = "Learning rate",
                          .by_default = "1e-5",
                          .range = {.least = 0, .above = true},
                          .recorded = {"lr", Compared::kAlways}});
  options.add(Custom{[&o](const std::string& text) { o.stage.tower_lr = parse_tower_lr(text, o.stage.lr); },
                     [&o] { return Json(o.stage.tower_lr).dump(); }, [&o] { return Json(o.stage.tower_lr); }},
              {.name = "--tower-lr",
               .value = "X",
               .help = "Rate of the vision tower, or same, which the published runs had",
               .by_default = "a fifth of --lr",
               .recorded = {"tower_lr", Compared::kAlways}});
  options.add(&stage.warmup_ratio, {.name = "--warmup-ratio",
                                    .value = "P",
                                    .help = "Share of the steps that warm up",
                                    .range = {0, 1},
                                    .recorded = {"warmup_ratio", Compared::kAlways}});
  options.add(&stage.weight_decay, {.name = "--weight-decay",
                                    .value = "X",
                                    .help = "AdamW's decay",
                                    .range = {.least = 0},
                                    .recorded = {"weight_decay", Compared::kAlways}});
  options.add(&stage.max_grad_norm, {.name = "--clip",
                                     .value = "X",
                                     .help = "Largest gradient norm, 0: no clipping",
                                     .range = {.least = 0},
                                     .recorded = {"max_grad_norm", Compared::kAlways}});
}

// What becomes of the pictures before they are learnt from.
void declare_looks(OptionSet& options, TrainOptions& o) {
  // run.json has its parts (to_json).
  options.add(Custom{[&o](const std::string& text) {
                       const Augmentation parsed = parse_augmentation(text);
                       o.augmentation.geometric = parsed.geometric;
                       o.augmentation.photometric = parsed.photometric;
                       o.augmentation.jitter = parsed.jitter;
                     },
                     [&o] { return augmentation_text(o.augmentation); }},
              {.name = "--augment",
               .value = "HOW",
               .help = "none, geometric, photometric, both, jitter[:STRENGTH] or geometric,jitter[:STRENGTH]"});
  options.add(&o.augmentation.turned, {.name = "--turned",
                                       .value = "P",
                                       .help = "Share of visits to drawn pairs that see the dates exchanged",
                                       .range = {0, 1},
                                       .recorded = {"turned", Compared::kAlways}});
  options.add(&o.mix_styles,
              {.name = "--mix-styles",
               .value = "P",
               .help = "Share of pictures whose features in a convolutional tower take on another picture's tones",
               .range = {0, 1},
               .recorded = {"mix_styles", Compared::kUnlessDefault}});
  options.add(&o.scene_size,
              {.name = "--scene-size",
               .value = "N",
               .help = "Pixels a side that pairs are drawn with, then resized as pictures of that size are",
               .by_default = "0: what the model sees",
               .range = {0, scenes::kLargestScene},
               .recorded = {"scene_size", Compared::kUnlessDefault}});
}

void declare_samples(OptionSet& options, TrainOptions& o) {
  options.add(Custom{[&o](const std::string& text) { o.stage.captions = captions_from_name(text); },
                     [&o] { return captions_name(o.stage.captions); }},
              {.name = "--captions",
               .value = "HOW",
               .help = "Of a pair's captions",
               .by_default = "flatten; stage 3: random",
               .choices = {{"flatten", "a sample a caption"},
                           {"random", "one at a visit"},
                           {"first", "its first, the usual one of a scene"}},
               .recorded = {"captions", Compared::kAlways}});
  declare_looks(options, o);
  options.add(Custom{[&o](const std::string& text) { o.stage.trainable.push_back(model::parse_part(text)); },
                     [] { return std::string(); },
                     [&o] {
                       Json parts = Json::array();
                       for (const model::Part part : o.stage.trainable) parts.push_back(model::part_name(part));
                       return parts;
                     },
                     {},
                     [&o] { o.stage.trainable.clear(); }},
              {.name = "--trainable",
               .value = "PART...",
               .help = "Parts that learn",
               .by_default = "stage 1: difference projector change_head; 2, 3: all",
               .choices = {"tower", "difference", "projector", "language", "change_head"},
               .most = kMany,
               .recorded = {"trainable", Compared::kAlways}});
  options.add(&o.augmentation.no_change_caption,
              {.name = "--no-change-caption",
               .value = "TEXT",
               .help = "Caption unchanged pairs with this sentence instead of their own",
               .recorded = {"no_change_caption", Compared::kAlways}});
}

void declare_weights(OptionSet& options, TrainOptions& o) {
  options.add(&o.caption_weight, {.name = "--caption-weight",
                                  .value = "X",
                                  .help = "Of the captions' loss; 0 leaves the language model out",
                                  .range = {.least = 0},
                                  .recorded = {"caption_weight", Compared::kAlways}});
  options.add(&o.map_weight, {.name = "--map-weight",
                              .value = "X",
                              .help = "Of a loss on maps of cover and change, which drawn pairs have",
                              .range = {.least = 0},
                              .recorded = {"map_weight", Compared::kAlways}});
  options.add(&o.summary_weight, {.name = "--summary-weight",
                                  .value = "X",
                                  .help = "Of the same facts read off the language model",
                                  .range = {.least = 0},
                                  .recorded = {"summary_weight", Compared::kAlways}});
  options.add(&o.change_weight,
              {.name = "--change-weight",
               .value = "X",
               .help = "Of the change head's losses on masks and flags; a model without a head gets one",
               .range = {.least = 0},
               .recorded = {"change_weight", Compared::kUnlessDefault}});
  options.add(&o.seed, {.name = "--seed",
                        .value = "N",
                        .help = "Of order, caption choice and augmentation",
                        .recorded = {"seed", Compared::kAlways}});
  options.add(
      options::opposite(o.shuffle),
      {.name = "--no-shuffle", .help = "Samples in the order of the data", .recorded = {"shuffle", Compared::kAlways}});
  options.add(&o.limit, {.name = "--limit",
                         .value = "N",
                         .help = "Training pairs, the first of the data",
                         .by_default = "all",
                         .range = {.least = 1},
                         .recorded = {"limit", Compared::kNo}});
}

void declare_evaluation(OptionSet& options, TrainOptions& o) {
  options.group("Evaluation and checkpoints");
  options.add(&o.validation, {.name = "--validation",
                              .value = "DATA...",
                              .help = "Data to evaluate on",
                              .by_default = "the validation split of --data",
                              .most = kMany,
                              .recorded = {"validation", Compared::kNo}});
  options.add(&o.validation_split, {.name = "--validation-split",
                                    .value = "NAME",
                                    .help = "Its split",
                                    .recorded = {"validation_split", Compared::kNo}});
  options.add(&o.stage.eval_steps, {.name = "--eval-steps",
                                    .value = "N",
                                    .help = "Steps between evaluations",
                                    .by_default = "stage 1: 1000, 2: 250, 3: an epoch",
                                    .range = {.least = 1},
                                    .recorded = {"eval_steps", Compared::kNo}});
  options.add(&o.eval_limit, {.name = "--eval-limit",
                              .value = "N",
                              .help = "Pairs to evaluate on, the first of the split",
                              .by_default = "all",
                              .range = {.least = 1},
                              .recorded = {"eval_limit", Compared::kNo}});
  options.add(&o.meteor_data, {.name = "--meteor-data",
                               .value = "DIR",
                               .help = "METEOR's data; without it the best is by BLEU-4, ROUGE-L and CIDEr-D",
                               .by_default = "where the set-up put it",
                               .environment = "CCX_METEOR_DATA"});
  options.add(options::opposite(o.evaluate),
              {.name = "--no-eval", .help = "Do not evaluate", .recorded = {"evaluate", Compared::kNo}});
  options.add(&o.save_steps, {.name = "--save-steps",
                              .value = "N",
                              .help = "Steps between checkpoints",
                              .by_default = "with every evaluation",
                              .range = {.least = 1},
                              .recorded = {"save_steps", Compared::kNo}});
  options.add(&o.keep, {.name = "--keep",
                        .value = "N",
                        .help = "Newest checkpoints that stay, besides the best",
                        .range = {1, 1000},
                        .recorded = {"keep", Compared::kNo}});
  options.add(Custom{[&o](const std::string& text) { o.save_dtype = parse_save_dtype(text); },
                     [&o] { return save_dtype_name(o.save_dtype); }},
              {.name = "--save-dtype",
               .value = "NAME",
               .help = "The number format of saved weights",
               .choices = {"fp32", "bf16", "fp16"}});
  options.add(&o.log_every,
              {.name = "--log-every", .value = "N", .help = "Steps a progress line", .range = {.least = 1}});
}

void declare_machine(OptionSet& options, TrainOptions& o) {
  options.group("Machine");
  options.add(&o.device, {.name = "--device",
                          .value = "NAME",
                          .help = "auto, cpu, cuda or cuda:N",
                          .recorded = {"device", Compared::kNo}});
  options.add(&o.dtype, {.name = "--dtype",
                         .value = "NAME",
                         .help = "The number format",
                         .choices = {{"auto", "bf16 on a GPU, fp32 on a CPU"}, "fp32", "bf16"},
                         .recorded = {"dtype", Compared::kAlways}});
  options.add(
      &o.threads,
      {.name = "--threads", .value = "N", .help = "CPU threads that compute, 0: all cores", .range = {.least = 0}});
  options.add(&o.workers, {.name = "--workers",
                           .value = "N",
                           .help = "Threads that read samples",
                           .range = {1, 256},
                           .recorded = {"workers", Compared::kNo}});
  options.add(&o.checkpointing,
              {.name = "--checkpointing",
               .help = "Forget activations and compute them again: a third more work, far less memory",
               .recorded = {"activation_checkpointing", Compared::kNo}});
  options.add(options::opposite(o.shard_optimizer),
              {.name = "--no-shard-optimizer",
               .help = "Above one rank: every rank keeps the whole optimiser state",
               .recorded = {"shard_optimizer", Compared::kAlways}});
  options.add(&o.timeout_s, {.name = "--timeout",
                             .value = "N",
                             .help = "How long one exchange between ranks may take",
                             .unit = "seconds",
                             .range = {.least = 1}});
  options.group("Trouble");
  options.add(&o.max_bad_samples, {.name = "--max-bad-samples",
                                   .value = "N",
                                   .help = "Samples that cannot be read before the run stops",
                                   .range = {.least = 0},
                                   .recorded = {"max_bad_samples", Compared::kNo}});
  options.add(Custom{[&o](const std::string& text) { o.on_nan = text == "skip" ? OnNan::kSkip : OnNan::kStop; },
                     [&o] { return o.on_nan == OnNan::kSkip ? "skip" : "stop"; }},
              {.name = "--on-nan",
               .value = "HOW",
               .help = "A loss that is not finite",
               .choices = {{"stop", "ends the run"}, {"skip", "leaves the step out"}},
               .recorded = {"on_nan", Compared::kNo}});
}

// The parts of --augment as run.json has them; all are compared.
Json augmentation_json(const Augmentation& what) {
  return {{"augment_geometric", what.geometric},
          {"augment_photometric", what.photometric},
          {"augment_jitter", what.jitter}};
}

}  // namespace

void declare_train_options(OptionSet& options, TrainOptions& run) {
  declare_what(options, run);
  declare_rates(options, run);
  declare_samples(options, run);
  declare_weights(options, run);
  image::declare_image_options(options, run.images);
  declare_evaluation(options, run);
  declare_machine(options, run);
}

void resolve(const OptionSet& options, TrainOptions& run, int world) {
  Stage& stage = run.stage;
  // The published proportion, 2e-6 of 1e-5.
  if (options.given("--lr") && !options.given("--tower-lr")) stage.tower_lr = stage.lr / 5;
  if (options.given("--accumulate")) return;
  const int64_t together = stage.batch * world;
  stage.accumulate = std::max<int64_t>(1, (stage.effective_batch + together - 1) / together);
}

Json to_json(const TrainOptions& run) {
  TrainOptions copy = run;
  OptionSet options;
  declare_train_options(options, copy);
  Json out = options.recorded();
  out.update(augmentation_json(run.augmentation));
  out["schedule"] = "cosine";
  out["adam_betas"] = {0.9, 0.999};
  out["adam_eps"] = 1e-8;
  return out;
}

Json identity(const TrainOptions& run, int world, int64_t samples, int64_t total_steps) {
  TrainOptions defaults;
  OptionSet options;
  declare_train_options(options, defaults);
  Json out = {{"world_size", world}, {"samples", samples}, {"total_steps", total_steps}};
  out.update(options::compared(options, to_json(run)));
  out.update(augmentation_json(run.augmentation));
  return out;
}

}  // namespace ccx::train
