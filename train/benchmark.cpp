// Times one training step on random pixels, for `ccx bench --train`.
#include <ATen/ATen.h>

#include <chrono>
#include <cmath>

#include "core/graph/shape_ops.h"
#include "core/torch/device.h"
#include "train/data/random.h"
#include "train/initialise.h"
#include "train/model.h"
#include "train/optimizer.h"
#include "train/plan.h"
#include "train/trainer.h"

namespace ccx::train {

StepBenchmark benchmark_step(const std::string& model, const std::string& device_name, const std::string& dtype_name,
                             int batch_size, int repetitions, int threads, bool checkpointing) {
  torch_backend::set_threads(threads);
  const at::Device device = torch_backend::resolve_devices(device_name).front();
  ParameterOptions layout;
  layout.device = device;
  layout.dtype = torch_backend::resolve_dtype(dtype_name, device);
  const BaseModel base(model, 0);
  ParameterSet parameters(base.config(), base, published_stage(3), layout);
  AdamW optimizer(parameters, {});
  const text::Tokenizer tokenizer = text::Tokenizer::load(model);
  TrainModel trained(base.config(), parameters, tokenizer.require_token("<|endoftext|>"), checkpointing);

  Batch batch;
  Random random(1);
  const int64_t side = base.config().vision.image_size;
  batch.pixels.resize(static_cast<size_t>(2 * batch_size * 3 * side * side));
  for (float& pixel : batch.pixels) pixel = static_cast<float>(2 * random.uniform() - 1);
  for (int i = 0; i < batch_size; ++i) {
    batch.samples.push_back(text::build_training_sample(tokenizer, "many houses are built along the road"));
  }

  StepBenchmark result;
  result.seconds = INFINITY;
  for (int i = 0; i < repetitions + 1; ++i) {  // the first one warms up
    const auto start = std::chrono::steady_clock::now();
    parameters.zero_gradients();
    trained.loss(batch).backward();
    for (Bucket& bucket : parameters.buckets()) parameters.accumulate(bucket);
    const double norm = std::sqrt(squared_gradient_norm(parameters));
    clip_gradients(parameters, norm, 1.0);
    optimizer.step(0, 0);
    torch_backend::synchronize(device);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (i > 0) result.seconds = std::min(result.seconds, seconds);
  }
  result.pairs_per_second = batch_size / result.seconds;
  const double forward = forward_flops(base.config(), static_cast<int64_t>(batch.samples[0].ids.size()));
  result.flops = forward * batch_size * (checkpointing ? 4 : 3);
  return result;
}

}  // namespace ccx::train
