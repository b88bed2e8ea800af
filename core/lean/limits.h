// The bounds that an activation keeps numbers within, four at once.
#pragma once

#include "core/graph/ops.h"
#include "core/lean/vectors.h"

namespace ccx::lean {

struct Limits {
  F4 low, high;

  F4 operator()(F4 x) const { return least(most(x, low), high); }
};

inline Limits limits_of(Activation activation) {
  constexpr float kAny = 3e38f;
  return {all(activation == Activation::kNone ? -kAny : 0.0f), all(activation == Activation::kRelu6 ? 6.0f : kAny)};
}

}  // namespace ccx::lean
