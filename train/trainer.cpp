#include "train/trainer.h"

#include <c10/core/GradMode.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <optional>

#include "core/graph/error.h"
#ifdef CCX_METRICS
#include "core/metrics/meteor_data.h"
#endif
#include "core/torch/device.h"
#include "train/data/dataset_list.h"
#include "train/data/loader.h"
#include "train/evaluate.h"
#include "train/initialise.h"
#include "train/map_evaluation.h"
#include "train/map_loss.h"
#include "train/model.h"
#include "train/optimizer.h"
#include "train/reducer.h"
#include "train/run_folder.h"
#include "train/schedule.h"

namespace ccx::train {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::vector<PairItem> read_items(const std::vector<std::string>& sources, const std::string& split, uint64_t seed, int64_t limit) {
  std::vector<PairItem> items;
  for (const DatasetEntry& entry : read_dataset_list(sources)) {
    std::vector<PairItem> some = take(entry, split, seed);
    items.insert(items.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  }
  if (limit > 0 && static_cast<int64_t>(items.size()) > limit) items.resize(static_cast<size_t>(limit));
  return items;
}

at::Device device_of(const TrainOptions& options, const Launch& launch) {
  if (launch.world > 1 && options.device == "auto") {
    const at::Device found = torch_backend::resolve_devices("auto").front();
    return found.is_cuda() ? at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(launch.local_rank)) : found;
  }
  return torch_backend::resolve_devices(options.device).front();
}

// A step's sums over this rank's micro-batches; exchanged as one small vector.
struct StepSums {
  double loss = 0;
  double micro_batches = 0;
  double pairs = 0;
  double bad = 0;
  double not_finite = 0;
  double stop = 0;
  double map_loss = 0;

  std::vector<double> values() const { return {loss, micro_batches, pairs, bad, not_finite, stop, map_loss}; }
  static StepSums from(const std::vector<double>& v) { return {v[0], v[1], v[2], v[3], v[4], v[5], v[6]}; }
};

std::string time_text(double seconds) {
  const auto total = static_cast<long long>(std::max(0.0, seconds));
  char text[32];
  std::snprintf(text, sizeof(text), "%lld:%02lld:%02lld", total / 3600, total / 60 % 60, total % 60);
  return text;
}


class Run {
 public:
  Run(const TrainOptions& options, const std::atomic<bool>& stop)
      : options_(options),
        stop_(stop),
        launch_(Launch::from_environment()),
        device_(device_of(options, launch_)),
        dtype_(torch_backend::resolve_dtype(options.dtype, device_)),
        base_(options.model.string(), options.seed),
        tokenizer_(text::Tokenizer::load(options.model)),
        items_(read_items(options.data, "train", options.seed, options.limit)),
        validation_(options.evaluate ? read_items(options.validation.empty() ? options.data : options.validation,
                                                  options.validation_split, options.seed, options.eval_limit)
                                     : std::vector<PairItem>()),
        folder_(options.out),
        sampler_(items_, {options.stage.captions, options.stage.batch, options.shuffle, options.seed}),
        reader_(items_, tokenizer_, base_.config().vision.image_size, options.augmentation,
                options.map_weight > 0 ? base_.config().vision.grid() : 0) {
    check();
    torch_backend::set_threads(options.threads);
    if (launch_.world > 1) group_ = ProcessGroup::join(launch_, device_, std::chrono::seconds(options.timeout_s));
    const bool sharded = group_ != nullptr && options_.shard_optimizer;
    ParameterOptions layout;
    layout.device = device_;
    layout.dtype = dtype_;
    layout.shards = sharded ? launch_.world : 1;
    layout.shard = sharded ? launch_.rank : 0;
    if (options.map_weight > 0) layout.heads = map_head_shapes(base_.config());
    layout.head_seed = derive_seed(options.seed, hash_name("heads"));
    parameters_.emplace(base_.config(), base_, options_.stage, layout);
    optimizer_.emplace(*parameters_, AdamOptions{.weight_decay = options_.stage.weight_decay});
    reducer_.emplace(*parameters_, group_.get());
    model_.emplace(base_.config(), *parameters_, tokenizer_.require_token("<|endoftext|>"), options_.checkpointing,
                   LossWeights{options_.caption_weight, options_.map_weight});
    if (!validation_.empty()) {
      validation_reader_.emplace(validation_, tokenizer_, base_.config().vision.image_size, Augmentation{},
                                 options.map_weight > 0 ? base_.config().vision.grid() : 0);
      EvaluationOptions evaluation;
#ifdef CCX_METRICS
      evaluation.meteor_data = metrics::find_meteor_data(options_.meteor_data);
#endif
      evaluator_.emplace(validation_, *validation_reader_, tokenizer_, generate::GenerationConfig::load(options_.model), evaluation);
    }
    plan_steps();
  }

