// Begins a run or takes it up again: reads data and model, works out the steps, and says so.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/base/error.h"
#include "core/base/no_change.h"
#include "core/metrics/meteor_data.h"
#include "core/torch/block_cache.h"
#include "core/torch/device.h"
#include "train/data/dataset.h"
#include "train/data/dataset_list.h"
#include "train/heads/map_loss.h"
#include "train/run/run.h"

namespace ccx::train {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// `told`: what the lists' readers noticed goes to stderr.
std::vector<PairItem> read_items(const std::vector<std::string>& sources, const std::string& split, uint64_t seed,
                                 int64_t limit, bool told) {
  std::vector<PairItem> items;
  for (const DatasetEntry& entry : read_dataset_list(sources)) {
    const Dataset dataset = open_dataset(entry.source, entry.image_root);
    for (const std::string& note : dataset.notes) {
      if (told) std::fprintf(stderr, "ccx: %s\n", note.c_str());
    }
    std::vector<PairItem> some = take(entry, dataset.items, split, seed);
    items.insert(items.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  }
  if (limit > 0 && static_cast<int64_t>(items.size()) > limit) items.resize(static_cast<size_t>(limit));
  return items;
}

// Each rank its own GPU. Where the launcher shows a process one GPU alone, that is cuda:0 whatever its local rank.
at::Device device_of(const TrainOptions& options, const Launch& launch) {
  const at::Device first = torch_backend::resolve_devices(options.device).front();
  const bool chosen = options.device != "auto" && options.device != "cuda";
  if (launch.world == 1 || chosen || !first.is_cuda()) return first;
  const std::vector<at::Device> all = torch_backend::resolve_devices("cuda:all");
  return all[static_cast<size_t>(launch.local_rank) % all.size()];
}

// Of the change head's targets; without cells where they are not asked for.
ChangeGrid change_grid(const TrainOptions& options, const model::ModelConfig& config) {
  if (options.change_weight <= 0) return {};
  return {config.vision.image_size, config.vision.map_cells(), config.vision.map_stride()};
}

}  // namespace

Run::Run(const TrainOptions& options, const std::atomic<bool>& stop)
    : options_(options),
      stop_(stop),
      launch_(Launch::from_environment()),
      device_(device_of(options, launch_)),
      dtype_(torch_backend::resolve_dtype(options.dtype, device_)),
      base_(options.model.string(), options.seed, /*with_change_head=*/options.change_weight > 0),
      tokenizer_(text::Tokenizer::load(options.model)),
      items_(read_items(options.data, "train", options.seed, options.limit, leads())),
      validation_(options.evaluate ? read_items(options.validation.empty() ? options.data : options.validation,
                                                options.validation_split, options.seed, options.eval_limit,
                                                leads() && !options.validation.empty())
                                   : std::vector<PairItem>()),
      folder_(options.out),
      sampler_(items_, {options.stage.captions, options.stage.batch, options.shuffle, options.seed}),
      reader_(items_, tokenizer_, base_.config().vision.image_size, options.augmentation,
              options.uses_maps() ? base_.config().vision.grid() : 0, change_grid(options, base_.config())) {
  check();
  reader_.set_longest(longest_sample());
  reader_.set_images(options.images);
  torch_backend::prepare_cpu(options.threads);
  torch_backend::keep_large_blocks();
  if (launch_.world > 1) group_ = ProcessGroup::join(launch_, device_, std::chrono::seconds(options.timeout_s));
  const bool sharded = group_ != nullptr && options_.shard_optimizer;
  ParameterOptions layout;
  layout.device = device_;
  layout.dtype = dtype_;
  layout.shards = sharded ? launch_.world : 1;
  layout.shard = sharded ? launch_.rank : 0;
  if (options.map_weight > 0) layout.heads = map_head_shapes(base_.config());
  if (options.summary_weight > 0) layout.heads.merge(summary_head_shapes(base_.config()));
  layout.head_seed = derive_seed(options.seed, fnv1a("heads"));
  parameters_.emplace(base_.config(), base_, options_.stage, layout);
  optimizer_.emplace(*parameters_, AdamOptions{.weight_decay = options_.stage.weight_decay});
  reducer_.emplace(*parameters_, group_.get());
  model_.emplace(
      base_.config(), *parameters_, tokenizer_.require_token("<|endoftext|>"), options_.checkpointing,
      LossWeights{options_.caption_weight, options_.map_weight, options_.summary_weight, options_.change_weight});
  if (!validation_.empty()) {
    validation_reader_.emplace(validation_, tokenizer_, base_.config().vision.image_size, Augmentation{},
                               options.map_weight > 0 ? base_.config().vision.grid() : 0,
                               change_grid(options, base_.config()));
    validation_reader_->set_images(options.images);
    EvaluationOptions evaluation;
    evaluation.meteor_data = metrics::find_meteor_data(options_.meteor_data);
    evaluator_.emplace(validation_, *validation_reader_, tokenizer_, generate::GenerationConfig::load(options_.model),
                       evaluation);
  }
  plan_steps();
  if (leads()) folder_.open();
}

// How many ids a sample may have: two of them stand for images, which take the tokens of a grid each.
size_t Run::longest_sample() const {
  const int64_t free = base_.config().text.max_position_embeddings - 2 * (base_.config().vision.tokens() - 1);
  if (free <= 0) {
    throw CheckpointError(options_.model.string() + ": two images take more than the model's " +
                          std::to_string(base_.config().text.max_position_embeddings) + " positions");
  }
  return static_cast<size_t>(free);
}

void Run::check() const {
  if (items_.empty()) throw InputError("the data holds no training pairs; is its split \"train\"?");
  const std::string& no_change = options_.augmentation.no_change_caption;
  if (!no_change.empty() && !ccx::is_no_change(no_change, base_.config().no_change_sentences)) {
    std::string known;
    for (const std::string& sentence : base_.config().no_change_sentences)
      known += (known.empty() ? "" : "; ") + sentence;
    throw UsageError("--no-change-caption \"" + no_change +
                     "\" would be read as a change: this model's config.json knows as no change: " + known);
  }
  const auto& head = base_.config().change_head;
  if (options_.map_weight > 0 && head && head->stands_instead()) {
    throw UsageError(
        "--map-weight reads maps off the difference module's change tokens, and this model has none: its change head " +
        std::string("stands instead (change_head.feed); --change-weight teaches the head its maps"));
  }
  const model::VisionConfig& vision = base_.config().vision;
  if (options_.uses_maps() && vision.image_size % vision.grid() != 0) {
    throw UsageError("--map-weight and --summary-weight need patches that fill the picture; the model's " +
                     std::to_string(vision.grid()) + " a side do not fill its " + std::to_string(vision.image_size) +
                     " pixels");
  }
  tokenizer_.require_rows(base_.config().text.vocab_size);
  if (options_.evaluate && validation_.empty() && leads()) {
    std::fprintf(stderr,
                 "ccx: the data has no split \"%s\": the model is not evaluated while it trains (--validation names "
                 "data for it)\n",
                 options_.validation_split.c_str());
  }
  if (launch_.world > 1 && dtype_ != at::kFloat && device_.is_cpu()) {
    throw UsageError("--dtype bf16 on CPUs runs in one process only: Gloo adds float32");
  }
  folder_.check(options_.resume == Resume::kAuto);
}

void Run::plan_steps() {
  const int64_t together = launch_.world * options_.stage.accumulate;
  steps_per_epoch_ = (sampler_.micro_batches() + together - 1) / together;
  const double epochs = std::max(options_.stage.epochs, 1e-9);
  total_steps_ = options_.max_steps > 0
                     ? options_.max_steps
                     : static_cast<int64_t>(std::ceil(epochs * static_cast<double>(steps_per_epoch_)));
  eval_steps_ = options_.stage.eval_steps > 0 ? options_.stage.eval_steps : steps_per_epoch_;
  save_steps_ = options_.save_steps > 0 ? options_.save_steps : eval_steps_;
  schedule_ = {total_steps_, warmup_steps(total_steps_, options_.stage.warmup_ratio)};
  identity_ = identity(options_, launch_.world, sampler_.samples(), total_steps_);
  identity_["dtype"] = torch_backend::dtype_name(dtype_);
}

void Run::resume() {
  const fs::path last = fs::canonical(folder_.path() / "last");
  progress_ = read_progress(last, identity_);
  load_state(last, *parameters_, *optimizer_, parameters_->options().shards > 1 ? launch_.rank : 0);
  share_values();
  saved_step_ = progress_.step;
  if (leads()) folder_.rewind_log(progress_.step);
  say("continuing after step " + std::to_string(progress_.step));
}

void Run::write_run_json() {
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
}

void Run::start() {
  if (folder_.has_checkpoint()) {
    resume();
  } else if (leads()) {
    folder_.rewind_log(-1);  // of a run that ended before its first checkpoint
  }
  if (!leads()) return;
  write_run_json();
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

}  // namespace ccx::train
