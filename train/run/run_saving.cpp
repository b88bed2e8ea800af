// Evaluates a run and saves its checkpoints.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>

#include "train/checkpoint/checkpoint_writer.h"
#include "train/evaluation/change_evaluation.h"
#include "train/evaluation/map_evaluation.h"
#include "train/run/run.h"

namespace ccx::train {
namespace {

namespace fs = std::filesystem;

// The parameters as a source of weights, on the host in float32.
class ParameterSource : public WeightSource {
 public:
  explicit ParameterSource(const ParameterSet& parameters) : parameters_(parameters) {}
  bool has(const std::string&) const override { return true; }
  io::TensorView get(const std::string& name) const override {
    held_ = parameters_.host_value(parameters_.at(name));
    return {io::DType::kF32, held_.sizes().vec(), static_cast<const std::byte*>(held_.const_data_ptr()),
            held_.nbytes()};
  }

 private:
  const ParameterSet& parameters_;
  mutable at::Tensor held_;
};

}  // namespace

// The leading rank's text, for everybody.
std::string Run::share_text(const std::string& text) {
  return group_ ? group_->gather(text, device_).front() : text;
}

void Run::save() {
  if (saved_step_ == progress_.step) return;
  const fs::path target = folder_.checkpoint(progress_.step);
  const auto states = [&](const fs::path& folder) {
    if (parameters_->options().shards > 1 || leads())
      save_state(folder, *parameters_, *optimizer_, leads() ? 0 : launch_.rank);
  };
  if (leads()) {
    // A run that goes on from an earlier step may meet a checkpoint of its own.
    CheckpointWriter writer(target, /*overwrite=*/true);
    // Where it is written; without what lies above, since a shared volume may have another place on another machine.
    share_text(fs::relative(writer.folder(), target.parent_path()).string());
    states(writer.folder());
    writer.config_from(options_.model, base_.config(), options_.save_dtype);
    writer.tokenizer(options_.model);
    const ParameterSource source(*parameters_);
    std::map<std::string, Shape> shapes;
    for (const Parameter& parameter : parameters_->all()) {
      if (parameter.saved) shapes[parameter.name] = parameter.shape;
    }
    writer.weights(shapes, source, options_.save_dtype);
    write_progress(writer.folder(), progress_, identity_);
    barrier();  // everybody's state is there
    writer.commit();
    folder_.point_last(progress_.step);
    if (progress_.best_step == progress_.step) folder_.point_best(progress_.step);
    for (const fs::path& left : folder_.prune(options_.keep, progress_.best_step)) {
      say("the weights of " + left.string() + " are removed (--keep); what ccx did not write there stays");
    }
  } else {
    states(target.parent_path() / share_text(""));
    barrier();
  }
  barrier();
  saved_step_ = progress_.step;
}

void Run::evaluate() {
  const auto start = std::chrono::steady_clock::now();
  Evaluation evaluation;
  if (options_.caption_weight > 0) evaluation = evaluator_->run(*model_, group_.get());
  if (options_.map_weight > 0) {
    evaluation.scores.merge(evaluate_maps(*model_, validation_, *validation_reader_, group_.get()));
    if (options_.caption_weight <= 0 && evaluation.scores.count("map_flag_auc") != 0) {
      evaluation.pairs = static_cast<int64_t>(validation_.size());
      evaluation.best_by = "map_flag_auc";
      evaluation.best_score = evaluation.scores["map_flag_auc"];
    }
  }
  if (options_.change_weight > 0) {
    evaluation.scores.merge(evaluate_changes(*model_, validation_, *validation_reader_, group_.get()));
    if (options_.caption_weight <= 0) {
      evaluation.pairs = static_cast<int64_t>(validation_.size());
      evaluation.best_by = "change_score";
      evaluation.best_score = evaluation.scores["change_score"] = change_score(evaluation.scores);
    }
  }
  if (!progress_.best_by.empty() && !evaluation.best_by.empty() && progress_.best_by != evaluation.best_by) {
    say("the best checkpoint was chosen by " + progress_.best_by + ", from now on it is by " + evaluation.best_by);
    progress_.best_score = -1;  // scores of two kinds do not compare
  }
  if (!evaluation.best_by.empty() && evaluation.best_score > progress_.best_score) {
    progress_.best_score = evaluation.best_score;
    progress_.best_step = progress_.step;
    progress_.best_by = evaluation.best_by;
  }
  if (leads()) {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    folder_.log({{"step", progress_.step},
                 {"eval",
                  {{"split", options_.validation_split},
                   {"pairs", evaluation.pairs},
                   {"bad", evaluation.bad},
                   {"scores", evaluation.scores},
                   {"best_by", evaluation.best_by},
                   {"best_step", progress_.best_step},
                   {"seconds", std::round(seconds * 10) / 10}}}});
    std::string line;
    for (const auto& [name, value] : evaluation.scores) {
      char text[64];
      std::snprintf(text, sizeof(text), "  %s %.4f", name.c_str(), value);
      line += text;
    }
    say("split " + options_.validation_split + ", " + std::to_string(evaluation.pairs) + " pairs:" + line +
        (progress_.best_step == progress_.step ? "  (best so far)" : ""));
  }
}

}  // namespace ccx::train
