// Attention in tiles, and the cache that it reads: the numbers of the plain formula, whatever the sizes.
#include <cmath>
#include <random>

#include "core/lean/attention.h"
#include "core/lean/lean_cache.h"
#include "core/lean/lean_ops.h"
#include "tests/support/catch.h"

using namespace ccx;
using namespace ccx::lean;

namespace {

std::vector<float> drawn(std::int64_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float& value : values) value = normal(random);
  return values;
}

// In double, a query and a head at a time.
std::vector<float> plainly(const AttentionSizes& s, const std::vector<float>& q, const std::vector<float>& k,
                           const std::vector<float>& v, const std::vector<float>& bias) {
  std::vector<float> result(q.size());
  for (std::int64_t t = 0; t < s.queries; ++t) {
    for (std::int64_t h = 0; h < s.heads; ++h) {
      const std::int64_t kv = h / (s.heads / s.kv_heads);
      const auto query = static_cast<std::size_t>((t * s.heads + h) * s.width);
      const auto key = [&](std::int64_t n) { return static_cast<std::size_t>((n * s.kv_heads + kv) * s.width); };
      std::vector<double> weights;
      double sum = 0;
      for (std::int64_t n = 0; n < s.keys; ++n) {
        double dot = 0;
        for (std::size_t d = 0; d < static_cast<std::size_t>(s.width); ++d) dot += double{q[query + d]} * k[key(n) + d];
        weights.push_back(
            std::exp(dot / std::sqrt(static_cast<double>(s.width)) + bias[static_cast<std::size_t>(t * s.keys + n)]));
        sum += weights.back();
      }
      for (std::size_t d = 0; d < static_cast<std::size_t>(s.width); ++d) {
        double mixed = 0;
        for (std::int64_t n = 0; n < s.keys; ++n) mixed += weights[static_cast<std::size_t>(n)] * v[key(n) + d];
        result[query + d] = static_cast<float>(mixed / sum);
      }
    }
  }
  return result;
}

}  // namespace

TEST_CASE("attention in tiles gives the numbers of the plain formula, with any mask and any counts") {
  for (const AttentionSizes& sizes : {AttentionSizes{1, 1, 1, 1, 8}, AttentionSizes{1, 37, 6, 2, 32},
                                      AttentionSizes{7, 19, 4, 4, 16}, AttentionSizes{13, 13, 6, 2, 24}}) {
    INFO(sizes.queries << " of " << sizes.keys);
    const std::vector<float> q = drawn(sizes.queries * sizes.heads * sizes.width, 1);
    const std::vector<float> k = drawn(sizes.keys * sizes.kv_heads * sizes.width, 2);
    const std::vector<float> v = drawn(sizes.keys * sizes.kv_heads * sizes.width, 3);
    for (const bool causal : {true, false}) {
      std::vector<float> bias(static_cast<std::size_t>(sizes.queries * sizes.keys));
      for (std::int64_t t = 0; t < sizes.queries; ++t) {
        for (std::int64_t n = 0; n < sizes.keys; ++n) {
          const bool seen = causal ? n <= t + sizes.keys - sizes.queries : n == 0 || (n + t) % 3 != 0;
          bias[static_cast<std::size_t>(t * sizes.keys + n)] = seen ? 0.0f : -65504.0f;
        }
      }
      const Numbers found = attend(sizes, q.data(), k.data(), v.data(), bias.data());
      const std::vector<float> expected = plainly(sizes, q, k, v, bias);
      // Sums of up to 37 products of float32.
      for (std::size_t i = 0; i < found.size(); ++i) CHECK(std::abs(found[i] - expected[i]) <= 3e-6f);
    }
  }
}

TEST_CASE("powers of e are right to 3e-7 of their value, and 0 where float32 has nearly none") {
  for (float x = -86.9f; x <= 0; x += 0.013f) {
    const F4 found = exponential(F4{x, x, x, x});
    CHECK(std::abs(found[0] - std::exp(double{x})) <= 3e-7 * std::exp(double{x}));
  }
  CHECK(exponential(F4{0, 0, 0, 0})[1] == 1.0f);
  CHECK(exponential(F4{-INFINITY, -65504.0f, -88.0f, 0})[0] == 0.0f);
  CHECK(exponential(F4{-INFINITY, -65504.0f, -88.0f, 0})[1] == 0.0f);
}

TEST_CASE("a cache grows by a step, and forgets what lies behind the positions that are kept") {
  LeanCache cache(2);
  const auto step = [&](float first) {
    for (int layer = 0; layer < 2; ++layer) {
      const float add = static_cast<float>(10 * layer);
      const Tensor k = LeanOps::tokens({1, 2, 1}, {first + add, first + add + 1});
      cache.append(layer, k, LeanOps::tokens({1, 2, 1}, {-first, -first - 1}));
    }
  };
  step(1);
  step(3);
  CHECK(cache.positions() == 4);
  cache.keep(3);
  const auto [keys, values] = cache.append(1, LeanOps::tokens({1, 1, 1}, {7}), LeanOps::tokens({1, 1, 1}, {8}));
  CHECK(LeanOps::output(keys) == std::vector<float>{11, 12, 13, 7});
  CHECK(LeanOps::output(values) == std::vector<float>{-1, -2, -3, 8});
  CHECK(keys.shape() == Shape{1, 4, 1});
  CHECK_THROWS_AS(cache.keep(5), std::invalid_argument);
  cache.keep(0);
  CHECK(cache.positions() == 0);
}
