// What a decoding step is made of, against the sums written out: products of few rows, attention of one query, norm,
// rotary embedding, gate; float32 and bfloat16.
#include "core/torch/panel_product.h"
#include "core/torch/row_kernels.h"
#include "core/torch/row_products.h"
#include "core/torch/step_attention.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "tests/support/catch.h"

using namespace ccx::torch_backend;

namespace {

// Two uneven parts, as two threads would take them.
void two_parts(int64_t count, const std::function<void(int64_t, int64_t)>& body) {
  body(0, count / 3);
  body(count / 3, count);
}

std::vector<float> numbers(size_t count, uint32_t seed) {
  std::vector<float> out(count);
  for (float& value : out) {
    seed = seed * 1664525u + 1013904223u;
    value = static_cast<float>(seed >> 8) / 8388608.0f - 1.0f;
  }
  return out;
}

void one_part(int64_t count, const std::function<void(int64_t, int64_t)>& body) {
  body(0, count);
}

std::vector<Bf16> in_bf16(const std::vector<float>& values) {
  std::vector<Bf16> halves(values.size());
  for (size_t i = 0; i < values.size(); ++i) narrow(halves[i], values[i]);
  return halves;
}

std::vector<float> in_float(const std::vector<Bf16>& halves) {
  std::vector<float> values(halves.size());
  for (size_t i = 0; i < halves.size(); ++i) values[i] = widened(halves[i]);
  return values;
}

// Half of bfloat16's last place, of values up to `largest`.
float half_step(double largest) {
  return static_cast<float>(std::exp2(std::floor(std::log2(largest)) - 8));
}

// The sum that a product stands for, in double precision.
double exact(const std::vector<float>& x, const std::vector<float>& w, int64_t m, int64_t n, int64_t in) {
  double sum = 0;
  for (int64_t k = 0; k < in; ++k) {
    sum += static_cast<double>(x[static_cast<size_t>(m * in + k)]) * w[static_cast<size_t>(n * in + k)];
  }
  return sum;
}

// A weight in panels, padded as oneDNN pads them.
template <class T>
struct InPanels {
  InPanels(const std::vector<T>& weight, int64_t out, int64_t in) {
    const int64_t padded_in = (in + 31) / 32 * 32, padded_out = (out + kPanel - 1) / kPanel * kPanel;
    constexpr int64_t kGroup = kTogether<T>;
    memory.resize(static_cast<size_t>(padded_in * padded_out));
    for (int64_t n = 0; n < out; ++n) {
      for (int64_t k = 0; k < in; ++k) {
        const int64_t place =
            n / kPanel * kPanel * padded_in + k / kGroup * kGroup * kPanel + n % kPanel * kGroup + k % kGroup;
        memory[static_cast<size_t>(place)] = weight[static_cast<size_t>(n * in + k)];
      }
    }
    panels = as_panels(memory.data(), static_cast<int64_t>(memory.size() * sizeof(T)), weight.data(), out, in);
  }
  std::vector<T> memory;
  Panels<T> panels;
};

}  // namespace

TEST_CASE("bfloat16 is a float32 rounded to the nearest, and NaN stays NaN") {
  const auto rounded = [](float value) {
    Bf16 half;
    narrow(half, value);
    return widened(half);
  };
  CHECK(rounded(1.0f) == 1.0f);
  CHECK(rounded(1.00390625f) == 1.0f);       // between 1 and the next: to the even one
  CHECK(rounded(1.01171875f) == 1.015625f);  // likewise, upwards
  CHECK(rounded(1.004f) == 1.0078125f);
  CHECK(rounded(-3.4e38f) < -3.3e38f);
  CHECK(std::isnan(rounded(std::bit_cast<float>(0x7fffffffu))));
  CHECK(std::isinf(rounded(std::numeric_limits<float>::infinity())));
}