  Outcome run();

 private:
  bool leads() const { return launch_.rank == 0; }
  void check() const;
  void plan_steps();
  void start();
  void say(const std::string& text) const {
    if (leads()) std::fprintf(stderr, "%s\n", text.c_str());
  }
  void barrier() {
    if (group_) group_->barrier();
  }
  Batch read_batch(int64_t local_index) const;
  StepSums compute_gradients(int64_t step, Loader& loader);
  void take_step(int64_t step, Loader& loader);
  double exchange_norm() const;
  bool finite_or_throw(const StepSums& sums, double norm);
  void evaluate_and_save(bool evaluates);
  void save();
  void report(int64_t step, double loss, double map_loss, double norm, double pairs, double seconds, double waited);

  const TrainOptions& options_;
  const std::atomic<bool>& stop_;
  Launch launch_;
  at::Device device_;
  at::ScalarType dtype_;
  BaseModel base_;
  text::Tokenizer tokenizer_;
  std::vector<PairItem> items_, validation_;
  RunFolder folder_;
  Sampler sampler_;
  SampleReader reader_;
  std::unique_ptr<ProcessGroup> group_;
  std::optional<ParameterSet> parameters_;
  std::optional<AdamW> optimizer_;
  std::optional<GradientReducer> reducer_;
  std::optional<TrainModel> model_;
  std::optional<SampleReader> validation_reader_;
  std::optional<Evaluator> evaluator_;

