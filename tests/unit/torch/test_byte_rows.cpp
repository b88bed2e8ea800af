// Products of few rows with weights of 8 and 4 bits against the sums they stand for.
#include "core/torch/byte_rows.h"

#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/graph/quantise.h"
#include "tests/support/catch.h"

using namespace ccx;
using namespace ccx::torch_backend;

namespace {

void two_parts(int64_t count, const std::function<void(int64_t, int64_t)>& body) {
  body(0, count / 3);
  body(count / 3, count);
}

float number(uint32_t& seed) {
  seed = seed * 1664525u + 1013904223u;
  return static_cast<float>(seed >> 8) / 8388608.0f - 1.0f;
}

std::vector<float> numbers(size_t count, uint32_t& seed) {
  std::vector<float> all(count);
  for (float& value : all) value = number(seed);
  return all;
}

// A product of `bits` with weights [out, in] made of random ones, beside the weights that it stands for.
struct Product {
  int64_t out, in;
  std::vector<float> weights;
  std::function<void(const float* x, int64_t rows, const float* bias, float* to, bool exact)> run;
};

Product product_of(int bits, int64_t out, int64_t in, uint32_t& seed) {
  const std::vector<float> weights = numbers(static_cast<size_t>(out * in), seed);
  Product product{out, in, std::vector<float>(weights.size()), {}};
  if (bits == 8) {
    const Int8Rows rows = quantise_int8_rows(weights, out, in);
    std::vector<int32_t> sums(static_cast<size_t>(out));
    for (int64_t i = 0; i < out * in; ++i) sums[static_cast<size_t>(i / in)] += rows.values[static_cast<size_t>(i)];
    for (int64_t n = 0; n < out; ++n) {
      dequantise_row(8, rows.values.data() + n * in, rows.scales.data() + n, in, product.weights.data() + n * in);
    }
    product.run = [=](const float* x, int64_t count, const float* bias, float* to, bool exact) {
      byte_rows(x, count, {rows.values.data(), rows.scales.data(), sums.data(), out, in}, bias, to, two_parts, exact);
    };
    return product;
  }
  const Int4Weight few = quantise_int4(weights, out, in);
  const std::vector<uint8_t> packed = pack_int4_rows(few.values, out, in);
  for (int64_t n = 0; n < out; ++n) {
    dequantise_row(4, packed.data() + n * packed_int4_row_bytes(in), few.scales.data() + n * few.blocks, in,
                   product.weights.data() + n * in);
  }
  product.run = [=](const float* x, int64_t count, const float* bias, float* to, bool exact) {
    nibble_rows(x, count, {packed.data(), few.scales.data(), out, in}, bias, to, two_parts, exact);
  };
  return product;
}

}  // namespace

TEST_CASE("a product with 8 or 4 bits is its sum: to float32's rounding, or to that of 8-bit activations") {
  uint32_t seed = 1;
  for (const int bits : {8, 4}) {
    // Inputs that fill no register, no block of 32, or both; outputs that fill no tile.
    for (const int64_t in : {5, 40, 64, 130, 896}) {
      const Product product = product_of(bits, 151, in, seed);
      for (const int64_t rows : {1, 6}) {
        CAPTURE(bits, in, rows);
        const std::vector<float> x = numbers(static_cast<size_t>(rows * in), seed), bias = numbers(151, seed);
        std::vector<float> widened(static_cast<size_t>(rows * product.out)), bytes(widened);
        product.run(x.data(), rows, bias.data(), widened.data(), true);
        if (multiplies_bytes()) product.run(x.data(), rows, bias.data(), bytes.data(), false);
        for (int64_t i = 0; i < rows * product.out; ++i) {
          const int64_t m = i / product.out, n = i % product.out;
          double sum = bias[static_cast<size_t>(n)], magnitude = 0;
          for (int64_t k = 0; k < in; ++k) {
            const double weight = product.weights[static_cast<size_t>(n * in + k)];
            sum += weight * x[static_cast<size_t>(m * in + k)];
            magnitude += std::abs(weight);
          }
          REQUIRE(std::abs(widened[static_cast<size_t>(i)] - sum) < 1e-6 * (1 + magnitude));
          // Half a step of 1/127 of the largest activation, at most 1, for each.
          if (multiplies_bytes()) {
            REQUIRE(std::abs(bytes[static_cast<size_t>(i)] - sum) < magnitude * 0.5 / 127 + 1e-4);
          }
        }
      }
    }
  }
}

TEST_CASE("a row's product with 8 or 4 bits is the same bits whatever rows stand beside it") {
  uint32_t seed = 2;
  for (const int bits : {8, 4}) {
    const Product product = product_of(bits, 50, 200, seed);
    const std::vector<float> x = numbers(7 * 200, seed);
    for (const bool exact : {true, false}) {
      if (!exact && !multiplies_bytes()) continue;
      std::vector<float> together(7 * 50), alone(50);
      product.run(x.data(), 7, nullptr, together.data(), exact);
      for (int64_t m = 0; m < 7; ++m) {
        product.run(x.data() + m * 200, 1, nullptr, alone.data(), exact);
        CAPTURE(bits, exact, m);
        REQUIRE(std::equal(alone.begin(), alone.end(), together.begin() + m * 50));
      }
    }
  }
}
