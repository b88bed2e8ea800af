#include "train/run/step.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "core/base/error.h"
#include "core/base/joined.h"
#include "core/base/random.h"
#include "core/io/messages.h"

namespace ccx::train {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

// The ranks take the micro-batches of a step in turn, so that W ranks with A each see what one rank with W * A sees.
Batch Step::read_batch(int64_t local_index) const {
  const int64_t accumulate = setup_.options.stage.accumulate;
  const int64_t world = setup_.ranks.world();
  const int64_t step = local_index / accumulate;
  const int64_t turn = local_index % accumulate;
  const int64_t epoch = step / setup_.plan.per_epoch;
  const int64_t first = step % setup_.plan.per_epoch * accumulate * world;
  const int64_t index = first + turn * world + setup_.ranks.rank();
  if (index >= setup_.inputs.sampler.micro_batches()) return {};
  return setup_.inputs.reader.read(setup_.inputs.sampler.micro_batch(epoch, index));
}

// Its part of the step's gradient, of `micro_batches` in all. `index`: of the micro-batch in the run, over all ranks.
void Step::add_loss(const Batch& batch, int64_t index, double micro_batches, Sums& sums) {
  TrainModel& model = setup_.learner.model;
  const double mixed = setup_.options.mix_styles;
  if (mixed > 0) {
    const uint64_t seed = derive_seed(setup_.options.seed, fnv1a("styles"));
    model.ops().mix_styles(mixed, derive_seed(seed, static_cast<uint64_t>(index)));
  }
  const at::Tensor loss = model.loss(batch);
  model.ops().styles_rest();
  const double value = loss.item<double>();
  if (std::isfinite(value)) {
    (loss * (1.0 / micro_batches)).backward();
    sums.loss += value;
    if (model.last_map_loss().defined()) sums.map_loss += model.last_map_loss().item<double>();
    if (model.last_change_loss().defined()) sums.change_loss += model.last_change_loss().item<double>();
  } else {
    sums.not_finite += 1;
  }
  sums.micro_batches += 1;
  sums.pairs += static_cast<double>(batch.pairs());
}

Step::Sums Step::compute_gradients(int64_t step, Loader& loader, Own& own) {
  const int64_t accumulate = setup_.options.stage.accumulate;
  const int64_t together = setup_.ranks.world() * accumulate;
  const int64_t first = step % setup_.plan.per_epoch * together;
  const auto count = static_cast<double>(std::min(together, setup_.inputs.sampler.micro_batches() - first));
  // In bfloat16 every micro-batch is added to float32 sums, so each is exchanged; in float32 the last one carries all.
  const bool every = setup_.ranks.dtype() != at::kFloat;
  Sums sums;
  setup_.learner.parameters.zero_gradients();
  for (int64_t turn = 0; turn < accumulate; ++turn) {
    const Clock::time_point asked = Clock::now();
    const Batch batch = loader.next();
    own.waited += seconds_since(asked);
    for (const BadSample& bad : batch.bad) {
      io::say_error("skipped " + bad.id + ": " + bad.message);
    }
    sums.bad += static_cast<double>(batch.bad.size());
    const bool exchanged = every || turn + 1 == accumulate;
    if (exchanged) setup_.learner.reducer.arm();
    if (batch.pairs() > 0) {
      own.ids.insert(own.ids.end(), batch.ids.begin(), batch.ids.end());
      add_loss(batch, step * together + turn * setup_.ranks.world() + setup_.ranks.rank(), count, sums);
    }
    if (exchanged) setup_.learner.reducer.finish();
  }
  sums.stop = stop_.load() ? 1 : 0;
  ProcessGroup* group = setup_.ranks.group();
  return group != nullptr ? Sums::from(group->sum(sums.values(), setup_.ranks.device())) : sums;
}

double Step::exchange_norm() const {
  const ParameterSet& parameters = setup_.learner.parameters;
  double squared = squared_gradient_norm(parameters);
  if (parameters.options().shards > 1) squared = setup_.ranks.group()->sum({squared}, setup_.ranks.device())[0];
  return std::sqrt(squared);
}

// Says what is not, or throws.
bool Step::is_finite(int64_t step, const Sums& sums, double norm, const Own& own) const {
  if (sums.not_finite == 0 && std::isfinite(norm)) return true;
  const std::string what = "the loss or its gradient is not finite at step " + std::to_string(step + 1) + "; rank " +
                           std::to_string(setup_.ranks.rank()) + " had the samples " + joined_text(own.ids, ", ");
  if (setup_.options.on_nan == OnNan::kStop) throw Error(what + ". --on-nan skip leaves such steps out");
  io::say_error(what + ". The step is skipped");
  return false;
}

StepResult Step::take(int64_t step, Loader& loader) {
  const Clock::time_point start = Clock::now();
  const Stage& stage = setup_.options.stage;
  Own own;
  const Sums sums = compute_gradients(step, loader, own);
  StepResult result;
  result.gradient_norm = exchange_norm();
  result.skipped = !is_finite(step, sums, result.gradient_norm, own);
  if (!result.skipped) {
    Learner& learner = setup_.learner;
    if (stage.max_grad_norm > 0) clip_gradients(learner.parameters, result.gradient_norm, stage.max_grad_norm);
    const double factor = setup_.plan.schedule.factor(step);
    learner.optimizer.step(stage.lr * factor, stage.tower_lr * factor);
    learner.share_values(setup_.ranks);
  }
  const double counted = sums.micro_batches - sums.not_finite;
  const auto mean = [&](double sum) { return counted > 0 ? sum / counted : std::nan(""); };
  result.loss = mean(sums.loss);
  result.map_loss = mean(sums.map_loss);
  result.change_loss = mean(sums.change_loss);
  result.pairs = static_cast<int64_t>(sums.pairs);
  result.bad_samples = static_cast<int64_t>(sums.bad);
  result.stop = sums.stop > 0;
  result.seconds = seconds_since(start);
  result.waited = own.waited;
  return result;
}

}  // namespace ccx::train
