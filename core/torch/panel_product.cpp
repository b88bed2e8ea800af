#include "core/torch/panel_product.h"

#include <algorithm>

namespace ccx::torch_backend {
namespace {

constexpr int kVectors = kPanel / kLanes;
// Inputs whose products are added to each other before they join the sum: shorter chains round less.
constexpr int64_t kChain = 256;

CCX_INLINE void as_floats(const LaneBits& bits, Lanes& lanes) {
  std::memcpy(&lanes, &bits, sizeof(lanes));
}

// Products of kRows rows of x with a panel: sums [kRows, kPanel].
template <int kRows>
CCX_INLINE void tile(const Bf16* panel, const float* x, int64_t in, float (*sums)[kPanel]) {
  for (int64_t start = 0; start < in; start += kChain) {
    const int64_t end = std::min(start + kChain, in);
    Lanes sum[kRows][kVectors] = {};
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
    for (int m = 0; m < kRows; ++m) {
      for (int v = 0; v < kVectors; ++v) {
        Lanes total;
        load(total, sums[m] + v * kLanes);
        total += sum[m][v];
        std::memcpy(sums[m] + v * kLanes, &total, sizeof(total));
      }
    }
  }
}

template <int kRows>
CCX_INLINE void rows_of_panel(const PanelProduct& product, int64_t panel, const float* x, int64_t row) {
  const Panels& weight = product.weight;
  float sums[kRows][kPanel] = {};
  tile<kRows>(weight.values + panel * kPanel * weight.padded_in, x + row * weight.in, weight.in, sums);
  const int64_t first = panel * kPanel;
  const int64_t used = std::min(kPanel, weight.out - first);
  for (int m = 0; m < kRows; ++m) {
    const int64_t place = (row + m) * weight.out + first;
    if (product.bias != nullptr) {
      for (int64_t n = 0; n < used; ++n) sums[m][n] += widened(product.bias[first + n]);
    }
    if (product.to_float != nullptr) {
      std::copy(sums[m], sums[m] + used, product.to_float + place);
    } else {
      for (int64_t n = 0; n < used; ++n) narrow(product.to[place + n], sums[m][n]);
    }
  }
}

// Panels [begin, end): each is read from memory once and stays in the cache for the rows after the first four.
CCX_CLONES void part(const PanelProduct& product, const float* x, int64_t rows, int64_t begin, int64_t end) {
  for (int64_t panel = begin; panel < end; ++panel) {
    int64_t m = 0;
    for (; m + 4 <= rows; m += 4) rows_of_panel<4>(product, panel, x, m);
    if (m + 2 <= rows) {
      rows_of_panel<2>(product, panel, x, m);
      m += 2;
    }
    if (m < rows) rows_of_panel<1>(product, panel, x, m);
  }
}

}  // namespace

Panels as_panels(const void* data, int64_t bytes, const Bf16* weight, int64_t out, int64_t in) {
  Panels panels;
  panels.in = in;
  panels.out = out;
  const int64_t elements = bytes / static_cast<int64_t>(sizeof(Bf16));
  const int64_t padded_out = panels.count() * kPanel;
  panels.padded_in = elements / padded_out;
  const bool fits = panels.padded_in >= in && panels.padded_in % 2 == 0 && panels.padded_in * padded_out == elements;
  if (data == nullptr || !fits) return {};
  const auto* values = static_cast<const Bf16*>(data);
  constexpr int64_t kTogether = 32;  // inputs: of a panel's rows of the weight and of its own both stay in the cache
  for (int64_t first = 0; first < padded_out; first += kPanel) {
    for (int64_t start = 0; start < panels.padded_in; start += kTogether) {
      for (int64_t n = first; n < first + kPanel; ++n) {
        for (int64_t k = start; k < std::min(start + kTogether, panels.padded_in); ++k) {
          const uint16_t expected = n < out && k < in ? weight[n * in + k].bits : 0;
          const int64_t place = first * panels.padded_in + k / 2 * 2 * kPanel + (n - first) * 2 + k % 2;
          if (values[place].bits != expected) return {};
        }
      }
    }
  }
  panels.values = values;
  return panels;
}

void panel_products(const float* x, int64_t rows, const PanelProduct* products, int64_t count,
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

}  // namespace ccx::torch_backend
