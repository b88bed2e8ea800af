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
#include "core/torch/device.h"
#include "core/torch/machine_peak.h"
#include "core/torch/random_weights.h"
#include "core/torch/run_model.h"
#include "core/torch/workers.h"

namespace ccx::torch_backend {
namespace {

// Positions of a prompt around its images: 44 text tokens for the standard question with Qwen2's tokenizer.
constexpr int64_t kTextTokens[3] = {20, 9, 15};
// Positions that the five no-change sentences take when they are scored together.
constexpr int64_t kScoredTokens = 40;

// The picture that preprocessing is timed on: LEVIR-CC's size.
constexpr int kPictureSide = 256;

// Multiply-adds of a separable bicubic resize of an RGB picture, two FLOPs each: four taps, more when shrinking.
double resize_flops(int from, int to) {
  const double shrink = std::max(1.0, static_cast<double>(from) / to);
  const double taps = std::ceil(2 * shrink) * 2;
  return 2 * 3 * taps * (static_cast<double>(from) * to + static_cast<double>(to) * to);
}

class Bench {
 public:
  Bench(const BenchmarkOptions& options, const model::ModelConfig& config, const WeightSource& weights,
        at::Device device)
      : options_(options),
        device_(device),
        model_(config, weights, device, resolve_dtype(options.dtype, device, is_large(config))),
        peak_(device, model_.ops().dtype()) {}

  BenchmarkResult run();

 private:
  // `bytes` > 0 marks a stage that reading bounds.
  void stage(const std::string& name, double flops, double bytes, const std::function<void()>& work);

