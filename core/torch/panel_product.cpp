#include "core/torch/panel_product.h"

#include <algorithm>

#include "core/torch/bf16_pairs.h"

namespace ccx::torch_backend {
namespace {

constexpr int kVectors = kPanel / kLanes;
// Inputs whose products are added to each other before they join the sum: shorter chains round less.
constexpr int64_t kChain = 256;
// Rows for which a panel is read from memory once.
constexpr int64_t kRowsOfPass = 16;

CCX_INLINE void as_floats(const LaneBits& bits, Lanes& lanes) {
  std::memcpy(&lanes, &bits, sizeof(lanes));
}

namespace widened_lanes {

template <int kRows>
CCX_INLINE void add_products(const Bf16* panel, const Bf16* x, int64_t in, int64_t start, int64_t end,
                             Lanes (*sum)[kVectors]) {
  for (int64_t k = start; k < end; k += 2) {
    const bool has_second = k + 1 < in;
    for (int v = 0; v < kVectors; ++v) {
      LaneBits pairs;
      std::memcpy(&pairs, panel + k * kPanel + v * 2 * kLanes, sizeof(pairs));
      Lanes first, second;
      as_floats(pairs << 16, first);
      as_floats(pairs & 0xffff0000u, second);
      for (int m = 0; m < kRows; ++m) {
        sum[m][v] += first * widened(x[m * in + k]);
        sum[m][v] += second * (has_second ? widened(x[m * in + k + 1]) : 0.0f);
      }
    }
  }
}
template <int kRows>
CCX_INLINE void add_products(const float* panel, const float* x, int64_t in, int64_t start, int64_t end,
                             Lanes (*sum)[kVectors]) {
  for (int64_t k = start; k < end; ++k) {
    for (int v = 0; v < kVectors; ++v) {
      Lanes weight;
      load(weight, panel + k * kPanel + v * kLanes);
      for (int m = 0; m < kRows; ++m) sum[m][v] += weight * x[m * in + k];
    }
  }
}

#include "core/torch/panel_loops.inc"

// Clones cannot be templates.
CCX_CLONES void part(const PanelProduct<Bf16>& product, const Bf16* x, int64_t rows, int64_t begin, int64_t end) {
  some_panels(product, x, rows, begin, end);
}
CCX_CLONES void part(const PanelProduct<float>& product, const float* x, int64_t rows, int64_t begin, int64_t end) {
  some_panels(product, x, rows, begin, end);
}

}  // namespace widened_lanes

#ifdef CCX_BF16_PAIRS_BEGIN
CCX_BF16_PAIRS_BEGIN
namespace bf16_pairs {

template <int kRows>
CCX_INLINE void add_products(const Bf16* panel, const Bf16* x, int64_t in, int64_t start, int64_t end,
                             Lanes (*sum)[kVectors]) {
  for (int64_t k = start; k < end; k += 2) {
    __m512bh both[kRows];
    for (int m = 0; m < kRows; ++m) {
      uint32_t bits = x[m * in + k].bits;
      if (k + 1 < in) std::memcpy(&bits, x + m * in + k, sizeof(bits));
      both[m] = pair_everywhere(bits);
    }
    for (int v = 0; v < kVectors; ++v) {
      const __m512bh weights = pairs_at(panel + k * kPanel + v * 2 * kLanes);
      for (int m = 0; m < kRows; ++m) sum[m][v] = _mm512_dpbf16_ps(sum[m][v], weights, both[m]);
    }
  }
}

#include "core/torch/panel_loops.inc"

void part(const PanelProduct<Bf16>& product, const Bf16* x, int64_t rows, int64_t begin, int64_t end) {
  some_panels(product, x, rows, begin, end);
}

}  // namespace bf16_pairs
CCX_BF16_PAIRS_END
#endif

void part(const PanelProduct<float>& product, const float* x, int64_t rows, int64_t begin, int64_t end) {
  widened_lanes::part(product, x, rows, begin, end);
}
void part(const PanelProduct<Bf16>& product, const Bf16* x, int64_t rows, int64_t begin, int64_t end) {
#ifdef CCX_BF16_PAIRS_BEGIN
  if (has_bf16_pairs()) return bf16_pairs::part(product, x, rows, begin, end);
#endif
  widened_lanes::part(product, x, rows, begin, end);
}

}  // namespace

template <class T>
Panels<T> as_panels(const void* data, int64_t bytes, const T* weight, int64_t out, int64_t in) {
  Panels<T> panels;
  panels.in = in;
  panels.out = out;
  const int64_t elements = bytes / static_cast<int64_t>(sizeof(T));
  const int64_t padded_out = panels.count() * kPanel;
  panels.padded_in = elements / padded_out;
  const bool fits =
      panels.padded_in >= in && panels.padded_in % kTogether<T> == 0 && panels.padded_in * padded_out == elements;
  if (data == nullptr || !fits) return {};
  const auto* values = static_cast<const T*>(data);
  constexpr int64_t kAtOnce = 32;  // inputs: of a panel's rows of the weight and of its own both stay in the cache
  for (int64_t first = 0; first < padded_out; first += kPanel) {
    for (int64_t start = 0; start < panels.padded_in; start += kAtOnce) {
      for (int64_t n = first; n < first + kPanel; ++n) {
        for (int64_t k = start; k < std::min(start + kAtOnce, panels.padded_in); ++k) {
          const T expected = n < out && k < in ? weight[n * in + k] : T{};
          const int64_t together = k / kTogether<T> * kTogether<T>;
          const int64_t place =
              first * panels.padded_in + together * kPanel + (n - first) * kTogether<T> + k % kTogether<T>;
          if (widened(values[place]) != widened(expected)) return {};
        }
      }
    }
  }
  panels.values = values;
  return panels;
}

template <class T>
void panel_products(const T* x, int64_t rows, const PanelProduct<T>* products, int64_t count,
                    const ParallelFor& parallel_for) {
  int64_t panels = 0;
  for (int64_t i = 0; i < count; ++i) panels += products[i].weight.count();
  parallel_for(panels, [&](int64_t begin, int64_t end) {
    int64_t first = 0;  // panels of the products before
    for (int64_t i = 0; i < count; ++i) {
      const int64_t own = products[i].weight.count();
      const int64_t from = std::max(begin - first, int64_t{0}), to = std::min(end - first, own);
      if (from < to) part(products[i], x, rows, from, to);
      first += own;
    }
  });
}

template Panels<Bf16> as_panels(const void*, int64_t, const Bf16*, int64_t, int64_t);
template Panels<float> as_panels(const void*, int64_t, const float*, int64_t, int64_t);
template void panel_products(const Bf16*, int64_t, const PanelProduct<Bf16>*, int64_t, const ParallelFor&);
template void panel_products(const float*, int64_t, const PanelProduct<float>*, int64_t, const ParallelFor&);

}  // namespace ccx::torch_backend
