// A weight as it is laid out for inference.
#pragma once

#include <ATen/ATen.h>

#include <variant>

#include "core/torch/panel_product.h"

namespace ccx::torch_backend {

struct PackedWeight {
  at::Tensor layout;  // oneDNN's, which only its own operators read; undefined: the weight is better left as it lies
  // The same memory, where panel_product.h can read it.
  std::variant<std::monostate, Panels<Bf16>, Panels<float>> panels;

  bool has_panels() const { return !std::holds_alternative<std::monostate>(panels); }
};

}  // namespace ccx::torch_backend
