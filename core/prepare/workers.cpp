#include "core/prepare/workers.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "core/io/machine.h"
#include "core/model/parameters.h"

namespace ccx::prepare {
namespace {

// Parameters of more than this make a model large.
constexpr int64_t kLargeModel = int64_t{64} << 20;
// Cores that a large model's worker takes before there is a second one.
constexpr int kThreadsOfLargeModel = 4;
// Activations of the widest layer that are alive at once.
constexpr std::size_t kAlive = 4;
// Positions of a prompt besides the images, and of a caption.
constexpr int64_t kTextPositions = 256;

// Elements of the widest map of a convolutional tower, two images.
int64_t widest_map(const model::VisionConfig& vision) {
  int64_t channels = vision.conv->stem_channels;
  int64_t side = vision.image_size / 2;
  int64_t widest = channels * side * side;
  for (const auto& stage : vision.conv->stages) {
    widest = std::max(widest, channels * stage.expand * side * side);
    channels = stage.channels;
    side = (side + stage.stride - 1) / stage.stride;
    widest = std::max(widest, channels * stage.expand * side * side);
  }
  return 2 * widest;
}

}  // namespace

bool is_large(const model::ModelConfig& config) {
  int64_t parameters = 0;
  for (const auto& [name, shape] : model::live_parameters(config)) {
    parameters += std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
  }
  return parameters > kLargeModel;
}

WorkerPlan plan_workers(const WorkerWishes& wishes, const WorkerCase& c) {
  WorkerPlan plan;
  plan.workers = wishes.workers;
  if (plan.workers <= 0) {
    const int threads = wishes.threads > 0 ? wishes.threads : c.large ? kThreadsOfLargeModel : 1;
    auto most = static_cast<std::size_t>(std::max(1, c.cores / threads));
    if (c.pairs > 0) most = std::min(most, c.pairs);
    // Half of what is left: files being read and decoded take their share too.
    most = std::min(most, std::max<std::size_t>(1, c.memory / 2 / std::max<std::size_t>(c.bytes_of_a_worker, 1)));
    plan.workers = static_cast<int>(most);
  }
  plan.threads = wishes.threads > 0 ? wishes.threads : c.large ? std::max(1, c.cores / plan.workers) : 1;
  return plan;
}

WorkerCase case_of(const model::ModelConfig& config, int rows, std::size_t pairs) {
  return {.cores = io::usable_cores(),
          .memory = io::available_memory(),
          .large = is_large(config),
          .bytes_of_a_worker = bytes_of_a_worker(config, rows),
          .pairs = pairs};
}

std::size_t bytes_of_a_worker(const model::ModelConfig& config, int rows) {
  const int64_t images = 2 * config.vision.tokens();
  const int64_t positions = images + kTextPositions;
  const int64_t tower = config.vision.conv ? widest_map(config.vision) : images * config.vision.intermediate_size;
  const int64_t difference = 4 * 3 * images * config.difference.embedding_dim;
  const int64_t language = positions * 3 * config.text.intermediate_size;
  const int64_t cache =
      rows * positions * 2 * config.text.num_hidden_layers * config.text.num_key_value_heads * config.text.head_dim();
  return sizeof(float) *
         static_cast<std::size_t>(static_cast<int64_t>(kAlive) * std::max({tower, difference, language}) + cache);
}

}  // namespace ccx::prepare
