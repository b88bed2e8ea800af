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

at::Tensor copied(const void* data, size_t bytes, at::IntArrayRef shape, at::ScalarType type) {
  at::Tensor copy = at::empty(shape, at::TensorOptions().dtype(type));
  std::memcpy(copy.mutable_data_ptr(), data, bytes);
  use_large_pages(copy.mutable_data_ptr(), copy.nbytes());
  return copy;
}

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

// `count` rows of a weight of floats, quantised into the rows from `first` on.
void quantise_into(QuantisedWeight& weight, const float* rows, int64_t first, int64_t count) {
  const std::span<const float> floats(rows, static_cast<size_t>(count * weight.in));
  if (weight.bits == 8) {
    const Int8Rows found = quantise_int8_rows(floats, count, weight.in);
    std::copy(found.values.begin(), found.values.end(), weight.values.mutable_data_ptr<int8_t>() + first * weight.in);
    std::copy(found.scales.begin(), found.scales.end(), weight.scales.mutable_data_ptr<float>() + first);
    return;
  }
  const Int4Weight found = quantise_int4(floats, count, weight.in);
  const std::vector<uint8_t> packed = pack_int4_rows(found.values, count, weight.in);
  std::copy(packed.begin(), packed.end(),
            weight.values.mutable_data_ptr<uint8_t>() + first * packed_int4_row_bytes(weight.in));
  std::copy(found.scales.begin(), found.scales.end(), weight.scales.mutable_data_ptr<float>() + first * found.blocks);
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

void dequantise_row(const QuantisedWeight& weight, int64_t row, float* to) {
  if (weight.bits == 8) {
    dequantise_int8_row(weight.values.const_data_ptr<int8_t>() + row * weight.in,
                        weight.scales.const_data_ptr<float>()[row], weight.in, to);
  } else {
    dequantise_int4_row(weight.values.const_data_ptr<uint8_t>() + row * packed_int4_row_bytes(weight.in),
                        weight.scales.const_data_ptr<float>() + row * int4_blocks(weight.in), weight.in, to);
  }
}

// Rows named by `row_of`, [count, in].
at::Tensor numbers(const QuantisedWeight& weight, int64_t count, const std::function<int64_t(int64_t)>& row_of,
                   at::ScalarType dtype) {
  const at::Tensor result = at::empty({count, weight.in}, at::TensorOptions().dtype(dtype));
  at::parallel_for(0, count, kRowsOfAThread, [&](int64_t begin, int64_t end) {
    std::vector<float> row(static_cast<size_t>(weight.in));
    for (int64_t i = begin; i < end; ++i) {
      if (dtype == at::kFloat) {
        dequantise_row(weight, row_of(i), result.mutable_data_ptr<float>() + i * weight.in);
        continue;
      }
      dequantise_row(weight, row_of(i), row.data());
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
  QuantisedWeight result{bits, weight.size(0), weight.size(1), {}, {}, {}};
  const auto floats = at::TensorOptions().dtype(at::kFloat);
  if (bits == 8) {
    result.values = at::empty({result.out, result.in}, at::TensorOptions().dtype(at::kChar));
    result.scales = at::empty({result.out}, floats);
  } else {
    result.values = at::empty({result.out, packed_int4_row_bytes(result.in)}, at::TensorOptions().dtype(at::kByte));
    result.scales = at::empty({result.out, int4_blocks(result.in)}, floats);
  }
  at::parallel_for(0, result.out, kRowsOfAThread, [&](int64_t begin, int64_t end) {
    for (int64_t first = begin; first < end; first += kRowsOfAThread) {
      const int64_t count = std::min(kRowsOfAThread, end - first);
      const at::Tensor rows = weight.narrow(0, first, count).to(at::kFloat).contiguous();
      quantise_into(result, rows.const_data_ptr<float>(), first, count);
    }
  });
  use_large_pages(result.values.mutable_data_ptr(), result.values.nbytes());
  if (bits == 8) add_sums(result);
  return result;
}

QuantisedWeight quantised(const QuantisedView& stored) {
  QuantisedWeight result{stored.bits, stored.rows, stored.columns, {}, {}, {}};
  const int64_t row_bytes = stored.bits == 8 ? stored.columns : packed_int4_row_bytes(stored.columns);
  result.values = copied(stored.values, static_cast<size_t>(stored.rows * row_bytes), {stored.rows, row_bytes},
                         stored.bits == 8 ? at::kChar : at::kByte);
  const std::vector<int64_t> scales = stored.bits == 8 ? std::vector<int64_t>{stored.rows}
                                                       : std::vector<int64_t>{stored.rows, int4_blocks(stored.columns)};
  result.scales = copied(stored.scales.data(), stored.scales.size() * sizeof(float), scales, at::kFloat);
  if (stored.bits == 8) add_sums(result);
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