TEST_CASE("a product of a few rows equals the sum it stands for, tails and bias included") {
  for (int64_t rows : {1, 2, 3, 4, 5, 9, 33}) {
    for (int64_t in : {1, 15, 16, 17, 96, 130}) {
      const int64_t out = 37;
      const auto x = numbers(static_cast<size_t>(rows * in), 1);
      const auto w = numbers(static_cast<size_t>(out * in), 2);
      const auto bias = numbers(static_cast<size_t>(out), 3);
      std::vector<float> result(static_cast<size_t>(rows * out));
      small_rows_linear(x.data(), w.data(), bias.data(), result.data(), rows, in, out, two_parts);
      for (int64_t m = 0; m < rows; ++m) {
        for (int64_t n = 0; n < out; ++n) {
          double sum = bias[static_cast<size_t>(n)];
          for (int64_t k = 0; k < in; ++k)
            sum += static_cast<double>(x[static_cast<size_t>(m * in + k)]) * w[static_cast<size_t>(n * in + k)];
          // float32 rounding of up to 130 products of magnitude at most 1.
          REQUIRE(std::abs(result[static_cast<size_t>(m * out + n)] - sum) < 2e-5);
        }
      }
    }
  }
}

TEST_CASE("products of bfloat16 weights, as they lie and in panels, are the sums rounded once") {
  for (int64_t rows : {1, 2, 3, 4, 7}) {
    for (int64_t in : {2, 31, 64, 301}) {
      const int64_t out = 150;
      const auto halves = in_bf16(numbers(static_cast<size_t>(rows * in), 11));
      const auto x = in_float(halves);
      const auto w = in_bf16(numbers(static_cast<size_t>(out * in), 12));
      const auto bias = in_bf16(numbers(static_cast<size_t>(out), 13));
      const auto wide = in_float(w), wide_bias = in_float(bias);
      const auto count = static_cast<size_t>(rows * out);
      std::vector<Bf16> plain(count), first(count), second(count);
      small_rows_linear(x.data(), w.data(), bias.data(), plain.data(), rows, in, out, two_parts);
      const InPanels<Bf16> laid_out(w, out, in);
      REQUIRE(laid_out.panels.values == laid_out.memory.data());
      const PanelProduct<Bf16> products[2] = {{laid_out.panels, bias.data(), first.data()},
                                              {laid_out.panels, nullptr, second.data()}};
      panel_products(halves.data(), rows, products, 2, two_parts);
      for (int64_t m = 0; m < rows; ++m) {
        for (int64_t n = 0; n < out; ++n) {
          const auto place = static_cast<size_t>(m * out + n);
          const double sum = exact(x, wide, m, n, in), whole = sum + wide_bias[static_cast<size_t>(n)];
          const auto bound = [](double value) {  // and float32's own rounding
            return half_step(std::max(1.0, std::abs(value))) + 2e-5f;
          };
          REQUIRE(std::abs(widened(plain[place]) - whole) <= bound(whole));
          REQUIRE(std::abs(widened(first[place]) - whole) <= bound(whole));
          REQUIRE(std::abs(widened(second[place]) - sum) <= bound(sum));
        }
      }
    }
  }
}

TEST_CASE("products of float32 weights in panels are the sums they stand for, of any number of rows") {
  for (int64_t rows : {1, 3, 6, 16, 17, 35}) {
    for (int64_t in : {1, 31, 64, 301}) {
      const int64_t out = 150;
      const auto x = numbers(static_cast<size_t>(rows * in), 21);
      const auto w = numbers(static_cast<size_t>(out * in), 22);
      const auto bias = numbers(static_cast<size_t>(out), 23);
      const auto count = static_cast<size_t>(rows * out);
      std::vector<float> first(count), second(count);
      const InPanels<float> laid_out(w, out, in);
      REQUIRE(laid_out.panels.values == laid_out.memory.data());
      const PanelProduct<float> products[2] = {{laid_out.panels, bias.data(), first.data()},
                                               {laid_out.panels, nullptr, second.data()}};
      panel_products(x.data(), rows, products, 2, two_parts);
      for (int64_t m = 0; m < rows; ++m) {
        for (int64_t n = 0; n < out; ++n) {
          const auto place = static_cast<size_t>(m * out + n);
          const double sum = exact(x, w, m, n, in);
          // float32 rounding of up to 301 products of magnitude at most 1.
          REQUIRE(std::abs(first[place] - sum - bias[static_cast<size_t>(n)]) < 5e-5);
          REQUIRE(std::abs(second[place] - sum) < 5e-5);
        }
      }
    }
  }
}

