#include "train/optimise/parameters.h"

#include <c10/core/GradMode.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/graph/shape_ops.h"
#include "core/model/ccexpert.h"
#include "core/model/checkpoint.h"
#include "core/model/parameters.h"
#include "core/torch/stored_tensor.h"
#include "train/checkpoint/initialise.h"

namespace ccx::train {
namespace {

// Follows the graph over shapes and notes in which order it reads its weights.
class OrderOps : public ShapeOps {
 public:
  Tensor parameter(const std::string& name, const Shape& shape) override {
    if (parameters().count(name) == 0) order.push_back(name);
    return ShapeOps::parameter(name, shape);
  }
  std::vector<std::string> order;
};

at::Tensor host_copy(const WeightSource& source, const std::string& name, const Shape& shape) {
  const at::Tensor stored = torch_backend::stored_tensor(source, name, shape);
  model::check_finite(source.get(name), name, "the checkpoint");
  at::Tensor copy = stored.to(at::kFloat, /*non_blocking=*/false, /*copy=*/true);
  source.release(name);
  return copy;
}

}  // namespace

std::vector<std::string> parameter_order(const model::ModelConfig& config) {
  const model::CCExpert graph(config);
  OrderOps ops;
  const int side = config.vision.image_size;
  const model::CCExpert::Vision seen = graph.see(ops, ShapeOps::input({2, 3, side, side}));
  const Tensor token = graph.language().embed(ops, ShapeOps::input({1, 1}));
  model::Qwen2::Step step;
  step.embeddings = graph.join(ops, {token, token, token}, seen);
  step.positions = ShapeOps::input({1, step.embeddings.size(1)});
  graph.language().logits(ops, graph.language().hidden(ops, step), config.text.vocab_size);
  return ops.order;
}

ParameterSet::ParameterSet(const model::ModelConfig& config, const WeightSource& source, const Stage& stage,
                           const ParameterOptions& options)
    : options_(options) {
  const c10::AutoGradMode no_grad(false);
  read(config, source, stage);
  make_buckets();
}

void ParameterSet::read(const model::ModelConfig& config, const WeightSource& source, const Stage& stage) {
  const std::map<std::string, Shape> live = model::live_parameters(config);
  const auto add = [&](const std::string& name, const Shape& shape, bool trainable) {
    index_[name] = static_cast<int>(parameters_.size());
    parameters_.push_back({name, shape, trainable, true, -1, 0, host_copy(source, name, shape)});
  };
  for (const std::string& name : parameter_order(config)) add(name, live.at(name), stage.trains(name));
  for (const auto& [name, shape] : model::dead_parameters(config)) add(name, shape, false);
  const FreshWeights fresh(options_.heads, options_.head_seed, /*scaled=*/true);
  for (const auto& [name, shape] : options_.heads) {
    index_[name] = static_cast<int>(parameters_.size());
    parameters_.push_back({name, shape, true, false, -1, 0, host_copy(fresh, name, shape)});
  }
  // Frozen weights of the graph go to the device; dead ones stay where they are until they are saved again.
  for (Parameter& parameter : parameters_) {
    if (!parameter.trainable && live.count(parameter.name) != 0) {
      parameter.value = parameter.value.to(options_.device, options_.dtype);
    }
  }
}

void ParameterSet::make_buckets() {
  // Gradients arrive against the order of the graph. A bucket is closed when it is full, so that it can travel while
  // the backward pass goes on; the few parameters of the groups without decay fill one bucket each.
  std::vector<int> open(4, -1);
  for (int i = static_cast<int>(parameters_.size()) - 1; i >= 0; --i) {
    Parameter& parameter = parameters_[static_cast<size_t>(i)];
    if (!parameter.trainable) continue;
    const Group group{part_of(parameter.name) == Part::kTower, decays(parameter.name)};
    int& bucket = open[static_cast<size_t>((group.tower ? 2 : 0) + (group.decays ? 1 : 0))];
    if (bucket < 0 || buckets_[static_cast<size_t>(bucket)].size >= options_.bucket_elements) {
      bucket = static_cast<int>(buckets_.size());
      buckets_.emplace_back().group = group;
    }
    Bucket& target = buckets_[static_cast<size_t>(bucket)];
    parameter.bucket = bucket;
    parameter.offset = target.size;
    target.parameters.push_back(i);
    target.size += parameter.value.numel();
  }

  // In the order in which they fill up, which is the order in which they travel.
  std::stable_sort(buckets_.begin(), buckets_.end(),
                   [](const Bucket& a, const Bucket& b) { return a.parameters.back() > b.parameters.back(); });
  for (size_t i = 0; i < buckets_.size(); ++i) {
    for (const int index : buckets_[i].parameters) parameters_[static_cast<size_t>(index)].bucket = static_cast<int>(i);
  }

  const at::TensorOptions compute = at::TensorOptions().dtype(options_.dtype).device(options_.device);
  for (Bucket& bucket : buckets_) {
    const int64_t shards = options_.shards;
    bucket.shard_size = (bucket.size + shards - 1) / shards;
    bucket.shard_begin = bucket.shard_size * options_.shard;
    bucket.size = bucket.shard_size * shards;
    bucket.value = at::zeros({bucket.size}, compute);
    bucket.grad = at::zeros({bucket.size}, compute);
    const bool plain = options_.dtype == at::kFloat;
    at::Tensor whole = plain ? bucket.value : at::zeros({bucket.size}, at::TensorOptions().dtype(at::kFloat));
    for (const int index : bucket.parameters) {
      Parameter& parameter = parameters_[static_cast<size_t>(index)];
      whole.narrow(0, parameter.offset, parameter.value.numel()).copy_(parameter.value.flatten());
    }
    if (!plain) bucket.value.copy_(whole);
    if (plain) {
      bucket.master = bucket.value.narrow(0, bucket.shard_begin, bucket.shard_size);
      bucket.sum = bucket.grad.narrow(0, bucket.shard_begin, bucket.shard_size);
    } else {
      bucket.master =
          whole.narrow(0, bucket.shard_begin, bucket.shard_size).to(options_.device, at::kFloat, false, true);
      bucket.sum = at::zeros_like(bucket.master);
    }
    for (const int index : bucket.parameters) {
      Parameter& parameter = parameters_[static_cast<size_t>(index)];
      const int64_t count = parameter.value.numel();
      parameter.value = bucket.value.narrow(0, parameter.offset, count).view(parameter.shape).detach();
      parameter.value.requires_grad_(true);
      // Autograd adds into a gradient that is there already, so that it ends up in the bucket.
      parameter.value.mutable_grad() = bucket.grad.narrow(0, parameter.offset, count).view(parameter.shape);
    }
  }
}

at::Tensor ParameterSet::get(const std::string& name, const Shape& shape) {
  const Parameter& parameter = at(name);
  if (parameter.shape != shape) {
    throw CheckpointError("tensor \"" + name + "\" has shape " + io::shape_text(parameter.shape) +
                          ", but the model needs " + io::shape_text(shape));
  }
  return parameter.value;
}

const Parameter& ParameterSet::at(const std::string& name) const {
  const auto found = index_.find(name);
  if (found == index_.end()) throw CheckpointError("tensor \"" + name + "\" is missing");
  return parameters_[static_cast<size_t>(found->second)];
}

int64_t ParameterSet::trainable_elements() const {
  int64_t count = 0;
  for (const Parameter& parameter : parameters_) count += parameter.trainable ? parameter.value.numel() : 0;
  return count;
}

void ParameterSet::zero_gradients() {
  for (Bucket& bucket : buckets_) {
    bucket.grad.zero_();
    if (options_.dtype != at::kFloat) bucket.sum.zero_();
  }
}

void ParameterSet::accumulate(Bucket& bucket) {
  if (options_.dtype == at::kFloat) return;
  bucket.sum.add_(bucket.grad.narrow(0, bucket.shard_begin, bucket.shard_size));
  bucket.grad.zero_();
}

void ParameterSet::publish(Bucket& bucket) {
  if (options_.dtype == at::kFloat) return;
  bucket.value.narrow(0, bucket.shard_begin, bucket.shard_size).copy_(bucket.master);
}

at::Tensor ParameterSet::host_value(const Parameter& parameter) const {
  if (parameter.trainable && options_.dtype != at::kFloat && options_.shards == 1) {
    const Bucket& bucket = buckets_[static_cast<size_t>(parameter.bucket)];
    const at::Tensor master = bucket.master.narrow(0, parameter.offset, parameter.value.numel());
    return master.view(parameter.shape).to(at::kCPU);
  }
  return parameter.value.detach().to(at::kCPU, at::kFloat).contiguous();
}

}  // namespace ccx::train
