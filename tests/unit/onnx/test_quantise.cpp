#include "core/onnx/quantise.h"

#include <cmath>

#include "core/base/error.h"
#include "tests/support/catch.h"

using namespace ccx;

TEST_CASE("8-bit weights are unsigned around 128, a scale per output channel, transposed") {
  // Two output channels of three inputs.
  const std::vector<float> weight = {1.27f, -0.63f, 0.0f, 0.0f, -2.54f, 1.0f};
  const onnx::Int8Weight q = onnx::quantise_int8(weight, 2, 3);
  CHECK(q.scales == std::vector<float>{1.27f / 127, 2.54f / 127});
  CHECK(q.values == std::vector<uint8_t>{255, 128, 65, 1, 128, 178});
}

TEST_CASE("a channel of zeros stays zero in 8 and 4 bits") {
  const std::vector<float> weight(32, 0.0f);
  for (uint8_t value : onnx::quantise_int8(weight, 1, 32).values) CHECK(value == 128);
  for (int8_t value : quantise_int4(weight, 1, 32).values) CHECK(value == 0);
  for (int8_t value : quantise_int8_rows(weight, 1, 32).values) CHECK(value == 0);
}

TEST_CASE("4-bit weights restore values that the grid holds exactly, and stay within half a step otherwise") {
  std::vector<float> exact;
  for (int i = 0; i < 32; ++i) exact.push_back(0.5f * static_cast<float>(i % 16 - 8));  // -4 .. 3.5
  const Int4Weight q = quantise_int4(exact, 1, 32);
  REQUIRE(q.scales.size() == 1);
  for (size_t i = 0; i < exact.size(); ++i) CHECK(static_cast<float>(q.values[i]) * q.scales[0] == exact[i]);

  std::vector<float> wave;
  for (int i = 0; i < 40; ++i) wave.push_back(std::sin(static_cast<float>(i)));
  const Int4Weight w = quantise_int4(wave, 1, 40);
  CHECK(w.blocks == 2);  // the second holds 8 values
  for (size_t i = 0; i < wave.size(); ++i) {
    const float restored = static_cast<float>(w.values[i]) * w.scales[i / 32];
    // The largest are cut at 7 steps, by one step at most; the rest is rounded. 1 in 1000 for the float32 of both
    // sides.
    const bool may_be_cut = w.values[i] == 7 || w.values[i] == -8;
    CHECK(std::abs(restored - wave[i]) <= std::abs(w.scales[i / 32]) * (may_be_cut ? 1.001f : 0.501f));
  }
}

TEST_CASE("4-bit values are packed low half first, for MatMulNBits by channel and for int4 tensors transposed") {
  Int4Weight weight;
  weight.values = {-8, 7, 1, -1, 0, 2};  // two channels of three inputs
  weight.scales = {1, 1};
  weight.blocks = 1;
  const std::string nbits = onnx::pack_matmul_nbits(weight, 2, 3);
  REQUIRE(nbits.size() == 2 * 16);
  CHECK(static_cast<unsigned char>(nbits[0]) == 0xf0);   // 7 + 8 above -8 + 8
  CHECK(static_cast<unsigned char>(nbits[1]) == 0x89);   // padding is 8, a zero, above 1 + 8
  CHECK(static_cast<unsigned char>(nbits[16]) == 0x87);  // 0 + 8 above -1 + 8
  CHECK(static_cast<unsigned char>(nbits[17]) == 0x8a);
  const std::string int4 = onnx::pack_int4_transposed(weight, 2, 3);  // [3, 2]: -8 -1 | 7 0 | 1 2
  REQUIRE(int4.size() == 3);
  CHECK(static_cast<unsigned char>(int4[0]) == 0xf8);
  CHECK(static_cast<unsigned char>(int4[1]) == 0x07);
  CHECK(static_cast<unsigned char>(int4[2]) == 0x21);
}

TEST_CASE("a weight is transposed across tile borders") {
  std::vector<float> weight(40 * 33);
  for (size_t i = 0; i < weight.size(); ++i) weight[i] = static_cast<float>(i);
  const std::vector<float> turned = onnx::transposed(weight, 40, 33);
  for (size_t o = 0; o < 40; ++o) {
    for (size_t i = 0; i < 33; ++i) REQUIRE(turned[i * 40 + o] == weight[o * 33 + i]);
  }
}

TEST_CASE("a value beyond float16 is refused with the tensor's name, not stored as infinity") {
  const std::vector<float> values = {1.0f, 70000.0f};
  CHECK_THROWS_AS(onnx::float16_bytes(values, "model.norm.weight"), CheckpointError);
  CHECK_THROWS_WITH(onnx::float16_bytes(values, "model.norm.weight"), test::contains("model.norm.weight"));
}
