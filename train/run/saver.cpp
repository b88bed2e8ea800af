#include "train/run/saver.h"

#include <map>
#include <string>

#include "train/checkpoint/checkpoint_writer.h"

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

std::map<std::string, Shape> saved_shapes(const ParameterSet& parameters) {
  std::map<std::string, Shape> shapes;
  for (const Parameter& parameter : parameters.all()) {
    if (parameter.saved) shapes[parameter.name] = parameter.shape;
  }
  return shapes;
}

}  // namespace

Progress Saver::begin() {
  RunFolder& folder = setup_.inputs.folder;
  Learner& learner = setup_.learner;
  if (!folder.has_checkpoint()) {
    if (setup_.ranks.leads()) folder.rewind_log(-1);  // of a run that ended before its first checkpoint
    return {};
  }
  const fs::path last = fs::canonical(folder.path() / "last");
  const Progress progress = read_progress(last, setup_.identity);
  const bool sharded = learner.parameters.options().shards > 1;
  load_state(last, learner.parameters, learner.optimizer, sharded ? setup_.ranks.rank() : 0);
  learner.share_values(setup_.ranks);
  saved_step_ = progress.step;
  if (setup_.ranks.leads()) folder.rewind_log(progress.step);
  setup_.ranks.say("continuing after step " + std::to_string(progress.step));
  return progress;
}

// Of every rank where the optimiser is sharded, else of the leading one.
void Saver::write_state(const fs::path& folder) {
  Learner& learner = setup_.learner;
  if (learner.parameters.options().shards > 1 || setup_.ranks.leads())
    save_state(folder, learner.parameters, learner.optimizer, setup_.ranks.rank());
}

// The leading rank's part.
void Saver::write(const Progress& progress) {
  RunFolder& folder = setup_.inputs.folder;
  const TrainOptions& options = setup_.options;
  const fs::path target = folder.checkpoint(progress.step);
  // A run that goes on from an earlier step may meet a checkpoint of its own.
  CheckpointWriter writer(target, /*overwrite=*/true);
  // Where it is written; without what lies above, since a shared volume may have another place on another machine.
  setup_.ranks.share(fs::relative(writer.folder(), target.parent_path()).string());
  write_state(writer.folder());
  writer.config_from(options.model, setup_.inputs.base.config(), options.save_dtype);
  writer.tokenizer(options.model);
  writer.weights(saved_shapes(setup_.learner.parameters), ParameterSource(setup_.learner.parameters),
                 options.save_dtype);
  write_progress(writer.folder(), progress, setup_.identity);
  setup_.ranks.barrier();  // everybody's state is there
  writer.commit();
  folder.point_last(progress.step);
  if (progress.best_step == progress.step) folder.point_best(progress.step);
  for (const fs::path& left : folder.prune(options.keep, progress.best_step)) {
    setup_.ranks.say("the weights of " + left.string() + " are removed (--keep); what ccx did not write there stays");
  }
}

void Saver::save(const Progress& progress) {
  if (saved_step_ == progress.step) return;
  if (setup_.ranks.leads()) {
    write(progress);
  } else {
    write_state(setup_.inputs.folder.checkpoint(progress.step).parent_path() / setup_.ranks.share(""));
    setup_.ranks.barrier();
  }
  setup_.ranks.barrier();
  saved_step_ = progress.step;
}

}  // namespace ccx::train
