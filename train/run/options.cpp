#include "train/run/options.h"

#include <nlohmann/json.hpp>

namespace ccx::train {

using Json = nlohmann::ordered_json;

namespace {

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

}  // namespace

Json to_json(const TrainOptions& o) {
  Json parts = Json::array();
  for (const Part part : o.stage.trainable) parts.push_back(model::part_name(part));
  return {{"stage", o.stage.number},
          {"model", o.model.string()},
          {"data", o.data},
          {"validation", o.validation},
          {"validation_split", o.validation_split},
          {"trainable", parts},
          {"lr", o.stage.lr},
          {"tower_lr", o.stage.tower_lr},
          {"batch", o.stage.batch},
          {"accumulate", o.stage.accumulate},
          {"epochs", o.stage.epochs},
          {"max_steps", o.max_steps},
          {"schedule", "cosine"},
          {"warmup_ratio", o.stage.warmup_ratio},
          {"weight_decay", o.stage.weight_decay},
          {"adam_betas", {0.9, 0.999}},
          {"adam_eps", 1e-8},
          {"max_grad_norm", o.stage.max_grad_norm},
          {"captions", captions_name(o.stage.captions)},
          {"augment_geometric", o.augmentation.geometric},
          {"augment_photometric", o.augmentation.photometric},
          {"augment_jitter", o.augmentation.jitter},
          {"turned", o.augmentation.turned},
          {"no_change_caption", o.augmentation.no_change_caption},
          {"bands", image::bands_text(o.images.bands)},
          {"stretch", image::stretch_text(o.images.stretch)},
          {"caption_weight", o.caption_weight},
          {"map_weight", o.map_weight},
          {"summary_weight", o.summary_weight},
          {"change_weight", o.change_weight},
          {"shuffle", o.shuffle},
          {"seed", o.seed},
          {"limit", o.limit},
          {"dtype", o.dtype},
          {"device", o.device},
          {"activation_checkpointing", o.checkpointing},
          {"shard_optimizer", o.shard_optimizer},
          {"evaluate", o.evaluate},
          {"eval_steps", o.stage.eval_steps},
          {"eval_limit", o.eval_limit},
          {"save_steps", o.save_steps},
          {"keep", o.keep},
          {"workers", o.workers},
          {"max_bad_samples", o.max_bad_samples},
          {"on_nan", o.on_nan == OnNan::kStop ? "stop" : "skip"}};
}

Json identity(const TrainOptions& o, int world, int64_t samples, int64_t total_steps) {
  const Json all = to_json(o);
  Json kept = {{"world_size", world}, {"samples", samples}, {"total_steps", total_steps}};
  for (const char* key : {"stage",
                          "trainable",
                          "lr",
                          "tower_lr",
                          "batch",
                          "accumulate",
                          "warmup_ratio",
                          "weight_decay",
                          "max_grad_norm",
                          "captions",
                          "augment_geometric",
                          "augment_photometric",
                          "augment_jitter",
                          "turned",
                          "no_change_caption",
                          "caption_weight",
                          "map_weight",
                          "summary_weight",
                          "shuffle",
                          "seed",
                          "dtype",
                          "shard_optimizer"}) {
    kept[key] = all[key];
  }
  if (o.change_weight > 0) kept["change_weight"] = o.change_weight;
  // Left out at their defaults, which runs of before these options have too.
  if (!o.images.bands.empty()) kept["bands"] = all["bands"];
  if (o.images.stretch.kind != image::Stretch::Kind::kAuto) kept["stretch"] = all["stretch"];
  return kept;
}

}  // namespace ccx::train
