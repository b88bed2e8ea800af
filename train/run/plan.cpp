#include "train/run/plan.h"

#include <algorithm>

#include "core/graph/shape_ops.h"
#include "core/model/parameters.h"
#include "core/model/shape_walk.h"

namespace ccx::train {
namespace {

constexpr int64_t kTargets = 32;  // of a sample that nobody has seen yet

// Counts what autograd keeps: the output of every operation once, which is near what LibTorch saves (products keep
// their input, which is some other operation's output; views keep nothing of their own).
class MemoryOps : public ShapeOps {
 public:
  explicit MemoryOps(bool checkpointing) : checkpointing_(checkpointing) {}
  double kept = 0;     // elements
  double largest = 0;  // elements inside the largest stretch that is computed again

  Tensor segment(const std::function<Tensor(const Tensor&)>& body, const Tensor& x) override {
    const double before = kept;
    const Tensor y = body(x);
    if (checkpointing_) {
      largest = std::max(largest, kept - before);
      kept = before + elements(x);
    }
    return y;
  }
  Tensor linear(const Tensor& x, const Scope& scope, int64_t out, Bias bias, int64_t rows) override {
    return count(ShapeOps::linear(x, scope, out, bias, rows));
  }
  Tensor conv2d(const Tensor& x, const Scope& scope, const ConvSpec& spec) override {
    return count(ShapeOps::conv2d(x, scope, spec));
  }
  Tensor upsample(const Tensor& x) override { return count(ShapeOps::upsample(x)); }
  Tensor layer_norm(const Tensor& x, const Scope& scope, float eps) override {
    return count(ShapeOps::layer_norm(x, scope, eps));
  }
  Tensor rms_norm(const Tensor& x, const Scope& scope, float eps) override {
    kept += 2 * elements(x);  // in float32: its input and its normalised input
    return count(ShapeOps::rms_norm(x, scope, eps));
  }
  Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionSpec& spec) override {
    return count(ShapeOps::attention(q, k, v, spec));
  }
  Tensor rotary(const Tensor& x, const Tensor& positions, int heads, float theta) override {
    kept += elements(x);
    return count(ShapeOps::rotary(x, positions, heads, theta));
  }
  Tensor add(const Tensor& a, const Tensor& b) override { return count(ShapeOps::add(a, b)); }
  Tensor mul(const Tensor& a, const Tensor& b) override { return count(ShapeOps::mul(a, b)); }
  Tensor gelu(const Tensor& x, Gelu kind) override { return count(ShapeOps::gelu(x, kind)); }
  Tensor silu(const Tensor& x) override { return count(ShapeOps::silu(x)); }
  Tensor sigmoid(const Tensor& x) override { return count(ShapeOps::sigmoid(x)); }
  Tensor concat(const std::vector<Tensor>& parts, int axis) override { return count(ShapeOps::concat(parts, axis)); }

 private:
  static double elements(const Tensor& x) {
    double n = 1;
    for (const int64_t size : x.shape()) n *= static_cast<double>(size);
    return n;
  }
  Tensor count(Tensor x) {
    kept += elements(x);
    return x;
  }
  bool checkpointing_;
};

}  // namespace

double forward_flops(const model::ModelConfig& config, int64_t text_tokens, int64_t targets) {
  ShapeOps ops;
  model::walk(config, ops, {.text_tokens = text_tokens, .targets = targets});
  return ops.flops();
}

Plan plan(const model::ModelConfig& config, const PlanOptions& options) {
  Plan plan;
  for (const auto& [name, shape] : model::live_parameters(config)) {
    int64_t count = 1;
    for (const int64_t size : shape) count *= size;
    plan.parameters += count;
    if (options.stage.trains(name)) plan.trainable += count;
  }
  const int64_t bytes = options.bfloat16 ? 2 : 4;
  const int64_t shards = options.shard_optimizer ? std::max(1, options.devices) : 1;
  plan.weights = plan.parameters * bytes;
  plan.gradients = plan.trainable * bytes;
  // Moments; with bfloat16 also the float32 values and sums, which in float32 are the weights and gradients themselves.
  plan.optimizer = plan.trainable * (options.bfloat16 ? 16 : 8) / shards;
  MemoryOps ops(options.checkpointing);
  model::walk(config, ops, {.pairs = options.stage.batch, .text_tokens = options.text_tokens, .targets = kTargets});
  // The logits and their gradient are float32.
  const double logits = static_cast<double>(options.stage.batch) * kTargets * config.text.vocab_size * 4 * 3;
  plan.activations = static_cast<int64_t>((ops.kept + ops.largest) * static_cast<double>(bytes) + logits);
  plan.flops_per_pair = forward_flops(config, options.text_tokens) * (options.checkpointing ? 4 : 3);
  plan.pairs_per_step = options.stage.batch * options.stage.accumulate * options.devices;
  if (options.samples > 0) plan.steps_per_epoch = (options.samples + plan.pairs_per_step - 1) / plan.pairs_per_step;
  return plan;
}

}  // namespace ccx::train
