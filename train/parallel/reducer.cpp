#include "train/parallel/reducer.h"

#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/variable.h>

namespace ccx::train {

// Called by autograd when a leaf's gradient of this backward pass is complete.
struct GradientReducer::Hook : torch::autograd::PostAccumulateGradHook {
  Hook(GradientReducer& in, int bucket_index) : reducer(in), bucket(bucket_index) {}
  void operator()(const torch::autograd::Variable&) override { reducer.arrived(bucket); }
  GradientReducer& reducer;
  int bucket;
};

GradientReducer::GradientReducer(ParameterSet& parameters, ProcessGroup* group)
    : parameters_(parameters), group_(group) {
  if (group_ == nullptr) return;
  for (const Parameter& parameter : parameters_.all()) {
    if (!parameter.trainable) continue;
    torch::autograd::impl::set_post_acc_grad_hooks(parameter.value, std::make_unique<Hook>(*this, parameter.bucket));
  }
}

GradientReducer::~GradientReducer() {
  if (group_ == nullptr) return;
  for (const Parameter& parameter : parameters_.all()) {
    if (parameter.trainable) torch::autograd::impl::set_post_acc_grad_hooks(parameter.value, nullptr);
  }
}

void GradientReducer::arm() {
  if (group_ == nullptr) return;
  missing_.clear();
  for (const Bucket& bucket : parameters_.buckets()) missing_.push_back(bucket.parameters.size());
  next_ = 0;
  pending_.clear();
  armed_ = true;
}

void GradientReducer::arrived(int bucket) {
  if (!armed_) return;
  size_t& missing = missing_[static_cast<size_t>(bucket)];
  if (missing > 0) --missing;
  send_ready();
}

void GradientReducer::send_ready() {
  const c10::AutoGradMode no_grad(false);
  while (next_ < missing_.size() && missing_[next_] == 0) {
    pending_.push_back(group_->all_reduce(parameters_.buckets()[next_].grad));
    ++next_;
  }
}

void GradientReducer::finish() {
  const c10::AutoGradMode no_grad(false);
  if (group_ != nullptr) {
    missing_.assign(missing_.size(), 0);
    send_ready();
    for (const ProcessGroup::Wait& wait : pending_) wait();
    pending_.clear();
    armed_ = false;
  }
  for (Bucket& bucket : parameters_.buckets()) parameters_.accumulate(bucket);
}

}  // namespace ccx::train
