#include "train/run/step_log.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "core/io/messages.h"

namespace ccx::train {
namespace {

using Json = nlohmann::ordered_json;

std::string time_text(double seconds) {
  const auto total = static_cast<long long>(std::max(0.0, seconds));
  char text[32];
  std::snprintf(text, sizeof(text), "%lld:%02lld:%02lld", total / 3600, total / 60 % 60, total % 60);
  return text;
}

}  // namespace

void StepLog::tell(int64_t step, const StepResult& result) {
  if (!setup_.ranks.leads()) return;
  const TrainOptions& options = setup_.options;
  const StepPlan& plan = setup_.plan;
  const double factor = plan.schedule.factor(step);
  const auto number = [](double value) -> Json { return std::isfinite(value) ? Json(value) : Json(); };
  const double epoch = static_cast<double>(step + 1) / static_cast<double>(plan.per_epoch);
  const auto pairs = static_cast<double>(result.pairs);
  Json line = {{"step", step + 1},
               {"epoch", epoch},
               {"loss", number(result.loss)},
               {"grad_norm", number(result.gradient_norm)},
               {"lr", options.stage.lr * factor},
               {"tower_lr", options.stage.tower_lr * factor},
               {"pairs", pairs},
               {"seconds", std::round(result.seconds * 1e4) / 1e4},
               {"waited_for_data", std::round(result.waited * 1e4) / 1e4}};
  if (options.uses_maps()) line["map_loss"] = number(result.map_loss);
  if (options.change_weight > 0) line["change_loss"] = number(result.change_loss);
  setup_.inputs.folder.log(line);
  if ((step + 1) % std::max(1, options.log_every) != 0 && step + 1 != plan.total) return;
  const double done = static_cast<double>(step + 1 - first_);
  const double spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  const double eta = spent / done * static_cast<double>(plan.total - step - 1);
  char text[256];
  std::snprintf(text, sizeof text, "step %lld/%lld  epoch %.2f  loss %.4f  norm %.2f  lr %.2e  %.1f pairs/s  left %s",
                static_cast<long long>(step + 1), static_cast<long long>(plan.total), epoch, result.loss,
                result.gradient_norm, options.stage.lr * factor, pairs / std::max(result.seconds, 1e-9),
                time_text(eta).c_str());
  io::say_progress(text);
}

}  // namespace ccx::train
