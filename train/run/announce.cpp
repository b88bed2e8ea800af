// What a run says of itself when it begins.
#include <cstdio>

#include "core/io/messages.h"
#include "core/torch/device.h"
#include "train/run/setup.h"

namespace ccx::train {
namespace {

using Json = nlohmann::ordered_json;

void write_run_json(Setup& setup) {
  Json json = to_json(setup.options);
  json["dtype"] = torch_backend::dtype_name(setup.ranks.dtype());
  json["device"] = torch_backend::device_name(setup.ranks.device());
  json["world_size"] = setup.ranks.world();
  json["effective_batch"] = setup.options.stage.batch * setup.options.stage.accumulate * setup.ranks.world();
  json["training_pairs"] = setup.inputs.items.size();
  json["samples_per_epoch"] = setup.inputs.sampler.samples();
  json["steps_per_epoch"] = setup.plan.per_epoch;
  json["total_steps"] = setup.plan.total;
  json["warmup_steps"] = setup.plan.schedule.warmup_steps;
  json["validation_pairs"] = setup.inputs.validation.size();
  json["trainable_parameters"] = setup.learner.parameters.trainable_elements();
  json["model_sha256"] = setup.inputs.base.checkpoint().sha256();
  json["created_tensors"] = setup.inputs.base.created();
  setup.inputs.folder.write_run_json(json);
}

}  // namespace

void announce(Setup& setup) {
  write_run_json(setup);
  char text[512];
  std::snprintf(
      text, sizeof text,
      "stage %d: %lld pairs, %lld samples an epoch, %lld steps of %lld pairs; %.2f M parameters learn "
      "(lr %g, tower %g) on %d x %s in %s",
      setup.options.stage.number, static_cast<long long>(setup.inputs.items.size()),
      static_cast<long long>(setup.inputs.sampler.samples()), static_cast<long long>(setup.plan.total),
      static_cast<long long>(setup.options.stage.batch * setup.options.stage.accumulate * setup.ranks.world()),
      static_cast<double>(setup.learner.parameters.trainable_elements()) / 1e6, setup.options.stage.lr,
      setup.options.stage.tower_lr, setup.ranks.world(), torch_backend::device_name(setup.ranks.device()).c_str(),
      torch_backend::dtype_name(setup.ranks.dtype()).c_str());
  setup.ranks.say(text);
  if (!setup.inputs.base.created().empty()) {
    const std::vector<std::string>& created = setup.inputs.base.created();
    setup.ranks.say("the base model lacks " + std::to_string(created.size()) + " tensors (" + created.front() +
                    ", ...): they are made anew");
  }
}

}  // namespace ccx::train
