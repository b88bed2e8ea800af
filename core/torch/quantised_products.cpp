#include "core/torch/quantised_products.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <string_view>
#include <vector>

#include "core/graph/quantise.h"
#include "core/torch/byte_rows.h"
#include "core/torch/lanes.h"
#include "core/torch/large_pages.h"

namespace ccx::torch_backend {
namespace {

// Up to this many positions a product is bound by reading the weight, which the kernels of few rows do as it lies.
constexpr int64_t kFewBytes = 16, kFewNibbles = 32;

void on_threads(int64_t count, const std::function<void(int64_t, int64_t)>& body) {
  at::parallel_for(0, count, /*grain_size=*/1, body);
}

// Rows of weights that a thread converts at a time.
constexpr int64_t kRowsOfAThread = 64;

void add_sums(QuantisedWeight& weight) {
  weight.sums = at::empty({weight.out}, at::TensorOptions().dtype(at::kInt));
  const auto* values = weight.values.const_data_ptr<int8_t>();
  auto* sums = weight.sums.mutable_data_ptr<int32_t>();
  at::parallel_for(0, weight.out, kRowsOfAThread, [&](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n) {
      int32_t sum = 0;
      for (int64_t k = 0; k < weight.in; ++k) sum += values[n * weight.in + k];
      sums[n] = sum;
    }
  });
}

// Empty rows for a weight of so many bits.
QuantisedWeight empty_weight(int bits, int64_t out, int64_t in) {
  const at::ScalarType type = bits == 8 ? at::kChar : at::kByte;
  return {bits,
          out,
          in,
          at::empty({out, quantised_row_bytes(bits, in)}, at::TensorOptions().dtype(type)),
          at::empty({out, scales_of_row(bits, in)}, at::TensorOptions().dtype(at::kFloat)),
          {}};
}

// From row `first` on.
void* values_at(const QuantisedWeight& weight, int64_t first) {
  return static_cast<char*>(weight.values.mutable_data_ptr()) + first * weight.values.size(1);
}
float* scales_at(const QuantisedWeight& weight, int64_t first) {
  return weight.scales.mutable_data_ptr<float>() + first * weight.scales.size(1);
}

// What is left to do when the values are there.
void finish(QuantisedWeight& weight) {
  use_large_pages(weight.values.mutable_data_ptr(), static_cast<int64_t>(weight.values.nbytes()));
  use_large_pages(weight.scales.mutable_data_ptr(), static_cast<int64_t>(weight.scales.nbytes()));
  if (weight.bits == 8) add_sums(weight);
}

ByteWeight bytes_of(const QuantisedWeight& weight, int64_t rows) {
  return {weight.values.const_data_ptr<int8_t>(), weight.scales.const_data_ptr<float>(),
          weight.sums.const_data_ptr<int32_t>(), rows, weight.in};
}

NibbleWeight nibbles_of(const QuantisedWeight& weight, int64_t rows) {
  return {weight.values.const_data_ptr<uint8_t>(), weight.scales.const_data_ptr<float>(), rows, weight.in};
}

at::Tensor shaped(const at::Tensor& product, const at::Tensor& input) {
  std::vector<int64_t> sizes = input.sizes().vec();
  sizes.back() = product.size(-1);
  return product.view(sizes);
}

at::Tensor of_few_rows(const at::Tensor& input, const QuantisedWeight& weight, const at::Tensor& bias, int64_t rows) {
  const at::Tensor dense = input.to(at::kFloat).contiguous();
  const at::Tensor offset = bias.defined() ? bias.to(at::kFloat).contiguous() : bias;
  const int64_t count = dense.numel() / weight.in;
  const at::Tensor result = at::empty({count, rows}, dense.options());
  const float* x = dense.const_data_ptr<float>();
  const float* b = offset.defined() ? offset.const_data_ptr<float>() : nullptr;
  auto* to = result.mutable_data_ptr<float>();
  if (weight.bits == 8) {
    byte_rows(x, count, bytes_of(weight, rows), b, to, on_threads);
  } else {
    nibble_rows(x, count, nibbles_of(weight, rows), b, to, on_threads);
  }
  return result.to(input.scalar_type());
}

// Many positions with 8-bit weights: oneDNN's product of bytes, exact in integers; the scales of token and channel
// follow as in byte_rows(), so that a position's result is the same whichever of the two computes it.
at::Tensor of_many_bytes(const at::Tensor& input, const QuantisedWeight& weight, const at::Tensor& bias, int64_t rows) {
  const at::Tensor dense = input.to(at::kFloat).contiguous();
  const int64_t count = dense.numel() / weight.in;
  const at::Tensor bytes = at::empty({count, weight.in}, at::TensorOptions().dtype(at::kChar));
  std::vector<float> scales(static_cast<size_t>(count));
  const float* x = dense.const_data_ptr<float>();
  auto* quantised = bytes.mutable_data_ptr<int8_t>();
  at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t m = begin; m < end; ++m) {
      scales[static_cast<size_t>(m)] = quantise_token(x + m * weight.in, weight.in, quantised + m * weight.in);
    }
  });
  const at::Tensor sums = at::_int_mm(bytes, weight.values.narrow(0, 0, rows).t());
  const at::Tensor offset = bias.defined() ? bias.to(at::kFloat).contiguous() : at::zeros({rows});
  const at::Tensor result = at::empty({count, rows}, input.options());
  const auto* whole = sums.const_data_ptr<int32_t>();
  const float *of_channel = weight.scales.const_data_ptr<float>(), *b = offset.const_data_ptr<float>();
  const auto write = [&](auto* to) {
    at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
      for (int64_t m = begin; m < end; ++m) {
        const float scale = scales[static_cast<size_t>(m)];
        for (int64_t n = 0; n < rows; ++n) {
          narrow(to[m * rows + n], byte_sum(whole[m * rows + n], of_channel[n], scale, b[n]));
        }
      }
    });
  };
  if (input.scalar_type() == at::kFloat) {
    write(result.mutable_data_ptr<float>());
  } else {
    write(reinterpret_cast<Bf16*>(result.mutable_data_ptr<at::BFloat16>()));
  }
  return result;
}

