#include "core/torch/benchmark.h"

#include <c10/core/InferenceMode.h>

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>

#include "core/base/error.h"
#include "core/graph/shape_ops.h"
#include "core/image/normalise.h"
#include "core/model/checkpoint.h"
#include "core/model/parameters.h"
#include "core/model/parts.h"
#include "core/prepare/workers.h"
#include "core/torch/device.h"
#include "core/torch/machine_peak.h"
#include "core/torch/random_weights.h"
#include "core/torch/run_model.h"

namespace ccx::torch_backend {
namespace {

// Positions of a prompt around its images: 44 text tokens for the standard question with Qwen2's tokenizer.
constexpr int64_t kTextTokens[3] = {20, 9, 15};
// Positions that the five no-change sentences take when they are scored together.
constexpr int64_t kScoredTokens = 40;

// A step is over so soon that one can fall into a moment in which the machine was busy with something else.
constexpr int kStepsOfARepetition = 8;

// The picture that preprocessing is timed on: LEVIR-CC's size.
constexpr int kPictureSide = 256;

// Multiply-adds of a separable bicubic resize of an RGB picture, two FLOPs each: four taps, more when shrinking.
double resize_flops(int from, int to) {
  const double shrink = std::max(1.0, static_cast<double>(from) / to);
  const double taps = std::ceil(2 * shrink) * 2;
  return 2 * 3 * taps * (static_cast<double>(from) * to + static_cast<double>(to) * to);
}

// A cache over shapes: as many keys as asked for.
class ShapesCache : public KvCache {
 public:
  explicit ShapesCache(int64_t keys) : keys_(keys) {}
  std::pair<Tensor, Tensor> append(int, const Tensor& k, const Tensor&) override {
    const Tensor all = ShapeOps::input({k.size(0), keys_, k.size(2)});
    return {all, all};
  }

 private:
  int64_t keys_;
};

class Bench {
 public:
  Bench(const BenchmarkOptions& options, const model::ModelConfig& config, const WeightSource& weights,
        at::Device device, int stored_bits)
      : options_(options),
        device_(device),
        format_(resolve_format(options.dtype,
                               {.device = device, .large = prepare::is_large(config), .stored_bits = stored_bits})),
        model_(config, weights, device, format_),
        ops_(model_.ops()),
        graph_(model_.graph()),
        config_(model_.config()),
        length_(kTextTokens[0] + kTextTokens[1] + kTextTokens[2] + 2 * config_.vision.tokens()),
        peak_(device, format_) {}

  BenchmarkResult run();

 private:
  // The stages, in the order of a caption.
  void preprocessing();
  void vision();
  void language();
  // Those of another backend.
  void given_stages(const prepare::Stages& stages);

  // `bytes` > 0 marks a stage that reading bounds.
  void stage(const std::string& name, double flops, double bytes, const std::function<void()>& work);
  // One that every pair of the batch goes through by itself.
  void pair_stage(const std::string& name, double flops_of_a_pair, const std::function<void(int64_t)>& work);
  double counted(const std::function<void(Ops&)>& run);
  // Bytes of the language model's weights that a step reads, each once whatever the batch.
  double language_bytes();
  // FLOPs of the language model on `steps` positions that see `keys`.
  double language_flops(int64_t steps, int64_t keys, bool last_only);
  void forward(KvCache& cache, int64_t past, int64_t rows, int64_t steps, bool last_only);
  Tensor random(const std::vector<int64_t>& shape);

