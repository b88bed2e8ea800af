#include "train/model/ops.h"

#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

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

}  // namespace

Tensor TrainOps::segment(const Body& body, const Tensor& x) {
  // Without a gradient to the input the node would never be asked for one, although parameters inside want theirs.
  const at::Tensor& input = torch_backend::unwrap(x);
  if (!checkpointing_ || !c10::GradMode::is_enabled() || !input.requires_grad()) return body(x);
  return torch_backend::wrap(Checkpointed::apply(input, c10::make_intrusive<Recompute>(body)));
}

}  // namespace ccx::train
