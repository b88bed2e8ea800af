// A weight as it is laid out for inference.
#pragma once

#include <ATen/ATen.h>

#include "core/torch/panel_product.h"

namespace ccx::torch_backend {

struct PackedWeight {
  at::Tensor layout;  // oneDNN's, which only its own operators read
  Panels panels;      // the same memory, where panel_product.h can read it: bfloat16
};

}  // namespace ccx::torch_backend
