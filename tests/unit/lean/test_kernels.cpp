// The same bits at every width of vectors that this processor has: sizes that fill no vector, panel or tile.
#include "core/lean/kernels.h"

#include <array>
#include <cmath>
#include <cstring>

#include "core/lean/attention.h"
#include "core/lean/blocks.h"
#include "core/lean/numbers.h"
#include "core/lean/products.h"
#include "tests/support/catch.h"
#include "tests/support/drawn_numbers.h"
#include "tests/support/skip.h"

using namespace ccx;
using namespace ccx::lean;

namespace {

// Those beside the narrowest, which every processor has.
std::vector<const Kernels*> wider() {
  std::vector<const Kernels*> found;
  for (const int bits : {256, 512}) {
    if (const Kernels* kernels = kernels_of_width(bits)) found.push_back(kernels);
  }
  return found;
}

const Kernels& narrow() {
  return *kernels_of_width(128);
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

}  // namespace

TEST_CASE("a processor takes its widest kernels") {
  const std::vector<const Kernels*> all = wider();
  CHECK(&kernels() == (all.empty() ? &narrow() : all.back()));
  CHECK(kernels_of_width(1024) == nullptr);
}

TEST_CASE("products have the same bits at every width") {
  test::DrawnNumbers drawn(11);
  for (const auto& sizes : {std::array<std::int64_t, 4>{1, 1, 1, 1},
                            {3, 7, 1, 5},
                            {32, 16, 2, 8},
                            {27, 33, 3, 11},
                            {96, 40, 1, 17},
                            {64, 24, 1, 1}}) {
    const std::int64_t in = sizes[0], out = sizes[1], lines = sizes[2], count = sizes[3];
    const auto values = drawn.wholes<std::int8_t>(in * out, 127);
    const std::vector<float> scales = drawn.numbers(out), biases = drawn.numbers(out);
    const Weight first(values, scales, biases, narrow());
    const auto rows = drawn.wholes<std::int16_t>(lines * count * first.row(), 8000);
    const std::int64_t line = count * out + 3;
    for (const Activation activation : {Activation::kNone, Activation::kRelu, Activation::kRelu6}) {
      const auto product = [&](const Weight& weight) {
        std::vector<float> to(static_cast<std::size_t>(lines * line), -7.0f);
        weight.multiply(rows.data(), lines, count, 1e-5f, activation, to.data(), line);
        return to;
      };
      const std::vector<float> expected = product(first);
      CHECK(expected[static_cast<std::size_t>(count * out)] == -7.0f);  // nothing is written between lines
      for (const Kernels* kernels : wider()) {
        INFO(in << " x " << out << " at panels of " << kernels->panel);
        CHECK(same_bits(product(Weight(values, scales, biases, *kernels)), expected));
      }
    }
  }
}

TEST_CASE("numbers are made whole, and the largest found, alike at every width") {
  test::DrawnNumbers drawn(11);
  for (const std::int64_t count : {1, 15, 16, 33, 257}) {
    std::vector<float> values = drawn.numbers(count);
    values[static_cast<std::size_t>(count / 2)] = -3.25f;
    if (count > 2) values[1] = 0.5f, values[2] = 1.5f;  // halves go to the even one
    std::vector<std::int16_t> expected(static_cast<std::size_t>(count));
    narrow().quantise(values.data(), count, 1.0f, expected.data());
    for (std::int64_t i = 0; i < count; ++i) {
      const auto at = static_cast<std::size_t>(i);
      CHECK(expected[at] == static_cast<std::int16_t>(std::nearbyint(values[at])));
    }
    CHECK(narrow().largest(values.data(), count, 0.0f) == 3.25f);
    for (const Kernels* kernels : wider()) {
      std::vector<std::int16_t> found(expected.size());
      kernels->quantise(values.data(), count, 1.0f, found.data());
      CHECK(found == expected);
      CHECK(kernels->largest(values.data(), count, 0.0f) == 3.25f);
      CHECK(kernels->largest(values.data(), count, 4.0f) == 4.0f);
    }
  }
}

TEST_CASE("depthwise filters have the same bits at every width") {
  test::DrawnNumbers drawn(11);
  for (const std::int64_t channels : {4, 16, 20, 36}) {
    for (const std::int64_t kernel : {3, 5}) {
      for (const std::int64_t stride : {1, 2}) {
        const ConvSpec spec{
            .out = channels, .kernel = kernel, .stride = stride, .groups = channels, .activation = Activation::kRelu6};
        const Depthwise filter{spec, drawn.numbers(kernel * kernel * channels), drawn.numbers(channels)};
        const std::int64_t width = 31,
                           row = ((width - 1) * stride + kernel) * channels;  // many outputs together, and the rest
        const std::vector<float> rows = drawn.numbers(kernel * row);
        const auto filtered = [&](const Kernels& kernels) {
          std::vector<float> to(static_cast<std::size_t>(width * channels));
          kernels.filter_row(filter, rows.data(), row, width, to.data());
          return to;
        };
        const std::vector<float> expected = filtered(narrow());
        for (const Kernels* kernels : wider()) {
          INFO(channels << " channels, kernel " << kernel << ", stride " << stride);
          CHECK(same_bits(filtered(*kernels), expected));
        }
      }
    }
  }
}

TEST_CASE("attention has the same bits at every width") {
  test::DrawnNumbers drawn(11);
  for (const AttentionSizes& sizes :
       {AttentionSizes{1, 1, 1, 1, 8}, AttentionSizes{3, 8, 2, 1, 16}, AttentionSizes{5, 21, 6, 2, 24},
        AttentionSizes{40, 40, 3, 1, 32}, AttentionSizes{2, 57, 4, 2, 64}}) {
    const std::vector<float> q = drawn.numbers(sizes.queries * sizes.heads * sizes.width);
    const std::vector<float> k = drawn.numbers(sizes.keys * sizes.kv_heads * sizes.width);
    const std::vector<float> v = drawn.numbers(sizes.keys * sizes.kv_heads * sizes.width);
    std::vector<float> bias(static_cast<std::size_t>(sizes.queries * sizes.keys));
    for (std::size_t i = 3; i < bias.size(); i += 5) bias[i] = -65504.0f;
    const auto attended = [&](const Kernels& kernels) {
      const Numbers found = attend(sizes, q.data(), k.data(), v.data(), bias.data(), kernels);
      return std::vector<float>(found.begin(), found.end());
    };
    const std::vector<float> expected = attended(narrow());
    for (const Kernels* kernels : wider()) {
      INFO(sizes.queries << " of " << sizes.keys << " keys, heads of " << sizes.width);
      CHECK(same_bits(attended(*kernels), expected));
    }
  }
}

TEST_CASE("this processor has wider kernels than the narrowest") {
  if (wider().empty()) test::skip(test::Lacking::kMachine, "no x86-64 processor with AVX2");
  SUCCEED();
}

TEST_CASE("memory is used again by the thread that gave it back, and is whole") {
  const float* first = nullptr;
  {
    Numbers numbers(100000, 1.0f);
    first = numbers.data();
  }
  Numbers again(99000);  // of the same power of two
  CHECK(again.data() == first);
  again.assign(99000, 2.0f);
  CHECK(again.front() == 2.0f);
  Numbers other(99000, 3.0f);
  CHECK(other.data() != again.data());
  CHECK(again.back() == 2.0f);
}