  BenchmarkOptions options_;
  at::Device device_;
  TorchModel model_;
  MachinePeak peak_;
  BenchmarkResult result_;
};

void Bench::stage(const std::string& name, double flops, double bytes, const std::function<void()>& work) {
  StageTiming timing;
  timing.name = name;
  timing.flops = flops;
  timing.bytes = bytes;
  work();  // weights are read and buffers allocated the first time
  for (int i = 0; i < options_.repetitions; ++i) {
    peak_.measure();
    const double seconds = time_once(device_, work);
    timing.seconds = i == 0 ? seconds : std::min(timing.seconds, seconds);
  }
  timing.achieved = (bytes > 0 ? bytes : flops) / timing.seconds;
  result_.stages.push_back(timing);
}

// Over 60 lines: a stage works on what the one before it made, and all are named here once, in their order.
BenchmarkResult Bench::run() {
  const c10::InferenceMode guard;
  model_.load();
  const model::ModelConfig& config = model_.config();
  const model::CCExpert& graph = model_.graph();
  const int64_t batch = options_.batch;
  const int64_t side = config.vision.image_size;
  const int64_t visual = config.vision.tokens();
  const int64_t width = config.text.hidden_size;
  const int64_t length = kTextTokens[0] + kTextTokens[1] + kTextTokens[2] + 2 * visual;
  TorchOps& ops = model_.ops();

  ShapeOps counter;
  const auto counted = [&](const std::function<void(Ops&)>& run) {
    counter.reset_flops();
    run(counter);
    return counter.flops();
  };

  image::Image picture{kPictureSide, kPictureSide, std::vector<uint8_t>(3 * kPictureSide * kPictureSide)};
  for (size_t i = 0; i < picture.rgb.size(); ++i) picture.rgb[i] = static_cast<uint8_t>(i * 2654435761u >> 24);
  const int side_pixels = config.vision.image_size;
  stage("preprocessing", 2 * static_cast<double>(batch) * resize_flops(kPictureSide, side_pixels), 0, [&] {
    for (int64_t i = 0; i < 2 * batch; ++i) image::preprocess(picture, side_pixels);
  });

  // Vision: each stage works on the previous one's result.
  const Tensor pixels =
      wrap(at::randn({2 * batch, 3, side, side}, at::TensorOptions().dtype(ops.dtype()).device(device_)));
  std::vector<Tensor> features, levels;
  std::vector<Tensor> feature_shapes;
  stage("tower", counted([&](Ops& o) {
          feature_shapes = graph.features(o, ShapeOps::input({2, 3, side, side}));
          for (int64_t b = 1; b < batch; ++b) graph.features(o, ShapeOps::input({2, 3, side, side}));
        }),
        0, [&] {
          for (int64_t b = 0; b < batch; ++b) features = graph.features(ops, ops.slice(pixels, 0, 2 * b, 2));
        });
  model::ChangeHead::Output head;
  if (config.change_head) {
    stage("change head", static_cast<double>(batch) * counted([&](Ops& o) { graph.change_head(o, feature_shapes); }), 0,
          [&] {
            for (int64_t b = 0; b < batch; ++b) head = graph.change_head(ops, features);
          });
  }
  if (graph.has_difference()) levels = graph.levels(ops, features);
  const std::vector<Tensor> shapes(std::max<size_t>(levels.size(), 1),
                                   ShapeOps::input({2, visual, config.vision.hidden_size}));
  model::DifferenceModule::Output seen;
  const double n = static_cast<double>(batch);
  if (graph.has_difference()) {
    stage("difference module", n * counted([&](Ops& o) { graph.difference(o, shapes); }), 0, [&] {
      for (int64_t b = 0; b < batch; ++b) seen = graph.difference(ops, levels, head);
    });
  } else {
    seen.before = seen.after = head.context;
  }
  Tensor projected;
  stage("projector", n * counted([&](Ops& o) { graph.project(o, shapes[0]); }), 0, [&] {
    for (int64_t b = 0; b < batch; ++b) projected = graph.project(ops, ops.interleave_pairs(seen.before, seen.after));
  });

  // Language: a prefill a pair, then steps of all rows together.
  const auto cache = model_.make_cache(batch, length + kScoredTokens);
  const auto& language = graph.language();
  const auto random_embeddings = [&](int64_t rows, int64_t steps) {
    return wrap(at::randn({rows, steps, width}, at::TensorOptions().dtype(ops.dtype()).device(device_)) * 0.02);
  };
  const auto forward = [&](int64_t rows, int64_t steps, bool last_only) {
    model::Qwen2::Step step;
    step.embeddings = random_embeddings(rows, steps);
    step.positions = model_.positions(cache->length(), steps);
    step.cache = cache.get();
    step.last_only = last_only;
    language.logits(ops, language.hidden(ops, step), config.text.vocab_size);
  };
  const auto language_flops = [&](int64_t steps, int64_t keys, bool last_only) {
    // A cache over shapes: as many keys as asked for.
    struct Shapes : KvCache {
      int64_t keys;
      explicit Shapes(int64_t k) : keys(k) {}
      std::pair<Tensor, Tensor> append(int, const Tensor& k, const Tensor&) override {
        const Tensor all = ShapeOps::input({k.size(0), keys, k.size(2)});
        return {all, all};
      }
    } shape_cache(keys);
    return counted([&](Ops& o) {
      model::Qwen2::Step step;
      step.embeddings = ShapeOps::input({1, steps, width});
      step.positions = ShapeOps::input({1, steps});
      step.cache = &shape_cache;
      step.last_only = last_only;
      language.logits(o, language.hidden(o, step), config.text.vocab_size);
    });
  };

  stage("prefill", n * language_flops(length, length, true), 0, [&] {
    for (int64_t b = 0; b < batch; ++b) {
      cache->set_length(0);
      cache->select(b, 1);
      forward(1, length, true);
    }
  });
  cache->set_length(length);
  cache->select(0, batch);
  double weight_bytes = 0;  // of the language model, each read once a step whatever the batch
  const double element = static_cast<double>(c10::elementSize(ops.dtype()));
  for (const auto& [name, shape] : model::live_parameters(config)) {
    const bool table_only = name == "model.embed_tokens.weight" && !config.text.tie_word_embeddings;
    if (name.rfind("model.vision", 0) == 0 || name.rfind("model.mm_", 0) == 0 || table_only) continue;
    double elements = 1;
    for (int64_t size : shape) elements *= static_cast<double>(size);
    weight_bytes += elements * element;
  }
  const double cache_bytes = n * 2 * element * static_cast<double>(config.text.num_hidden_layers) *
                             static_cast<double>(length * config.text.num_key_value_heads * config.text.head_dim());
  stage("decode, a step", n * language_flops(1, length + 1, false), weight_bytes + cache_bytes,
        [&] { forward(batch, 1, false); });

  result_.device = device_name(device_);
  result_.dtype = dtype_name(ops.dtype());
  result_.threads = at::get_num_threads();
  result_.batch = options_.batch;
  result_.tokens = static_cast<int>(length);
  result_.peak_flops = peak_.flops();
  result_.peak_bandwidth = peak_.bandwidth();
  for (StageTiming& timing : result_.stages) {
    timing.of_peak = timing.achieved / (timing.bytes > 0 ? result_.peak_bandwidth : result_.peak_flops);
  }
  result_.peak_memory = peak_resident_bytes();
  if (options_.explain) result_.products = explain_products(config, result_.dtype, batch, options_.repetitions);
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
    result = Bench(options, config, weights, devices[0]).run();
    result.model = options.shape + ", random weights";
  } else {
    const model::Checkpoint checkpoint(options.model);
    checkpoint.check();
    result = Bench(options, checkpoint.config(), checkpoint, devices[0]).run();
    result.model = options.model.string();
  }
  return result;
}

}  // namespace ccx::torch_backend
