// Products with weights of 8 and 4 bits against the sums they stand for.
#include "core/torch/byte_panels.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "tests/support/catch.h"

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

}  // namespace

TEST_CASE("a product with 8 or 4 bits is its sum: to float32's rounding, or to that of 8-bit activations") {
  constexpr int64_t kOut = 150;
  uint32_t seed = 1;
  for (const int bits : {8, 4}) {
    for (const int64_t in : {5, 64, 130, 896}) {
      for (const int64_t rows : {1, 5}) {
        CAPTURE(bits, in, rows);
        const int64_t blocks = (in + kNibbleBlock - 1) / kNibbleBlock;
        std::vector<int8_t> values(static_cast<size_t>(kOut * in));
        std::vector<float> scales(static_cast<size_t>(bits == 8 ? kOut : kOut * blocks)), bias(kOut);
        std::vector<float> x(static_cast<size_t>(rows * in)), widened(static_cast<size_t>(rows * kOut)), bytes(widened);
        for (int8_t& value : values) {
          const float any = number(seed);
          value = static_cast<int8_t>(bits == 8 ? std::lround(any * 127) : std::clamp(std::lround(any * 8), -8L, 7L));
        }
        for (float& scale : scales) scale = 0.01f + 0.005f * number(seed);
        for (float& value : x) value = number(seed);
        for (float& value : bias) value = number(seed);
        const BytePanels panels =
            bits == 8 ? byte_panels(values, scales, kOut, in) : nibble_panels(values, scales, kOut, in);
        byte_product(x.data(), rows, panels, bias.data(), widened.data(), two_parts, /*exact=*/true);
        if (multiplies_bytes()) byte_product(x.data(), rows, panels, bias.data(), bytes.data(), two_parts, false);
        for (int64_t m = 0; m < rows; ++m) {
          for (int64_t n = 0; n < kOut; ++n) {
            double sum = bias[static_cast<size_t>(n)], weights = 0;
            for (int64_t k = 0; k < in; ++k) {
              const double scale = scales[static_cast<size_t>(bits == 8 ? n : n * blocks + k / kNibbleBlock)];
              const double weight = scale * values[static_cast<size_t>(n * in + k)];
              sum += weight * x[static_cast<size_t>(m * in + k)];
              weights += std::abs(weight);
            }
            const auto place = static_cast<size_t>(m * kOut + n);
            REQUIRE(std::abs(widened[place] - sum) < 1e-6 * (1 + weights));
            // Half a step of 1/127 of the largest activation, at most 1, for each.
            if (multiplies_bytes()) REQUIRE(std::abs(bytes[place] - sum) < weights * 0.5 / 127 + 1e-4);
          }
        }
      }
    }
  }
}
