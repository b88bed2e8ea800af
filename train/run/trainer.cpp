#include "train/run/trainer.h"

#include <c10/util/Exception.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>

#include "core/base/error.h"
#include "train/run/saver.h"
#include "train/run/setup.h"
#include "train/run/step.h"
#include "train/run/step_log.h"

namespace ccx::train {
namespace {

void choose_best(const Setup& setup, const Evaluation& evaluation, Progress& progress) {
  if (!progress.best_by.empty() && !evaluation.best_by.empty() && progress.best_by != evaluation.best_by) {
    setup.ranks.say("the best checkpoint was chosen by " + progress.best_by + ", from now on it is by " +
                    evaluation.best_by);
    progress.best_score = -1;  // scores of two kinds do not compare
  }
  if (!evaluation.best_by.empty() && evaluation.best_score > progress.best_score) {
    progress.best_score = evaluation.best_score;
    progress.best_step = progress.step;
    progress.best_by = evaluation.best_by;
  }
}

void tell_scores(Setup& setup, const Evaluation& evaluation, const Progress& progress, double seconds) {
  if (!setup.ranks.leads()) return;
  setup.inputs.folder.log({{"step", progress.step},
                           {"eval",
                            {{"split", setup.options.validation_split},
                             {"pairs", evaluation.pairs},
                             {"bad", evaluation.bad},
                             {"scores", evaluation.scores},
                             {"best_by", evaluation.best_by},
                             {"best_step", progress.best_step},
                             {"seconds", std::round(seconds * 10) / 10}}}});
  std::string line;
  for (const auto& [name, value] : evaluation.scores) {
    char text[64];
    std::snprintf(text, sizeof(text), "  %s %.4f", name.c_str(), value);
    line += text;
  }
  setup.ranks.say("split " + setup.options.validation_split + ", " + std::to_string(evaluation.pairs) +
                  " pairs:" + line + (progress.best_step == progress.step ? "  (best so far)" : ""));
}

void evaluate(Setup& setup, Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  const Evaluation evaluation = setup.validation->evaluator.run(setup.learner.model, setup.ranks.group());
  choose_best(setup, evaluation, progress);
  tell_scores(setup, evaluation, progress,
              std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
}

void add_step(const StepResult& result, Progress& progress) {
  ++progress.step;
  progress.pairs += result.pairs;
  progress.bad_samples += result.bad_samples;
  progress.skipped_steps += result.skipped ? 1 : 0;
}

void require_few_bad(const Progress& progress, int64_t most) {
  if (progress.bad_samples <= most) return;
  throw Error(std::to_string(progress.bad_samples) + " samples could not be read, more than --max-bad-samples " +
              std::to_string(most) + "; ccx data check lists them");
}

// Steps until the last one, evaluated and saved as planned, or until it is asked to stop; true then.
bool take_steps(Setup& setup, Saver& saver, Progress& progress, const std::atomic<bool>& stop) {
  const StepPlan& plan = setup.plan;
  if (progress.step >= plan.total) return false;
  const TrainOptions& options = setup.options;
  const int64_t accumulate = options.stage.accumulate;
  Step step(setup, stop);
  StepLog log(setup, progress.step);
  Loader loader([&step](int64_t index) { return step.read_batch(index); }, progress.step * accumulate,
                plan.total * accumulate, options.workers, 2 * options.workers + accumulate);
  while (progress.step < plan.total) {
    const StepResult result = step.take(progress.step, loader);
    log.tell(progress.step, result);
    add_step(result, progress);
    require_few_bad(progress, options.max_bad_samples);
    const bool last = progress.step == plan.total;
    if (result.stop && !last) return true;
    const bool evaluates = last || progress.step % plan.between_evaluations == 0;
    if (evaluates && setup.validation) evaluate(setup, progress);
    if (evaluates || progress.step % plan.between_saves == 0) saver.save(progress);
  }
  return false;
}

Outcome run(Setup& setup, const std::atomic<bool>& stop) {
  Saver saver(setup);
  Progress progress = saver.begin();
  if (setup.ranks.leads()) announce(setup);
  setup.ranks.barrier();
  if (take_steps(setup, saver, progress, stop)) {
    saver.save(progress);
    setup.ranks.say("stopped after step " + std::to_string(progress.step) + "; go on with --resume auto");
    return Outcome::kInterrupted;
  }
  std::string best;
  if (progress.best_step >= 0) {
    best = ", best by " + progress.best_by + " " + std::to_string(progress.best_score) + " at step " +
           std::to_string(progress.best_step);
  }
  setup.ranks.say("done: " + (setup.inputs.folder.path() / "last").string() + best);
  return Outcome::kFinished;
}

}  // namespace

Outcome train(const TrainOptions& options, const std::atomic<bool>& stop) {
  try {
    Setup setup(options);
    try {
      return run(setup, stop);
    } catch (const InputError& error) {  // work has begun: exit code 1 (core/base/error.h)
      throw Error(error.what());
    }
  } catch (const c10::Error& error) {
    const std::string what = error.what_without_backtrace();
    if (what.find("out of memory") != std::string::npos || what.find("not enough memory") != std::string::npos) {
      throw OutOfMemoryError(
          "the device has too little memory for this batch: use a smaller --batch with a larger --accumulate, "
          "or --checkpointing (ccx train --plan prints what is needed)");
    }
    throw Error("LibTorch: " + what);
  }
}

}  // namespace ccx::train
