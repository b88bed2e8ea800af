// What the sizes of a layer's output are, for every backend that has to say it itself.
#pragma once

#include "core/graph/ops.h"

namespace ccx {

// The rows of a weight [out, in] that linear() with `rows` uses, and so the width of what it gives.
inline int64_t used_rows(int64_t out, int64_t rows) {
  return rows > 0 && rows < out ? rows : out;
}

// The rows and columns of what a convolution gives of a map of `height` x `width`.
inline std::pair<int64_t, int64_t> conv_size(const ConvSpec& spec, int64_t height, int64_t width) {
  return {(height + spec.top + spec.bottom - spec.kernel) / spec.stride + 1,
          (width + spec.left + spec.right - spec.kernel) / spec.stride + 1};
}

}  // namespace ccx
