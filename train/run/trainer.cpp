#include "train/run/trainer.h"

#include <c10/util/Exception.h>

#include "core/base/error.h"
#include "train/run/run.h"

namespace ccx::train {

Outcome Run::run() {
  start();
  barrier();
  began_ = std::chrono::steady_clock::now();
  began_step_ = progress_.step;
  const int64_t accumulate = options_.stage.accumulate;
  if (progress_.step < total_steps_) {
    Loader loader([this](int64_t index) { return read_batch(index); }, progress_.step * accumulate,
                  total_steps_ * accumulate, options_.workers, 2 * options_.workers + accumulate);
    while (progress_.step < total_steps_ && !stopping_) {
      take_step(progress_.step, loader);
      const bool last = progress_.step == total_steps_;
      if (stopping_ && !last) break;
      const bool evaluates = last || progress_.step % eval_steps_ == 0;
      if (evaluates && evaluator_) evaluate();
      if (evaluates || progress_.step % save_steps_ == 0) save();
    }
  }
  if (stopping_ && progress_.step < total_steps_) {
    save();
    say("stopped after step " + std::to_string(progress_.step) + "; go on with --resume auto");
    return Outcome::kInterrupted;
  }
  say("done: " + (folder_.path() / "last").string() +
      (progress_.best_step >= 0 ? ", best by " + progress_.best_by + " " + std::to_string(progress_.best_score) +
                                      " at step " + std::to_string(progress_.best_step)
                                : ""));
  return Outcome::kFinished;
}

Outcome train(const TrainOptions& options, const std::atomic<bool>& stop) {
  try {
    Run run(options, stop);
    try {
      return run.run();
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