TEST_CASE("a layout that holds other numbers than the weight, or not in panels, is not read") {
  const int64_t out = 70, in = 33;
  const auto w = in_bf16(numbers(static_cast<size_t>(out * in), 14));
  InPanels<Bf16> laid_out(w, out, in);
  const auto bytes = static_cast<int64_t>(laid_out.memory.size() * sizeof(Bf16));
  CHECK(as_panels(laid_out.memory.data(), bytes, w.data(), out, in).padded_in == 64);
  CHECK(as_panels(nullptr, bytes, w.data(), out, in).values == nullptr);
  CHECK(as_panels(laid_out.memory.data(), bytes - 2, w.data(), out, in).values == nullptr);
  CHECK(as_panels(w.data(), static_cast<int64_t>(w.size() * sizeof(Bf16)), w.data(), out, in).values == nullptr);
  laid_out.memory.back() = Bf16{1};  // padding that is not zero
  CHECK(as_panels(laid_out.memory.data(), bytes, w.data(), out, in).values == nullptr);
  laid_out.memory.back() = Bf16{0};
  std::swap(laid_out.memory[0], laid_out.memory[2]);
  CHECK(as_panels(laid_out.memory.data(), bytes, w.data(), out, in).values == nullptr);
}

TEMPLATE_TEST_CASE("a row of a product in panels is the same bits whatever rows stand beside it", "", float, Bf16) {
  const int64_t in = 903, out = 101, all = 21;
  const auto drawn = [](int64_t count, uint32_t seed) {
    const auto wide = numbers(static_cast<size_t>(count), seed);
    std::vector<TestType> values(wide.size());
    for (size_t i = 0; i < wide.size(); ++i) narrow(values[i], wide[i]);
    return values;
  };
  const auto x = drawn(all * in, 4), w = drawn(out * in, 5);
  const InPanels<TestType> laid_out(w, out, in);
  std::vector<TestType> together(static_cast<size_t>(all * out));
  PanelProduct<TestType> product{laid_out.panels, nullptr, together.data()};
  panel_products(x.data(), all, &product, 1, two_parts);
  for (int64_t m = 0; m < all; ++m) {
    std::vector<TestType> alone(static_cast<size_t>(out));
    product.to = alone.data();
    panel_products(x.data() + m * in, 1, &product, 1, one_part);
    for (int64_t n = 0; n < out; ++n) {
      REQUIRE(widened(alone[static_cast<size_t>(n)]) == widened(together[static_cast<size_t>(m * out + n)]));
    }
  }
}

TEST_CASE("a row's result is the same bits whatever rows stand beside it") {
  const int64_t in = 903;
  const int64_t out = 101;
  const auto x = numbers(static_cast<size_t>(13 * in), 4);
  const auto w = numbers(static_cast<size_t>(out * in), 5);
  std::vector<float> together(static_cast<size_t>(13 * out));
  small_rows_linear(x.data(), w.data(), nullptr, together.data(), 13, in, out, two_parts);
  for (int64_t m = 0; m < 13; ++m) {
    std::vector<float> alone(static_cast<size_t>(out));
    small_rows_linear(x.data() + m * in, w.data(), nullptr, alone.data(), 1, in, out,
                      [](int64_t count, const std::function<void(int64_t, int64_t)>& body) { body(0, count); });
    REQUIRE(std::equal(alone.begin(), alone.end(), together.begin() + m * out));
  }
}

TEST_CASE("attention of one query equals softmax(q k) v written out") {
  for (int64_t group : {1, 2, 3, 4, 7}) {
    for (int64_t keys : {1, 5, 80}) {
      for (int64_t width : {16, 20, 64}) {
        const auto q = numbers(static_cast<size_t>(group * width), 6);
        const auto k = numbers(static_cast<size_t>(keys * width), 7);
        const auto v = numbers(static_cast<size_t>(keys * width), 8);
        std::vector<float> out(static_cast<size_t>(group * width));
        single_query_attention(q.data(), k.data(), v.data(), out.data(), group, keys, width, 0.25f);
        for (int64_t g = 0; g < group; ++g) {
          std::vector<double> weights;
          double sum = 0;
          for (int64_t s = 0; s < keys; ++s) {
            double score = 0;
            for (int64_t d = 0; d < width; ++d)
              score +=
                  static_cast<double>(q[static_cast<size_t>(g * width + d)]) * k[static_cast<size_t>(s * width + d)];
            weights.push_back(std::exp(0.25 * score));
            sum += weights.back();
          }
          for (int64_t d = 0; d < width; ++d) {
            double expected = 0;
            for (int64_t s = 0; s < keys; ++s)
              expected += weights[static_cast<size_t>(s)] / sum * v[static_cast<size_t>(s * width + d)];
            REQUIRE(std::abs(out[static_cast<size_t>(g * width + d)] - expected) < 1e-5);  // float32 rounding
          }
        }
      }
    }
  }
}

