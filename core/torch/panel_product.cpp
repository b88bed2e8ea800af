#include "core/torch/panel_product.h"

#include <algorithm>

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

// Adds to sum what the inputs [start, end) of a panel give kRows rows of x.
template <int kRows>
CCX_INLINE void add_products(const Bf16* panel, const float* x, int64_t in, int64_t start, int64_t end,
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
        sum[m][v] += first * x[m * in + k];
        sum[m][v] += second * (has_second ? x[m * in + k + 1] : 0.0f);
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

// sums [kRows, kPanel] of kRows rows of x, by one chain of inputs.
template <int kRows, class T>
CCX_INLINE void chain(const T* panel, const float* x, int64_t in, int64_t start, int64_t end, float (*sums)[kPanel]) {
  Lanes sum[kRows][kVectors] = {};
  add_products<kRows>(panel, x, in, start, end, sum);
  for (int m = 0; m < kRows; ++m) {
    for (int v = 0; v < kVectors; ++v) {
      Lanes total;
      load(total, sums[m] + v * kLanes);
      total += sum[m][v];
      std::memcpy(sums[m] + v * kLanes, &total, sizeof(total));
    }
  }
}

// Up to kRowsOfPass rows from `row` on with one panel.
template <class T>
CCX_INLINE void pass(const PanelProduct<T>& product, int64_t panel, const float* x, int64_t row, int64_t rows) {
  const Panels<T>& weight = product.weight;
  const int64_t in = weight.in;
  const T* values = weight.values + panel * kPanel * weight.padded_in;
  float sums[kRowsOfPass][kPanel] = {};
  for (int64_t start = 0; start < in; start += kChain) {
    const int64_t end = std::min(start + kChain, in);
    const float* from = x + row * in;
    int64_t m = 0;
    for (; m + 4 <= rows; m += 4) chain<4>(values, from + m * in, in, start, end, sums + m);
    if (m + 2 <= rows) {
      chain<2>(values, from + m * in, in, start, end, sums + m);
      m += 2;
    }
    if (m < rows) chain<1>(values, from + m * in, in, start, end, sums + m);
  }
  const int64_t first = panel * kPanel;
  const int64_t used = std::min(kPanel, weight.out - first);
  for (int64_t m = 0; m < rows; ++m) {
    T* to = product.to + (row + m) * weight.out + first;
    for (int64_t n = 0; n < used; ++n) {
      narrow(to[n], sums[m][n] + (product.bias != nullptr ? widened(product.bias[first + n]) : 0.0f));
    }
  }
}

template <class T>
CCX_INLINE void some_panels(const PanelProduct<T>& product, const float* x, int64_t rows, int64_t begin, int64_t end) {
  for (int64_t panel = begin; panel < end; ++panel) {
    for (int64_t m = 0; m < rows; m += kRowsOfPass) pass(product, panel, x, m, std::min(kRowsOfPass, rows - m));
  }
}

// Clones cannot be templates.
CCX_CLONES void part(const PanelProduct<Bf16>& product, const float* x, int64_t rows, int64_t begin, int64_t end) {
  some_panels(product, x, rows, begin, end);
}
CCX_CLONES void part(const PanelProduct<float>& product, const float* x, int64_t rows, int64_t begin, int64_t end) {
  some_panels(product, x, rows, begin, end);
}

bool is_equal(Bf16 a, Bf16 b) {
  return a.bits == b.bits;
}
bool is_equal(float a, float b) {
  return std::bit_cast<uint32_t>(a) == std::bit_cast<uint32_t>(b);
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
          if (!is_equal(values[place], expected)) return {};
        }
      }
    }
  }
  panels.values = values;
  return panels;
}

template <class T>
void panel_products(const float* x, int64_t rows, const PanelProduct<T>* products, int64_t count,
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
template void panel_products(const float*, int64_t, const PanelProduct<Bf16>*, int64_t, const ParallelFor&);
template void panel_products(const float*, int64_t, const PanelProduct<float>*, int64_t, const ParallelFor&);

}  // namespace ccx::torch_backend
