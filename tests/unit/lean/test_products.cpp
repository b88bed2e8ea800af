// Products with 8-bit weights, and inverted residuals made of them, against the same sums in double precision.
#include <cmath>

#include "core/lean/blocks.h"
#include "tests/support/catch.h"
#include "tests/support/drawn_numbers.h"

using namespace ccx;
using namespace ccx::lean;

namespace {

// A weight as the lean backend has it and as plain numbers.
struct Drawn {
  std::int64_t in, out;
  std::vector<std::int8_t> values;
  std::vector<float> scales, biases;

  Drawn(test::DrawnNumbers& numbers, std::int64_t inputs, std::int64_t outputs) : in(inputs), out(outputs) {
    for (std::int64_t i = 0; i < in * out; ++i) values.push_back(static_cast<std::int8_t>(numbers.number() * 63));
    for (std::int64_t o = 0; o < out; ++o) scales.push_back(0.001f * (1.5f + numbers.number() / 2));
    biases = numbers.numbers(out);
  }
  Weight packed() const { return Weight(values, scales, biases); }
  double sum(const float* x, std::int64_t o) const {
    double total = biases[static_cast<std::size_t>(o)];
    for (std::int64_t i = 0; i < in; ++i) {
      total += static_cast<double>(x[i]) * values[static_cast<std::size_t>(o * in + i)] *
               scales[static_cast<std::size_t>(o)];
    }
    return total;
  }
};

double activated(double x, Activation activation) {
  if (activation == Activation::kNone) return x;
  return std::clamp(x, 0.0, activation == Activation::kRelu6 ? 6.0 : 1e30);
}

Depthwise drawn_filter(test::DrawnNumbers& numbers, const ConvSpec& spec) {
  return {spec, numbers.numbers(spec.out * spec.kernel * spec.kernel), numbers.numbers(spec.out)};
}

// What run_block() computes, one number after the other.
std::vector<double> plainly(const Drawn* expand, const Depthwise& filter, const Drawn& project,
                            const std::vector<float>& input, std::int64_t channels, MapSize size) {
  const ConvSpec& spec = filter.spec;
  std::vector<float> wide;
  for (std::int64_t p = 0; p < size.height * size.width; ++p) {
    for (std::int64_t c = 0; c < spec.out; ++c) {
      const float* pixel = input.data() + p * channels;
      wide.push_back(expand ? static_cast<float>(activated(expand->sum(pixel, c), Activation::kRelu6)) : pixel[c]);
    }
  }
  const MapSize out = output_size(spec, size);
  std::vector<double> to;
  for (std::int64_t y = 0; y < out.height; ++y) {
    for (std::int64_t x = 0; x < out.width; ++x) {
      std::vector<float> filtered;
      for (std::int64_t c = 0; c < spec.out; ++c) {
        double sum = filter.biases[static_cast<std::size_t>(c)];
        for (std::int64_t k = 0; k < spec.kernel * spec.kernel; ++k) {
          const std::int64_t row = y * spec.stride - spec.top + k / spec.kernel;
          const std::int64_t column = x * spec.stride - spec.left + k % spec.kernel;
          if (row < 0 || row >= size.height || column < 0 || column >= size.width) continue;
          sum += static_cast<double>(wide[static_cast<std::size_t>((row * size.width + column) * spec.out + c)]) *
                 filter.weights[static_cast<std::size_t>(k * spec.out + c)];
        }
        filtered.push_back(static_cast<float>(activated(sum, spec.activation)));
      }
      for (std::int64_t o = 0; o < project.out; ++o) to.push_back(project.sum(filtered.data(), o));
    }
  }
  return to;
}

}  // namespace

