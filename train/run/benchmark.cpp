#include "train/run/benchmark.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cmath>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/model/parameters.h"
#include "core/torch/device.h"
#include "core/torch/machine_peak.h"
#include "core/torch/random_weights.h"
#include "train/checkpoint/initialise.h"
#include "train/model/model.h"
#include "train/optimise/optimizer.h"
#include "train/run/plan.h"

namespace ccx::train {
namespace {

constexpr const char* kCaption = "many houses are built along the road";

// A published size has no tokenizer at hand: as many ids as Qwen2's gives for the question and a caption of ten tokens.
text::TrainingSample counted_sample() {
  constexpr size_t kBefore = 20, kBetween = 9, kAfter = 15, kAnswer = 12;
  text::TrainingSample sample;
  sample.ids.assign(kBefore, 1);
  sample.ids.push_back(text::kImageId);
  sample.ids.insert(sample.ids.end(), kBetween, 1);
  sample.ids.push_back(text::kImageId);
  sample.ids.insert(sample.ids.end(), kAfter + kAnswer, 1);
  sample.labels.assign(sample.ids.size(), text::kIgnoredLabel);
  std::fill(sample.labels.end() - kAnswer, sample.labels.end(), 1);
  return sample;
}

Batch random_batch(const text::TrainingSample& sample, int size, int64_t side) {
  Batch batch;
  Random random(1);
  batch.pixels.resize(static_cast<size_t>(2 * size * 3 * side * side));
  for (float& pixel : batch.pixels) pixel = static_cast<float>(2 * random.uniform() - 1);
  batch.samples.assign(static_cast<size_t>(size), sample);
  return batch;
}

StepBenchmark measure(const torch_backend::BenchmarkOptions& options, bool checkpointing, at::Device device,
                      const model::ModelConfig& config, const WeightSource& weights,
                      const text::TrainingSample& sample) {
  ParameterOptions layout;
  layout.device = device;
  layout.dtype = torch_backend::resolve_dtype(options.dtype, device);
  ParameterSet parameters(config, weights, published_stage(3), layout);
  AdamW optimizer(parameters, {});
  TrainModel model(config, parameters, /*pad_id=*/0, checkpointing);
  const Batch batch = random_batch(sample, options.batch, config.vision.image_size);
  const auto step = [&] {
    parameters.zero_gradients();
    model.loss(batch).backward();
    for (Bucket& bucket : parameters.buckets()) parameters.accumulate(bucket);
    clip_gradients(parameters, std::sqrt(squared_gradient_norm(parameters)), 1.0);
    optimizer.step(0, 0);
  };

  StepBenchmark result;
  torch_backend::MachinePeak peak(device, layout.dtype);
  step();  // buffers are allocated the first time
  result.seconds = INFINITY;
  for (int i = 0; i < options.repetitions; ++i) {
    peak.measure();
    result.seconds = std::min(result.seconds, torch_backend::time_once(device, step));
  }
  const Packed packed = pack(batch.samples, config.vision.tokens(), 0);
  const auto text_tokens = static_cast<int64_t>(sample.ids.size()) - 2;  // two of them stand for the images
  const auto targets = static_cast<int64_t>(packed.targets.size()) / options.batch;
  result.device = torch_backend::device_name(device);
  result.dtype = torch_backend::dtype_name(layout.dtype);
  result.threads = at::get_num_threads();
  result.batch = options.batch;
  result.checkpointing = checkpointing;
  result.positions = packed.length;
  result.parameters = parameters.trainable_elements();
  result.pairs_per_second = options.batch / result.seconds;
  result.flops = forward_flops(config, text_tokens, targets) * options.batch * (checkpointing ? 4 : 3);
  result.achieved = result.flops / result.seconds;
  result.peak_flops = peak.flops();
  result.of_peak = result.achieved / result.peak_flops;
  result.peak_memory = torch_backend::peak_resident_bytes();
  return result;
}

}  // namespace

StepBenchmark benchmark_step(const torch_backend::BenchmarkOptions& options, bool checkpointing) {
  const std::vector<at::Device> devices = torch_backend::resolve_devices(options.device);
  if (devices.size() != 1) throw UsageError("ccx bench measures one device: name cuda or cuda:N");
  torch_backend::prepare_cpu(options.threads);
  StepBenchmark result;
  if (!options.shape.empty()) {
    const model::ModelConfig config = model::ModelConfig::preset(options.shape);
    std::map<std::string, Shape> shapes = model::live_parameters(config);
    shapes.merge(model::dead_parameters(config));
    const torch_backend::RandomWeights weights(std::move(shapes), 42);
    result = measure(options, checkpointing, devices[0], config, weights, counted_sample());
    result.model = options.shape + ", random weights";
  } else {
    const BaseModel base(options.model.string(), 0);
    const text::Tokenizer tokenizer = text::Tokenizer::load(options.model);
    const text::TrainingSample sample = text::build_training_sample(tokenizer, kCaption);
    result = measure(options, checkpointing, devices[0], base.config(), base, sample);
    result.model = options.model.string();
  }
  return result;
}

}  // namespace ccx::train
