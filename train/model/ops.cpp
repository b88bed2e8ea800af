#include "train/model/ops.h"

#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <vector>

namespace ccx::train {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

using Body = std::function<Tensor(const Tensor&)>;

// What the backward pass needs to run the stretch again. Kept by the autograd node.
struct Recompute : torch::CustomClassHolder {
  explicit Recompute(Body in) : body(std::move(in)) {}
  Body body;
};

struct Checkpointed : torch::autograd::Function<Checkpointed> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x,
                            const c10::intrusive_ptr<Recompute>& stretch) {
    context->save_for_backward({x});
    context->saved_data["stretch"] = c10::IValue::make_capsule(stretch);
    const c10::AutoGradMode no_grad(false);
    return torch_backend::unwrap(stretch->body(torch_backend::wrap(x)));
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto capsule = context->saved_data["stretch"].toCapsule();
    const auto& stretch = static_cast<const Recompute&>(*capsule);
    const at::Tensor x = context->get_saved_variables()[0].detach();
    x.requires_grad_(true);
    const c10::AutoGradMode with_grad(true);
    const at::Tensor y = torch_backend::unwrap(stretch.body(torch_backend::wrap(x)));
    // Adds into the parameters' gradients directly, as the outer pass would have.
    torch::autograd::backward({y}, {gradients[0]});
    return {x.grad(), at::Tensor()};
  }
};

// Beta(0.1, 0.1) as MixStyle has it, by Johnk's method: two powers of uniform numbers, where their sum is at most 1.
double beta_share(Random& random) {
  constexpr double kPower = 1.0 / 0.1;
  for (;;) {
    const double x = std::pow(random.uniform(), kPower), y = std::pow(random.uniform(), kPower);
    if (const double sum = x + y; sum > 0.0 && sum <= 1.0) return x / sum;
  }
}

}  // namespace

Tensor TrainOps::segment(const Body& body, const Tensor& x) {
  // Without a gradient to the input the node would never be asked for one, although parameters inside want theirs.
  const at::Tensor& input = torch_backend::unwrap(x);
  if (!checkpointing_ || !c10::GradMode::is_enabled() || !input.requires_grad()) return body(x);
  return torch_backend::wrap(Checkpointed::apply(input, c10::make_intrusive<Recompute>(body)));
}

void TrainOps::mix_styles(double share, std::uint64_t seed) {
  styles_ = Styles{share, Random(seed)};
}

Tensor TrainOps::restyle(const Tensor& x) {
  if (!styles_) return x;
  constexpr double kLeastVariance = 1e-6;
  const at::Tensor& features = torch_backend::unwrap(x);
  const int64_t pictures = features.size(0);
  std::vector<int64_t> partners;
  std::vector<float> own;  // how much of its own style a picture keeps
  for (int64_t picture = 0; picture < pictures; ++picture) {
    const bool mixed = styles_->random.uniform() < styles_->share;
    partners.push_back(static_cast<int64_t>(styles_->random.below(static_cast<std::uint64_t>(pictures))));
    own.push_back(mixed ? static_cast<float>(beta_share(styles_->random)) : 1.0f);
  }
  const at::Tensor partner = torch_backend::unwrap(from_ints(partners, {pictures}));
  const at::Tensor kept = torch_backend::unwrap(from_floats(own.data(), {pictures, 1, 1, 1}));
  at::Tensor mean, deviation;
  {
    const c10::AutoGradMode no_grad(false);
    mean = features.mean({2, 3}, true);
    deviation = (features.var({2, 3}, false, true) + kLeastVariance).sqrt();
  }
  const auto moved = [&](const at::Tensor& moment) {
    return kept * moment + (1.0 - kept) * moment.index_select(0, partner);
  };
  const at::Tensor scale = moved(deviation) / deviation;
  return torch_backend::wrap(features * scale + (moved(mean) - mean * scale));
}

}  // namespace ccx::train
