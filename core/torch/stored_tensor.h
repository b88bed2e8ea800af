// A weight as it lies in its source.
#pragma once

#include <ATen/ATen.h>

#include <string>

#include "core/graph/tensor.h"
#include "core/graph/weights.h"

namespace ccx::torch_backend {

// Shares the source's memory, which nobody may write to. Throws CheckpointError for another shape than the model needs,
// and for numbers that are neither F32 nor F16 nor BF16.
at::Tensor stored_tensor(const WeightSource& source, const std::string& name, const Shape& needed);

[[noreturn]] void refuse_shape(const WeightSource& source, const std::string& name, const Shape& found,
                               const Shape& needed);

}  // namespace ccx::torch_backend