  int64_t steps_per_epoch_ = 1;
  int64_t total_steps_ = 1;
  int64_t eval_steps_ = 1;
  int64_t save_steps_ = 1;
  Schedule schedule_;
  Json identity_;
  Progress progress_;
  bool stopping_ = false;
  std::vector<std::string> step_ids_;  // of the samples of the step being computed
  double waited_ = 0;                  // seconds for data in this step
  Clock::time_point began_;
  int64_t began_step_ = 0;
  int64_t saved_step_ = -1;
};

void Run::check() const {
  if (items_.empty()) throw InputError("the data holds no training pairs; is its split \"train\"?");
  if (tokenizer_.size() > base_.config().text.vocab_size) {
    throw CheckpointError(options_.model.string() + ": the tokenizer has " + std::to_string(tokenizer_.size()) +
                          " tokens, but the embedding table has " + std::to_string(base_.config().text.vocab_size) + " rows");
  }
  if (options_.evaluate && validation_.empty() && leads()) {
    std::fprintf(stderr, "ccx: the data has no split \"%s\": the model is not evaluated while it trains (--validation names data for it)\n",
                 options_.validation_split.c_str());
  }
  if (launch_.world > 1 && dtype_ != at::kFloat && device_.is_cpu()) {
    throw UsageError("--dtype bf16 on CPUs runs in one process only: Gloo adds float32");
  }
  const bool begun = folder_.has_checkpoint();
  if (begun && options_.resume == Resume::kNo) {
    throw UsageError(options_.out.string() + " holds a run already: go on with --resume auto, or choose another --out");
  }
}

void Run::plan_steps() {
  const int64_t together = launch_.world * options_.stage.accumulate;
  steps_per_epoch_ = (sampler_.micro_batches() + together - 1) / together;
  const double epochs = std::max(options_.stage.epochs, 1e-9);
  total_steps_ = options_.max_steps > 0 ? options_.max_steps
                                        : static_cast<int64_t>(std::ceil(epochs * static_cast<double>(steps_per_epoch_)));
  eval_steps_ = options_.stage.eval_steps > 0 ? options_.stage.eval_steps : steps_per_epoch_;
  save_steps_ = options_.save_steps > 0 ? options_.save_steps : eval_steps_;
  schedule_ = {total_steps_, warmup_steps(total_steps_, options_.stage.warmup_ratio)};
  identity_ = identity(options_, launch_.world, sampler_.samples(), total_steps_);
  identity_["dtype"] = torch_backend::dtype_name(dtype_);
}

void Run::start() {
  if (folder_.has_checkpoint()) {
    const fs::path last = fs::canonical(folder_.path() / "last");
    progress_ = read_progress(last, identity_);
    load_state(last, *parameters_, *optimizer_, parameters_->options().shards > 1 ? launch_.rank : 0);
    if (parameters_->options().shards > 1) {
      for (Bucket& bucket : parameters_->buckets()) {
        group_->all_gather(bucket.value, bucket.value.narrow(0, bucket.shard_begin, bucket.shard_size));
      }
    }
    saved_step_ = progress_.step;
    if (leads()) folder_.rewind_log(progress_.step);
    say("continuing after step " + std::to_string(progress_.step));
  } else if (leads()) {
    std::error_code error;
    fs::create_directories(folder_.path() / "checkpoints", error);
    if (error) throw InputError("cannot create " + folder_.path().string() + ": " + error.message());
    fs::remove(folder_.path() / "metrics.jsonl", error);
  }
  if (!leads()) return;
  Json json = to_json(options_);
  json["dtype"] = torch_backend::dtype_name(dtype_);
  json["device"] = torch_backend::device_name(device_);
  json["world_size"] = launch_.world;
  json["effective_batch"] = options_.stage.batch * options_.stage.accumulate * launch_.world;
  json["training_pairs"] = items_.size();
  json["samples_per_epoch"] = sampler_.samples();
  json["steps_per_epoch"] = steps_per_epoch_;
  json["total_steps"] = total_steps_;
  json["warmup_steps"] = schedule_.warmup_steps;
  json["validation_pairs"] = validation_.size();
  json["trainable_parameters"] = parameters_->trainable_elements();
  json["model_sha256"] = base_.checkpoint().sha256();
  json["created_tensors"] = base_.created();
  folder_.write_run_json(json);
  std::fprintf(stderr,
               "stage %d: %lld pairs, %lld samples an epoch, %lld steps of %lld pairs; %.2f M parameters learn "
               "(lr %g, tower %g) on %d x %s in %s\n",
               options_.stage.number, static_cast<long long>(items_.size()), static_cast<long long>(sampler_.samples()),
               static_cast<long long>(total_steps_),
               static_cast<long long>(options_.stage.batch * options_.stage.accumulate * launch_.world),
               static_cast<double>(parameters_->trainable_elements()) / 1e6, options_.stage.lr, options_.stage.tower_lr,
               launch_.world, torch_backend::device_name(device_).c_str(), torch_backend::dtype_name(dtype_).c_str());
  if (!base_.created().empty()) {
    std::fprintf(stderr, "the base model lacks %zu tensors (%s, ...): they are made anew\n", base_.created().size(),
                 base_.created().front().c_str());
  }
}

// Micro-batch `local_index` of this rank. The ranks take the micro-batches of a step in turn, so that W ranks with A each
// see what one rank with W * A sees.
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
    if (parameters_->options().shards > 1) {
      for (Bucket& bucket : parameters_->buckets()) {
        group_->all_gather(bucket.value, bucket.value.narrow(0, bucket.shard_begin, bucket.shard_size));
      }
    }
  }
  progress_.step = step + 1;
  progress_.pairs += static_cast<int64_t>(sums.pairs);
  progress_.bad_samples += static_cast<int64_t>(sums.bad);
  stopping_ = sums.stop > 0;
  const double counted = sums.micro_batches - sums.not_finite;
  const double loss = counted > 0 ? sums.loss / counted : std::nan("");
  const double map_loss = counted > 0 ? sums.map_loss / counted : std::nan("");
  report(step, loss, map_loss, norm, sums.pairs, seconds_since(start), waited_);
  if (progress_.bad_samples > options_.max_bad_samples) {
    throw Error(std::to_string(progress_.bad_samples) + " samples could not be read, more than --max-bad-samples " +
                std::to_string(options_.max_bad_samples) + "; ccx data check lists them");
  }
}

void Run::report(int64_t step, double loss, double map_loss, double norm, double pairs, double seconds, double waited) {
  if (!leads()) return;
  const double factor = schedule_.factor(step);
  const auto number = [](double value) -> Json { return std::isfinite(value) ? Json(value) : Json(); };
  const double epoch = static_cast<double>(step + 1) / static_cast<double>(steps_per_epoch_);
  Json line = {{"step", step + 1},
               {"epoch", epoch},
               {"loss", number(loss)},
               {"grad_norm", number(norm)},
               {"lr", options_.stage.lr * factor},
               {"tower_lr", options_.stage.tower_lr * factor},
               {"pairs", pairs},
               {"seconds", std::round(seconds * 1e4) / 1e4},
               {"waited_for_data", std::round(waited * 1e4) / 1e4}};
  if (options_.map_weight > 0) line["map_loss"] = number(map_loss);
  folder_.log(line);
  if ((step + 1) % std::max(1, options_.log_every) != 0 && step + 1 != total_steps_) return;
  const double done = static_cast<double>(step + 1 - began_step_);
  const double eta = seconds_since(began_) / done * static_cast<double>(total_steps_ - step - 1);
  std::fprintf(stderr, "step %lld/%lld  epoch %.2f  loss %.4f  norm %.2f  lr %.2e  %.1f pairs/s  left %s\n",
               static_cast<long long>(step + 1), static_cast<long long>(total_steps_), epoch, loss, norm,
               options_.stage.lr * factor, pairs / std::max(seconds, 1e-9), time_text(eta).c_str());
}

