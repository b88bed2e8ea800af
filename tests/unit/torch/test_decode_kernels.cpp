#include "core/torch/decode_kernels.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "tests/support/catch.h"

using ccx::torch_backend::single_query_attention;
using ccx::torch_backend::small_rows_linear;

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

}  // namespace

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
  const int64_t group = 3;
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
            score += static_cast<double>(q[static_cast<size_t>(g * width + d)]) * k[static_cast<size_t>(s * width + d)];
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