TEST_CASE("attention of bfloat16 is float32's of the same numbers, rounded once") {
  const int64_t queries = 7, keys = 83;
  for (int64_t width : {16, 20, 64}) {
    const auto q = in_bf16(numbers(static_cast<size_t>(queries * width), 6));
    const auto k = in_bf16(numbers(static_cast<size_t>(keys * width), 7));
    const auto v = in_bf16(numbers(static_cast<size_t>(keys * width), 8));
    std::vector<Bf16> out(static_cast<size_t>(queries * width));
    std::vector<float> expected(out.size());
    single_query_attention(q.data(), k.data(), v.data(), out.data(), queries, keys, width, 0.25f);
    single_query_attention(in_float(q).data(), in_float(k).data(), in_float(v).data(), expected.data(), queries, keys,
                           width, 0.25f);
    REQUIRE(in_float(out) == in_float(in_bf16(expected)));
  }
}

TEST_CASE("RMS norm, rotary embedding and the gate equal their definitions, in float32 and in bfloat16") {
  const int64_t rows = 3;
  for (int64_t width : {2, 16, 38, 130}) {
    const auto size = static_cast<size_t>(rows * width);
    const auto x = in_float(in_bf16(numbers(size, 21))), y = in_float(in_bf16(numbers(size, 22)));
    const auto x16 = in_bf16(x), y16 = in_bf16(y);
    std::vector<float> norm(size), turned(size), gate(size);
    std::vector<Bf16> norm16(size), turned16(size), gate16(size);
    rms_norm_rows(x.data(), y.data(), norm.data(), rows, width, 1e-6f);
    rms_norm_rows(x16.data(), y16.data(), norm16.data(), rows, width, 1e-6f);
    rotate_heads(x.data(), y.data(), y.data() + width, turned.data(), rows, width);
    rotate_heads(x16.data(), y16.data(), y16.data() + width, turned16.data(), rows, width);
    gate_with_silu(x.data(), y.data(), gate.data(), rows * width);
    gate_with_silu(x16.data(), y16.data(), gate16.data(), rows * width);
    for (int64_t r = 0; r < rows; ++r) {
      const auto at = [&](const std::vector<float>& values, int64_t i) {
        return static_cast<double>(values[static_cast<size_t>(r * width + i)]);
      };
      double squares = 0;
      for (int64_t i = 0; i < width; ++i) squares += at(x, i) * at(x, i);
      for (int64_t i = 0; i < width; ++i) {
        const auto place = static_cast<size_t>(r * width + i);
        const double normed =
            at(x, i) / std::sqrt(squares / static_cast<double>(width) + 1e-6) * y[static_cast<size_t>(i)];
        const bool low = i < width / 2;
        const auto turn = static_cast<size_t>(low ? i : i - width / 2);
        const double other = at(x, low ? i + width / 2 : i - width / 2);
        const double rotated = at(x, i) * y[turn] + (low ? -other : other) * y[static_cast<size_t>(width) + turn];
        const double gated = at(x, i) / (1 + std::exp(-at(x, i))) * at(y, i);
        REQUIRE(std::abs(norm[place] - normed) < 2e-6);  // of values up to 6: float32's rounding
        REQUIRE(std::abs(turned[place] - rotated) < 1e-6);
        REQUIRE(std::abs(gate[place] - gated) < 1e-6);
        REQUIRE(std::abs(widened(norm16[place]) - normed) < 2 * half_step(std::max(1.0, std::abs(normed))));  // twice
        REQUIRE(std::abs(widened(turned16[place]) - rotated) < 1.01 * half_step(std::max(1.0, std::abs(rotated))));
        REQUIRE(std::abs(widened(gate16[place]) - gated) < 1.01 * half_step(1.0));
      }
    }
  }
  // Far from zero the gate is open or shut, not NaN.
  const float far[4] = {-1e4f, -90.0f, 90.0f, 1e4f}, ones[4] = {1, 1, 1, 1};
  float open[4];
  gate_with_silu(far, ones, open, 4);
  CHECK((std::abs(open[0]) < 1e-30f && std::abs(open[1]) < 1e-30f && open[2] == 90.0f && open[3] == 1e4f));
}
