#include "core/torch/row_kernels.h"

#include <algorithm>
#include <cmath>

namespace ccx::torch_backend {
namespace {

template <class T>
CCX_INLINE void normalise(const T* x, const T* weight, T* to, int64_t rows, int64_t width, float eps) {
  for (int64_t r = 0; r < rows; ++r, x += width, to += width) {
    Lanes squares = {};
    int64_t i = 0;
    for (; i + kLanes <= width; i += kLanes) {
      Lanes lanes;
      load(lanes, x + i);
      squares += lanes * lanes;
    }
    float sum = sum_of(squares);
    for (; i < width; ++i) sum += widened(x[i]) * widened(x[i]);
    const float scale = 1.0f / std::sqrt(sum / static_cast<float>(width) + eps);
    for (int64_t j = 0; j < width; ++j) {
      T normed;
      narrow(normed, widened(x[j]) * scale);
      narrow(to[j], widened(normed) * widened(weight[j]));
    }
  }
}

template <class T>
CCX_INLINE void rotate(const T* x, const T* cos, const T* sin, T* to, int64_t heads, int64_t width) {
  const int64_t half = width / 2;
  for (int64_t h = 0; h < heads; ++h, x += width, to += width) {
    for (int64_t i = 0; i < half; ++i) {
      const float low = widened(x[i]), high = widened(x[half + i]);
      narrow(to[i], low * widened(cos[i]) - high * widened(sin[i]));
      narrow(to[half + i], high * widened(cos[i]) + low * widened(sin[i]));
    }
  }
}

// Sixteen of them; e^-|gate| is never too large.
CCX_INLINE void gate_lanes(Lanes& gate, const Lanes& up) {
  const Lanes zero = {};
  Lanes e = gate < zero ? gate : -gate;
  exp_of_negative(e);
  const Lanes share = (gate < zero ? e : zero + 1.0f) / (e + 1.0f);
  gate = gate * share * up;
}

template <class T>
CCX_INLINE void gate_all(const T* gate, const T* up, T* to, int64_t count) {
  for (int64_t i = 0; i < count; i += kLanes) {
    const int64_t used = std::min(kLanes, count - i);
    T gates[kLanes] = {}, ups[kLanes] = {};
    std::copy(gate + i, gate + i + used, gates);
    std::copy(up + i, up + i + used, ups);
    Lanes g, u;
    load(g, gates);
    load(u, ups);
    gate_lanes(g, u);
    float each[kLanes];
    std::memcpy(each, &g, sizeof(each));
    for (int64_t j = 0; j < used; ++j) narrow(to[i + j], each[j]);
  }
}

// Clones cannot be templates.
CCX_CLONES void clone(const float* x, const float* weight, float* to, int64_t rows, int64_t width, float eps) {
  normalise(x, weight, to, rows, width, eps);
}
CCX_CLONES void clone(const Bf16* x, const Bf16* weight, Bf16* to, int64_t rows, int64_t width, float eps) {
  normalise(x, weight, to, rows, width, eps);
}
CCX_CLONES void clone(const float* x, const float* cos, const float* sin, float* to, int64_t heads, int64_t width) {
  rotate(x, cos, sin, to, heads, width);
}
CCX_CLONES void clone(const Bf16* x, const Bf16* cos, const Bf16* sin, Bf16* to, int64_t heads, int64_t width) {
  rotate(x, cos, sin, to, heads, width);
}
CCX_CLONES void clone(const float* gate, const float* up, float* to, int64_t count) {
  gate_all(gate, up, to, count);
}
CCX_CLONES void clone(const Bf16* gate, const Bf16* up, Bf16* to, int64_t count) {
  gate_all(gate, up, to, count);
}

}  // namespace

template <class T>
void rms_norm_rows(const T* x, const T* weight, T* to, int64_t rows, int64_t width, float eps) {
  clone(x, weight, to, rows, width, eps);
}
template <class T>
void rotate_heads(const T* x, const T* cos, const T* sin, T* to, int64_t heads, int64_t width) {
  clone(x, cos, sin, to, heads, width);
}
template <class T>
void gate_with_silu(const T* gate, const T* up, T* to, int64_t count) {
  clone(gate, up, to, count);
}

template void rms_norm_rows(const float*, const float*, float*, int64_t, int64_t, float);
template void rms_norm_rows(const Bf16*, const Bf16*, Bf16*, int64_t, int64_t, float);
template void rotate_heads(const float*, const float*, const float*, float*, int64_t, int64_t);
template void rotate_heads(const Bf16*, const Bf16*, const Bf16*, Bf16*, int64_t, int64_t);
template void gate_with_silu(const float*, const float*, float*, int64_t);
template void gate_with_silu(const Bf16*, const Bf16*, Bf16*, int64_t);

}  // namespace ccx::torch_backend
