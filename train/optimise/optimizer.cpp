#include "train/optimise/optimizer.h"

#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>

namespace ccx::train {

AdamW::AdamW(ParameterSet& parameters, const AdamOptions& options) : parameters_(parameters), options_(options) {
  for (const Bucket& bucket : parameters_.buckets()) {
    first_.push_back(at::zeros_like(bucket.master));
    second_.push_back(at::zeros_like(bucket.master));
  }
}

void AdamW::step(double lr, double tower_lr) {
  const c10::AutoGradMode no_grad(false);
  ++steps_;
  const double correction1 = 1.0 - std::pow(options_.beta1, static_cast<double>(steps_));
  const double correction2 = std::sqrt(1.0 - std::pow(options_.beta2, static_cast<double>(steps_)));
  for (size_t i = 0; i < parameters_.buckets().size(); ++i) {
    Bucket& bucket = parameters_.buckets()[i];
    const double rate = bucket.group.tower ? tower_lr : lr;
    const double decay = bucket.group.decays ? options_.weight_decay : 0.0;
    // In pieces that stay in the cache: six passes over memory cost more than the arithmetic.
    constexpr int64_t kPiece = 1 << 16;
    const int64_t piece = bucket.master.is_cpu() ? kPiece : bucket.shard_size;
    for (int64_t begin = 0; begin < bucket.shard_size; begin += piece) {
      const int64_t count = std::min(piece, bucket.shard_size - begin);
      at::Tensor value = bucket.master.narrow(0, begin, count);
      const at::Tensor grad = bucket.sum.narrow(0, begin, count);
      at::Tensor first = first_[i].narrow(0, begin, count);
      at::Tensor second = second_[i].narrow(0, begin, count);
      if (decay != 0) value.mul_(1.0 - rate * decay);
      first.lerp_(grad, 1.0 - options_.beta1);
      second.mul_(options_.beta2).addcmul_(grad, grad, 1.0 - options_.beta2);
      const at::Tensor denominator = second.sqrt().div_(correction2).add_(options_.eps);
      value.addcdiv_(first, denominator, -rate / correction1);
    }
    parameters_.publish(bucket);
  }
}

double squared_gradient_norm(const ParameterSet& parameters) {
  const c10::AutoGradMode no_grad(false);
  constexpr int64_t kShort = 4096;
  double total = 0;
  for (const Bucket& bucket : parameters.buckets()) {
    if (!bucket.sum.is_cpu()) {
      const double norm = at::linalg_vector_norm(bucket.sum).item<double>();
      total += norm * norm;
      continue;
    }
    // float32 sums of millions lose the fourth digit on a CPU: short ones in float32, theirs in float64.
    for (int64_t begin = 0; begin < bucket.shard_size; begin += kShort) {
      const at::Tensor piece = bucket.sum.narrow(0, begin, std::min(kShort, bucket.shard_size - begin));
      total += at::dot(piece, piece).item<double>();
    }
  }
  return total;
}

void clip_gradients(ParameterSet& parameters, double norm, double max_norm) {
  const c10::AutoGradMode no_grad(false);
  const double factor = max_norm / (norm + 1e-6);
  if (!(factor < 1)) return;
  for (Bucket& bucket : parameters.buckets()) bucket.sum.mul_(factor);
}

}  // namespace ccx::train
