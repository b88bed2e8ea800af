#include "train/run/setup.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/metrics/meteor_data.h"
#include "core/torch/block_cache.h"
#include "core/torch/device.h"
#include "train/heads/map_loss.h"

namespace ccx::train {
namespace {

ParameterOptions layout(const Inputs& inputs, const Ranks& ranks) {
  const TrainOptions& options = inputs.options;
  const model::ModelConfig& config = inputs.base.config();
  const bool sharded = ranks.group() != nullptr && options.shard_optimizer;
  ParameterOptions layout;
  layout.device = ranks.device();
  layout.dtype = ranks.dtype();
  layout.shards = sharded ? ranks.world() : 1;
  layout.shard = sharded ? ranks.rank() : 0;
  if (options.map_weight > 0) layout.heads = map_head_shapes(config);
  if (options.summary_weight > 0) layout.heads.merge(summary_head_shapes(config));
  layout.head_seed = derive_seed(options.seed, fnv1a("heads"));
  return layout;
}

LossWeights loss_weights(const TrainOptions& options) {
  return {options.caption_weight, options.map_weight, options.summary_weight, options.change_weight};
}

EvaluationOptions evaluation_options(const TrainOptions& options) {
  EvaluationOptions evaluation;
  evaluation.captions = options.caption_weight > 0;
  evaluation.maps = options.map_weight > 0;
  evaluation.changes = options.change_weight > 0;
  evaluation.meteor_data = metrics::find_meteor_data(options.meteor_data);
  return evaluation;
}

// Of inputs that have been checked.
Ranks& joined(Ranks& ranks, const TrainOptions& options) {
  torch_backend::prepare_cpu(options.threads);
  torch_backend::keep_large_blocks();
  ranks.join(std::chrono::seconds(options.timeout_s));
  return ranks;
}

}  // namespace

StepPlan::StepPlan(const TrainOptions& options, const Sampler& sampler, int world) {
  const int64_t together = world * options.stage.accumulate;
  per_epoch = (sampler.micro_batches() + together - 1) / together;
  const double epochs = std::max(options.stage.epochs, 1e-9);
  total = options.max_steps > 0 ? options.max_steps
                                : static_cast<int64_t>(std::ceil(epochs * static_cast<double>(per_epoch)));
  between_evaluations = options.stage.eval_steps > 0 ? options.stage.eval_steps : per_epoch;
  between_saves = options.save_steps > 0 ? options.save_steps : between_evaluations;
  schedule = {total, warmup_steps(total, options.stage.warmup_ratio)};
}

Learner::Learner(const Inputs& inputs, const Ranks& ranks)
    : parameters(inputs.base.config(), inputs.base, inputs.options.stage, layout(inputs, ranks)),
      optimizer(parameters, AdamOptions{.weight_decay = inputs.options.stage.weight_decay}),
      reducer(parameters, ranks.group()),
      model(inputs.base.config(), parameters, inputs.tokenizer.require_token("<|endoftext|>"),
            inputs.options.checkpointing, loss_weights(inputs.options)) {}

void Learner::share_values(const Ranks& ranks) {
  if (parameters.options().shards == 1) return;
  for (Bucket& bucket : parameters.buckets()) {
    ranks.group()->all_gather(bucket.value, bucket.value.narrow(0, bucket.shard_begin, bucket.shard_size));
  }
}

Validation::Validation(const Inputs& inputs)
    : reader(inputs.validation, inputs.tokenizer, inputs.base.config().vision.image_size, Augmentation{},
             inputs.options.map_weight > 0 ? inputs.base.config().vision.grid() : 0,
             change_grid(inputs.options, inputs.base.config())),
      captioner(inputs.tokenizer, generate::GenerationConfig::load(inputs.options.model, inputs.tokenizer)),
      evaluator(inputs.validation, reader, captioner, evaluation_options(inputs.options)) {
  reader.set_images(inputs.options.images);
  reader.set_scene_size(inputs.options.scene_size);
}

Setup::Setup(const TrainOptions& options_)
    : options(options_),
      ranks(options),
      inputs(options, ranks),
      learner(inputs, joined(ranks, options)),
      plan(options, inputs.sampler, ranks.world()),
      identity(train::identity(options, ranks.world(), inputs.sampler.samples(), plan.total)) {
  if (!inputs.validation.empty()) validation.emplace(inputs);
  identity["dtype"] = torch_backend::dtype_name(ranks.dtype());
  if (ranks.leads()) inputs.folder.open();
}

}  // namespace ccx::train