  BenchmarkOptions options_;
  at::Device device_;
  NumberFormat format_;
  TorchModel model_;
  TorchOps& ops_;
  const model::CCExpert& graph_;
  const model::ModelConfig& config_;
  int64_t length_;  // positions of a prompt
  MachinePeak peak_;
  ShapeOps counter_;
  BenchmarkResult result_;
};

void Bench::stage(const std::string& name, double flops, double bytes, const std::function<void()>& work) {
  StageTiming timing;
  timing.name = name;
  timing.flops = flops;
  timing.bytes = bytes;
  work();  // weights are read and buffers allocated the first time
  const int steps = bytes > 0 ? kStepsOfARepetition : 1;
  for (int i = 0; i < options_.repetitions; ++i) {
    peak_.measure();
    for (int step = 0; step < steps; ++step) {
      const double seconds = time_once(device_, work);
      timing.seconds = i + step == 0 ? seconds : std::min(timing.seconds, seconds);
    }
  }
  timing.achieved = (bytes > 0 ? bytes : flops) / timing.seconds;
  result_.stages.push_back(timing);
}

void Bench::pair_stage(const std::string& name, double flops_of_a_pair, const std::function<void(int64_t)>& work) {
  stage(name, static_cast<double>(options_.batch) * flops_of_a_pair, 0, [&] {
    for (int64_t b = 0; b < options_.batch; ++b) work(b);
  });
}

double Bench::counted(const std::function<void(Ops&)>& run) {
  counter_.reset_flops();
  run(counter_);
  return counter_.flops();
}

Tensor Bench::random(const std::vector<int64_t>& shape) {
  return wrap(at::randn(shape, at::TensorOptions().dtype(ops_.dtype()).device(device_)));
}

void Bench::preprocessing() {
  image::Image picture{kPictureSide, kPictureSide, std::vector<uint8_t>(3 * kPictureSide * kPictureSide)};
  for (size_t i = 0; i < picture.rgb.size(); ++i) picture.rgb[i] = static_cast<uint8_t>(i * 2654435761u >> 24);
  const int side = config_.vision.image_size;
  pair_stage("preprocessing", 2 * resize_flops(kPictureSide, side), [&](int64_t) {
    for (int image = 0; image < 2; ++image) image::preprocess(picture, side);
  });
}

// Each stage works on the previous one's result.
void Bench::vision() {
  const int64_t side = config_.vision.image_size;
  const Tensor pixels = random({2 * options_.batch, 3, side, side});
  std::vector<Tensor> features, feature_shapes;
  const double tower = counted([&](Ops& o) {
    feature_shapes = graph_.features(o, ShapeOps::input({2, 3, side, side}));
  });
  pair_stage("tower", tower, [&](int64_t b) { features = graph_.features(ops_, ops_.slice(pixels, 0, 2 * b, 2)); });
  model::ChangeHead::Output head;
  if (config_.change_head) {
    pair_stage("change head", counted([&](Ops& o) { graph_.change_head(o, feature_shapes); }),
               [&](int64_t) { head = graph_.change_head(ops_, features); });
  }
  std::vector<Tensor> levels;
  if (graph_.has_difference()) levels = graph_.levels(ops_, features);
  const std::vector<Tensor> shapes(std::max<size_t>(levels.size(), 1),
                                   ShapeOps::input({2, config_.vision.tokens(), config_.vision.hidden_size}));
  model::DifferenceModule::Output seen;
  if (graph_.has_difference()) {
    pair_stage("difference module", counted([&](Ops& o) { graph_.difference(o, shapes); }),
               [&](int64_t) { seen = graph_.difference(ops_, levels, head); });
  } else {
    seen.before = head.before;
    seen.after = head.after;
  }
  Tensor projected;
  pair_stage("projector", counted([&](Ops& o) { graph_.project(o, shapes[0]); }),
             [&](int64_t) { projected = graph_.project(ops_, ops_.interleave_pairs(seen.before, seen.after)); });
}

double Bench::language_flops(int64_t steps, int64_t keys, bool last_only) {
  ShapesCache cache(keys);
  return counted([&](Ops& o) {
    model::Qwen2::Step step;
    step.embeddings = ShapeOps::input({1, steps, config_.text.hidden_size});
    step.positions = ShapeOps::input({1, steps});
    step.cache = &cache;
    step.last_only = last_only;
    graph_.language().logits(o, graph_.language().hidden(o, step), config_.text.vocab_size);
  });
}

void Bench::forward(KvCache& cache, int64_t past, int64_t rows, int64_t steps, bool last_only) {
  model::Qwen2::Step step;
  step.embeddings = wrap(unwrap(random({rows, steps, config_.text.hidden_size})) * 0.02);
  step.positions = model_.positions(past, steps);
  step.cache = &cache;
  step.last_only = last_only;
  graph_.language().logits(ops_, graph_.language().hidden(ops_, step), config_.text.vocab_size);
}

double Bench::language_bytes() {
  double bytes = 0;
  for (const auto& [name, shape] : model::live_parameters(config_)) {
    const bool table_only = name == "model.embed_tokens.weight" && !config_.text.tie_word_embeddings;
    if (model::part_of(name) != model::Part::kLanguage || table_only) continue;
    bytes += static_cast<double>(model_.store().bytes_read(name, shape));
  }
  return bytes;
}

// A prefill a pair, then steps of all rows together.
void Bench::language() {
  const int64_t batch = options_.batch;
  TorchKvCache cache = model_.make_cache(batch, length_ + kScoredTokens);
  pair_stage("prefill", language_flops(length_, length_, true), [&](int64_t b) {
    cache.set_length(0);
    cache.select(b, 1);
    forward(cache, 0, 1, length_, true);
  });
  cache.set_length(length_);
  cache.select(0, batch);
  const auto n = static_cast<double>(batch);
  const auto element = static_cast<double>(c10::elementSize(ops_.dtype()));
  const double cache_bytes = n * 2 * element * static_cast<double>(config_.text.num_hidden_layers) *
                             static_cast<double>(length_ * config_.text.num_key_value_heads * config_.text.head_dim());
  stage("decode, a step", n * language_flops(1, length_ + 1, false), language_bytes() + cache_bytes,
        [&] { forward(cache, cache.length(), batch, 1, false); });
}

void Bench::given_stages(const prepare::Stages& stages) {
  const int64_t side = config_.vision.image_size;
  std::vector<Tensor> maps;
  const double tower = counted([&](Ops& o) { maps = graph_.features(o, ShapeOps::input({2, 3, side, side})); });
  pair_stage("tower", tower, [&](int64_t) { stages.tower(); });
  const double head = counted([&](Ops& o) { graph_.see(o, maps, graph_.change_head(o, maps)); });
  pair_stage("change head", head, [&](int64_t) { stages.change_head(); });
  pair_stage("prefill", language_flops(length_, length_, true), [&](int64_t) { stages.prefill(); });
  stage("decode, a step", language_flops(1, length_ + 1, false), language_bytes(), stages.step);
}

BenchmarkResult Bench::run() {
  const c10::InferenceMode guard;
  if (options_.explain && format_.weight_bits != 0) {
    throw UsageError("--explain compares two ways to keep a weight of fp32 or bf16; in " + format_name(format_) +
                     " each is kept as it is stored");
  }
  model_.load();
  preprocessing();
  if (options_.stages) {
    given_stages(*options_.stages);
  } else {
    vision();
    language();
  }
  result_.device = device_name(device_);
  result_.dtype = format_name(format_);
  result_.threads = options_.stages ? 1 : at::get_num_threads();
  result_.batch = options_.batch;
  result_.tokens = static_cast<int>(length_);
  result_.peak_flops = peak_.flops();
  result_.peak_bandwidth = peak_.bandwidth();
  for (StageTiming& timing : result_.stages) {
    timing.of_peak = timing.achieved / (timing.bytes > 0 ? result_.peak_bandwidth : result_.peak_flops);
  }
  result_.peak_memory = peak_resident_bytes();
  if (options_.explain) {
    result_.products = explain_products(config_, result_.dtype, length_, options_.batch, options_.repetitions);
  }
  return result_;
}

}  // namespace

BenchmarkResult run_benchmark(const BenchmarkOptions& options) {
  const std::vector<at::Device> devices = resolve_devices(options.device);
  if (devices.size() != 1) throw UsageError("ccx bench measures one device: name cuda or cuda:N");
  if (options.explain && !devices[0].is_cpu()) {
    throw UsageError("--explain tells how a CPU multiplies; choose it with --device cpu");
  }
  prepare_cpu(options.threads);
  BenchmarkResult result;
  if (!options.shape.empty()) {
    const model::ModelConfig config = model::ModelConfig::preset(options.shape);
    const RandomWeights weights(model::live_parameters(config), 42);
    result = Bench(options, config, weights, devices[0], 0).run();
    result.model = options.shape + ", random weights";
  } else {
    const model::Checkpoint checkpoint(options.model);
    checkpoint.check();
    result = Bench(options, checkpoint.config(), checkpoint, devices[0], checkpoint.stored_bits()).run();
    result.model = options.model.string();
  }
  return result;
}

}  // namespace ccx::torch_backend
