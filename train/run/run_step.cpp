// One optimiser step: gradients of the micro-batches, clipping, AdamW, and the line that tells of it.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "core/base/error.h"
#include "train/run/run.h"

namespace ccx::train {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string time_text(double seconds) {
  const auto total = static_cast<long long>(std::max(0.0, seconds));
  char text[32];
  std::snprintf(text, sizeof(text), "%lld:%02lld:%02lld", total / 3600, total / 60 % 60, total % 60);
  return text;
}

}  // namespace

// With a sharded optimiser every rank has stepped its share of the values: all get the others'.
void Run::share_values() {
  if (parameters_->options().shards == 1) return;
  for (Bucket& bucket : parameters_->buckets()) {
    group_->all_gather(bucket.value, bucket.value.narrow(0, bucket.shard_begin, bucket.shard_size));
  }
}

// Micro-batch `local_index` of this rank. The ranks take the micro-batches of a step in turn, so that W ranks with A
// each see what one rank with W * A sees.
Batch Run::read_batch(int64_t local_index) const {
  const int64_t step = local_index / options_.stage.accumulate;
  const int64_t turn = local_index % options_.stage.accumulate;
  const int64_t epoch = step / steps_per_epoch_;
  const int64_t first = step % steps_per_epoch_ * options_.stage.accumulate * launch_.world;
  const int64_t index = first + turn * launch_.world + launch_.rank;
  if (index >= sampler_.micro_batches()) return {};
  return reader_.read(sampler_.micro_batch(epoch, index));
}

StepSums Run::compute_gradients(int64_t step, Loader& loader) {
  const int64_t together = launch_.world * options_.stage.accumulate;
  const int64_t first = step % steps_per_epoch_ * together;
  const auto count = static_cast<double>(std::min(together, sampler_.micro_batches() - first));
  // In bfloat16 every micro-batch is added to float32 sums, so each is exchanged; in float32 the last one carries all.
  const bool every = dtype_ != at::kFloat;
  StepSums sums;
  step_ids_.clear();
  waited_ = 0;
  parameters_->zero_gradients();
  for (int64_t turn = 0; turn < options_.stage.accumulate; ++turn) {
    const Clock::time_point asked = Clock::now();
    const Batch batch = loader.next();
    waited_ += seconds_since(asked);
    for (const BadSample& bad : batch.bad) {
      std::fprintf(stderr, "ccx: skipped %s: %s\n", bad.id.c_str(), bad.message.c_str());
    }
    sums.bad += static_cast<double>(batch.bad.size());
    const bool exchanged = every || turn + 1 == options_.stage.accumulate;
    if (exchanged) reducer_->arm();
    if (batch.pairs() > 0) {
      step_ids_.insert(step_ids_.end(), batch.ids.begin(), batch.ids.end());
      const at::Tensor loss = model_->loss(batch);
      const double value = loss.item<double>();
      if (std::isfinite(value)) {
        (loss * (1.0 / count)).backward();
        sums.loss += value;
        if (model_->last_map_loss().defined()) sums.map_loss += model_->last_map_loss().item<double>();
        if (model_->last_change_loss().defined()) sums.change_loss += model_->last_change_loss().item<double>();
      } else {
        sums.not_finite += 1;
      }
      sums.micro_batches += 1;
      sums.pairs += static_cast<double>(batch.pairs());
    }
    if (exchanged) reducer_->finish();
  }
  sums.stop = stop_.load() ? 1 : 0;
  return group_ ? StepSums::from(group_->sum(sums.values(), device_)) : sums;
}

double Run::exchange_norm() const {
  double squared = squared_gradient_norm(*parameters_);
  if (parameters_->options().shards > 1) squared = group_->sum({squared}, device_)[0];
  return std::sqrt(squared);
}

// True where the step can be taken; false where it is skipped.
bool Run::finite_or_throw(const StepSums& sums, double norm) {
  if (sums.not_finite == 0 && std::isfinite(norm)) return true;
  std::string ids;
  for (const std::string& id : step_ids_) ids += (ids.empty() ? "" : ", ") + id;
  const std::string what = "the loss or its gradient is not finite at step " + std::to_string(progress_.step + 1) +
                           "; rank " + std::to_string(launch_.rank) + " had the samples " + ids;
  if (options_.on_nan == OnNan::kStop) throw Error(what + ". --on-nan skip leaves such steps out");
  std::fprintf(stderr, "ccx: %s. The step is skipped\n", what.c_str());
  ++progress_.skipped_steps;
  return false;
}

void Run::take_step(int64_t step, Loader& loader) {
  const Clock::time_point start = Clock::now();
  const StepSums sums = compute_gradients(step, loader);
  const double norm = exchange_norm();
  if (finite_or_throw(sums, norm)) {
    if (options_.stage.max_grad_norm > 0) clip_gradients(*parameters_, norm, options_.stage.max_grad_norm);
    const double factor = schedule_.factor(step);
    optimizer_->step(options_.stage.lr * factor, options_.stage.tower_lr * factor);
    share_values();
  }
  progress_.step = step + 1;
  progress_.pairs += static_cast<int64_t>(sums.pairs);
  progress_.bad_samples += static_cast<int64_t>(sums.bad);
  stopping_ = sums.stop > 0;
  const double counted = sums.micro_batches - sums.not_finite;
  const auto mean = [&](double sum) { return counted > 0 ? sum / counted : std::nan(""); };
  report(step, {mean(sums.loss), mean(sums.map_loss), mean(sums.change_loss)}, norm, sums.pairs, seconds_since(start),
         waited_);
  if (progress_.bad_samples > options_.max_bad_samples) {
    throw Error(std::to_string(progress_.bad_samples) + " samples could not be read, more than --max-bad-samples " +
                std::to_string(options_.max_bad_samples) + "; ccx data check lists them");
  }
}

void Run::report(int64_t step, const Losses& losses, double norm, double pairs, double seconds, double waited) {
  if (!leads()) return;
  const double factor = schedule_.factor(step);
  const auto number = [](double value) -> Json { return std::isfinite(value) ? Json(value) : Json(); };
  const double epoch = static_cast<double>(step + 1) / static_cast<double>(steps_per_epoch_);
  Json line = {{"step", step + 1},
               {"epoch", epoch},
               {"loss", number(losses.all)},
               {"grad_norm", number(norm)},
               {"lr", options_.stage.lr * factor},
               {"tower_lr", options_.stage.tower_lr * factor},
               {"pairs", pairs},
               {"seconds", std::round(seconds * 1e4) / 1e4},
               {"waited_for_data", std::round(waited * 1e4) / 1e4}};
  if (options_.uses_maps()) line["map_loss"] = number(losses.maps);
  if (options_.change_weight > 0) line["change_loss"] = number(losses.changes);
  folder_.log(line);
  if ((step + 1) % std::max(1, options_.log_every) != 0 && step + 1 != total_steps_) return;
  const double done = static_cast<double>(step + 1 - began_step_);
  const double eta = seconds_since(began_) / done * static_cast<double>(total_steps_ - step - 1);
  std::fprintf(stderr, "step %lld/%lld  epoch %.2f  loss %.4f  norm %.2f  lr %.2e  %.1f pairs/s  left %s\n",
               static_cast<long long>(step + 1), static_cast<long long>(total_steps_), epoch, losses.all, norm,
               options_.stage.lr * factor, pairs / std::max(seconds, 1e-9), time_text(eta).c_str());
}

}  // namespace ccx::train