void Run::save() {
  if (saved_step_ == progress_.step) return;
  const fs::path target = folder_.checkpoint(progress_.step);
  const auto states = [&](const fs::path& folder) {
    if (parameters_->options().shards > 1 || leads()) save_state(folder, *parameters_, *optimizer_, leads() ? 0 : launch_.rank);
  };
  if (leads()) {
    CheckpointWriter writer(target);
    barrier();  // the folder is there
    states(writer.folder());
    writer.config_from(options_.model, base_.config(), options_.save_dtype);
    writer.tokenizer(options_.model);
    // The parameters as a source of weights.
    struct Source : WeightSource {
      explicit Source(const ParameterSet& in) : set(in) {}
      bool has(const std::string&) const override { return true; }
      io::TensorView get(const std::string& name) const override {
        held = set.host_value(set.at(name));
        return {io::DType::kF32, held.sizes().vec(), static_cast<const std::byte*>(held.const_data_ptr()), held.nbytes()};
      }
      const ParameterSet& set;
      mutable at::Tensor held;
    } source(*parameters_);
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
    folder_.prune(options_.keep, progress_.best_step);
  } else {
    barrier();
    states(target.string() + ".part");
    barrier();
  }
  barrier();
  saved_step_ = progress_.step;
}

void Run::evaluate_and_save(bool evaluates) {
  if (evaluates && evaluator_) {
    const Clock::time_point start = Clock::now();
    Evaluation evaluation;
    if (options_.caption_weight > 0) evaluation = evaluator_->run(*model_, group_.get());
    if (options_.map_weight > 0) {
      evaluation.scores.merge(evaluate_maps(*model_, validation_, *validation_reader_, group_.get()));
      if (options_.caption_weight <= 0) {
        evaluation.pairs = static_cast<int64_t>(validation_.size());
        evaluation.best_by = "map_flag_auc";
        evaluation.best_score = evaluation.scores["map_flag_auc"];
      }
    }
    if (evaluation.best_score > progress_.best_score) {
      progress_.best_score = evaluation.best_score;
      progress_.best_step = progress_.step;
      progress_.best_by = evaluation.best_by;
    }
    if (leads()) {
      folder_.log({{"step", progress_.step},
                   {"eval",
                    {{"split", options_.validation_split},
                     {"pairs", evaluation.pairs},
                     {"bad", evaluation.bad},
                     {"scores", evaluation.scores},
                     {"best_by", evaluation.best_by},
                     {"best_step", progress_.best_step},
                     {"seconds", std::round(seconds_since(start) * 10) / 10}}}});
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
  save();
}

Outcome Run::run() {
  start();
  barrier();
  began_ = Clock::now();
  began_step_ = progress_.step;
  const int64_t accumulate = options_.stage.accumulate;
  if (progress_.step < total_steps_) {
    Loader loader([this](int64_t index) { return read_batch(index); }, progress_.step * accumulate, total_steps_ * accumulate,
                  options_.workers, 2 * options_.workers + accumulate);
    while (progress_.step < total_steps_ && !stopping_) {
      take_step(progress_.step, loader);
      const bool last = progress_.step == total_steps_;
      if (stopping_ && !last) break;
      const bool evaluates = last || progress_.step % eval_steps_ == 0;
      if (evaluates || progress_.step % save_steps_ == 0) evaluate_and_save(evaluates);
    }
  }
  if (stopping_ && progress_.step < total_steps_) {
    save();
    say("stopped after step " + std::to_string(progress_.step) + "; go on with --resume auto");
    return Outcome::kInterrupted;
  }
  say("done: " + (folder_.path() / "last").string() +
      (progress_.best_step >= 0 ? ", best by " + progress_.best_by + " " + std::to_string(progress_.best_score) + " at step " +
                                      std::to_string(progress_.best_step)
                                : ""));
  return Outcome::kFinished;
}

}  // namespace

Outcome train(const TrainOptions& options, const std::atomic<bool>& stop) {
  try {
    Run run(options, stop);
    try {
      return run.run();
    } catch (const InputError& error) {  // work has begun: exit code 1 (core/graph/error.h)
      throw Error(error.what());
    }
  } catch (const c10::Error& error) {
    const std::string what = error.what_without_backtrace();
    if (what.find("out of memory") != std::string::npos || what.find("not enough memory") != std::string::npos) {
      throw OutOfMemoryError("the device has too little memory for this batch: use a smaller --batch with a larger --accumulate, "
                             "or --checkpointing (ccx train --plan prints what is needed)");
    }
    throw Error("LibTorch: " + what);
  }
}

}  // namespace ccx::train