TEST_CASE("a product of 8-bit weights is that of its numbers, to a few thousandths of a percent of the largest") {
  test::DrawnNumbers numbers(7);
  // Odd sizes have fillings: of a pair of inputs, of eight outputs, of four rows.
  for (const auto& [in, out, rows] : {std::tuple{16, 8, 4}, {27, 32, 9}, {64, 7, 5}, {960, 160, 3}, {1, 1, 1}}) {
    const Drawn weight(numbers, in, out);
    const Weight packed = weight.packed();
    const std::vector<float> x = numbers.numbers(in * rows);
    std::vector<std::int16_t> quantised(static_cast<std::size_t>(rows * packed.row()));
    const float scale = quantise(x.data(), rows, in, largest_magnitude(x), packed.steps(), quantised.data());
    for (const Activation activation : {Activation::kNone, Activation::kRelu, Activation::kRelu6}) {
      std::vector<float> y(static_cast<std::size_t>(out * rows));
      packed.multiply(quantised.data(), 1, rows, scale, activation, y.data(), 0);
      double largest = 1, difference = 0;
      for (int r = 0; r < rows; ++r) {
        for (int o = 0; o < out; ++o) {
          const double sum = weight.sum(x.data() + r * in, o);
          const double expected = activated(sum, activation);
          largest = std::max(largest, std::abs(sum));
          difference =
              std::max(difference, std::abs(expected - static_cast<double>(y[static_cast<std::size_t>(r * out + o)])));
        }
      }
      INFO(in << " x " << out << ", " << rows << " rows");
      CHECK(difference < 5e-5 * largest);  // 14 to 15 bits of each activation, whose errors cancel in part
    }
  }
}

TEST_CASE("no sum of a product overflows where every number is the largest") {
  const std::int64_t in = 4096;
  const std::vector<std::int8_t> values(static_cast<std::size_t>(in), 127);
  const std::vector<float> one{1.0f}, zero{0.0f};
  const Weight weight(values, one, zero);
  const std::vector<float> x(static_cast<std::size_t>(in), 3.0f);
  std::vector<std::int16_t> quantised(static_cast<std::size_t>(in));
  const float scale = quantise(x.data(), 1, in, 3.0f, weight.steps(), quantised.data());
  float y = 0;
  weight.multiply(quantised.data(), 1, 1, scale, Activation::kNone, &y, 0);
  CHECK(y == Approx(3.0 * 127 * 4096).epsilon(1e-4));
}

TEST_CASE("an inverted residual is what its three convolutions make of a map, in one band and in many") {
  test::DrawnNumbers numbers(7);
  struct Case {
    std::int64_t channels, wide, out, kernel, stride, before, behind;
    MapSize size;
    bool expands;
  };
  const Case cases[] = {
      {8, 48, 16, 3, 1, 1, 1, {5, 6}, true},   {8, 48, 8, 3, 2, 1, 1, {8, 8}, true},
      {8, 16, 8, 5, 2, 1, 2, {9, 7}, true},    {12, 12, 4, 3, 1, 1, 1, {4, 5}, false},
      {4, 96, 4, 3, 2, 0, 1, {64, 128}, true},  // as TensorFlow pads; more rows than one band holds
      {4, 96, 4, 3, 1, 1, 1, {40, 128}, true},
  };
  for (const Case& one : cases) {
    const ConvSpec spec{.out = one.wide,
                        .kernel = one.kernel,
                        .stride = one.stride,
                        .groups = one.wide,
                        .top = one.before,
                        .left = one.before,
                        .bottom = one.behind,
                        .right = one.behind,
                        .activation = Activation::kRelu6};
    const Drawn expand(numbers, one.channels, one.wide), project(numbers, one.wide, one.out);
    const Weight expanding = expand.packed(), projecting = project.packed();
    const Depthwise filter = drawn_filter(numbers, spec);
    const std::vector<float> input = numbers.numbers(one.size.height * one.size.width * one.channels);
    Block block;
    if (one.expands) block.expand = &expanding;
    block.expanded = Activation::kRelu6;
    block.depthwise = &filter;
    block.project = &projecting;
    const std::vector<double> expected =
        plainly(one.expands ? &expand : nullptr, filter, project, input, one.channels, one.size);
    std::vector<float> found(expected.size());
    run_block(block, input.data(), one.size, found.data());
    double difference = 0, largest = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      difference = std::max(difference, std::abs(expected[i] - static_cast<double>(found[i])));
      largest = std::max(largest, std::abs(expected[i]));
    }
    INFO(one.channels << " to " << one.wide << " to " << one.out << ", kernel " << one.kernel << ", stride "
                      << one.stride);
    CHECK(difference < 2e-4 * largest);  // two roundings to 14 or 15 bits, the first one carried through the filter
  }
}