void dequantise(const QuantisedWeight& weight, int64_t row, float* to) {
  dequantise_row(weight.bits, values_at(weight, row), scales_at(weight, row), weight.in, to);
}

// Rows named by `row_of`, [count, in].
at::Tensor numbers(const QuantisedWeight& weight, int64_t count, const std::function<int64_t(int64_t)>& row_of,
                   at::ScalarType dtype) {
  const at::Tensor result = at::empty({count, weight.in}, at::TensorOptions().dtype(dtype));
  at::parallel_for(0, count, kRowsOfAThread, [&](int64_t begin, int64_t end) {
    std::vector<float> row(static_cast<size_t>(weight.in));
    for (int64_t i = begin; i < end; ++i) {
      if (dtype == at::kFloat) {
        dequantise(weight, row_of(i), result.mutable_data_ptr<float>() + i * weight.in);
        continue;
      }
      dequantise(weight, row_of(i), row.data());
      auto* to = reinterpret_cast<Bf16*>(result.mutable_data_ptr<at::BFloat16>()) + i * weight.in;
      for (int64_t k = 0; k < weight.in; ++k) narrow(to[k], row[static_cast<size_t>(k)]);
    }
  });
  return result;
}

}  // namespace

size_t QuantisedWeight::nbytes() const {
  return values.nbytes() + scales.nbytes() + (sums.defined() ? sums.nbytes() : 0);
}

QuantisedWeight quantised(const at::Tensor& weight, int bits) {
  QuantisedWeight result = empty_weight(bits, weight.size(0), weight.size(1));
  at::parallel_for(0, result.out, kRowsOfAThread, [&](int64_t begin, int64_t end) {
    for (int64_t first = begin; first < end; first += kRowsOfAThread) {
      const int64_t count = std::min(kRowsOfAThread, end - first);
      const at::Tensor rows = weight.narrow(0, first, count).to(at::kFloat).contiguous();
      quantise_rows(bits, {rows.const_data_ptr<float>(), static_cast<size_t>(rows.numel())}, count, result.in,
                    values_at(result, first), scales_at(result, first));
    }
  });
  finish(result);
  return result;
}

QuantisedWeight quantised(const QuantisedView& stored) {
  QuantisedWeight result = empty_weight(stored.bits, stored.rows, stored.columns);
  std::memcpy(values_at(result, 0), stored.values, result.values.nbytes());
  std::memcpy(scales_at(result, 0), stored.scales.data(), result.scales.nbytes());
  finish(result);
  return result;
}

at::Tensor quantised_linear(const at::Tensor& input, const QuantisedWeight& weight, const at::Tensor& bias,
                            int64_t rows, std::optional<Gelu> gelu) {
  const int64_t count = input.numel() / weight.in;
  const auto multiplied = [&] {
    if (count <= (weight.bits == 8 ? kFewBytes : kFewNibbles)) return of_few_rows(input, weight, bias, rows);
    if (weight.bits == 8 && multiplies_bytes()) return of_many_bytes(input, weight, bias, rows);
    const at::Tensor numbers = dequantised(weight, rows, input.scalar_type());
    return bias.defined() ? at::linear(input, numbers, bias) : at::linear(input, numbers);
  };
  const at::Tensor result = shaped(multiplied(), input);
  if (!gelu) return result;
  return at::gelu(result, *gelu == Gelu::kTanh ? "tanh" : "none");
}

at::Tensor quantised_rows(const QuantisedWeight& table, const at::Tensor& ids, at::ScalarType dtype) {
  const at::Tensor flat = ids.to(at::kCPU, at::kLong).contiguous();
  const auto* id = flat.const_data_ptr<int64_t>();
  std::vector<int64_t> sizes = ids.sizes().vec();
  sizes.push_back(table.in);
  return numbers(
             table, flat.numel(), [&](int64_t i) { return id[i]; }, dtype)
      .view(sizes);
}

at::Tensor dequantised(const QuantisedWeight& weight, int64_t rows, at::ScalarType dtype) {
  return numbers(
      weight, rows, [](int64_t row) { return row; }, dtype);
}

}  // namespace ccx::torch_backend
