// Products with weights of 8 and 4 bits on LibTorch against its own of the numbers that they stand for, and weights of
// few bits in a store.
#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <map>
#include <string>

#include "core/base/error.h"
#include "core/torch/byte_rows.h"
#include "core/torch/device.h"
#include "core/torch/quantised_products.h"
#include "core/torch/torch_ops.h"
#include "tests/support/catch.h"

using namespace ccx;
using namespace ccx::torch_backend;

namespace {

at::Tensor random(at::IntArrayRef shape, uint64_t seed) {
  at::manual_seed(seed);
  return at::randn(shape);
}

// The largest distance of two tensors, as a part of the larger one's largest number.
float distance(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor left = a.to(at::kFloat), right = b.to(at::kFloat);
  return ((left - right).abs().max() / right.abs().max()).item<float>();
}

}  // namespace

TEST_CASE("a product with 8 or 4 bits is LibTorch's with the numbers that the weight stands for") {
  const c10::InferenceMode guard;
  for (const int bits : {8, 4}) {
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
      const QuantisedWeight weight = quantised(random({70, 96}, 1) * 0.05, bits);
      const at::Tensor numbers = dequantised(weight, 70, at::kFloat), bias = random({70}, 2).to(type);
      for (const int64_t count : {1, 9, 200}) {
        for (const int64_t rows : {70, 33}) {
          CAPTURE(bits, type, count, rows);
          const at::Tensor x = random({count, 1, 96}, 3).to(type), offset = bias.narrow(0, 0, rows);
          const at::Tensor wanted =
              at::gelu(at::linear(x.to(at::kFloat), numbers.narrow(0, 0, rows), offset.to(at::kFloat)), "tanh");
          const at::Tensor found = quantised_linear(x, weight, offset, rows, Gelu::kTanh);
          REQUIRE(found.sizes() == wanted.sizes());
          CHECK(found.scalar_type() == type);
          // Where bytes are multiplied an activation is a 127th of the largest off by half; elsewhere the weight is
          // rounded to the type. Largest seen 0.006.
          CHECK(distance(found, wanted) < 0.015f);
        }
      }
    }
  }
}

TEST_CASE("with 8 bits a position's product is the same bits among few and among many") {
  if (!multiplies_bytes()) SUCCEED("without byte products many positions are LibTorch's, of another order");
  const c10::InferenceMode guard;
  const QuantisedWeight weight = quantised(random({48, 200}, 1), 8);
  const at::Tensor x = random({100, 200}, 2), bias = random({48}, 3);
  const at::Tensor many = quantised_linear(x, weight, bias, 48);
  if (multiplies_bytes())
    CHECK(at::equal(many.narrow(0, 60, 3), quantised_linear(x.narrow(0, 60, 3), weight, bias, 48)));
}

TEST_CASE("rows of a table of 8 bits are those of the numbers it stands for") {
  const c10::InferenceMode guard;
  const QuantisedWeight table = quantised(random({30, 24}, 1), 8);
  const at::Tensor ids = at::tensor({7, 29, 0, 7}, at::kLong).view({2, 2});
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    const at::Tensor rows = quantised_rows(table, ids, type);
    CHECK(at::equal(rows, at::embedding(dequantised(table, 30, type), ids)));
  }
}

TEST_CASE("a store keeps the weights that it is told in few bits, and no other of them") {
  class Numbers : public WeightSource {
   public:
    bool has(const std::string&) const override { return true; }
    io::TensorView get(const std::string&) const override {
      return {io::DType::kF32, {8, 64}, reinterpret_cast<const std::byte*>(values.data()), values.size() * 4};
    }
    void release(const std::string& name) const override { ++released[name]; }
    std::vector<float> values = std::vector<float>(8 * 64, 0.25f);
    mutable std::map<std::string, int> released;
  };
  const c10::InferenceMode guard;
  const Numbers source;
  WeightStore store(source, at::kCPU, at::kFloat, {{"few", 4}});
  CHECK(store.quantised("plain", {8, 64}) == nullptr);
  const QuantisedWeight* few = store.quantised("few", {8, 64});
  REQUIRE(few != nullptr);
  CHECK(few->bits == 4);
  CHECK(store.quantised("few", {8, 64}) == few);
  CHECK(source.released["few"] == 1);
  CHECK(store.bytes() == few->nbytes());
  CHECK(few->nbytes() == 8 * 32 + 8 * 2 * 4);
  CHECK_THROWS_AS(WeightStore(source, at::kCPU, at::kFloat, {{"few", 8}}).quantised("few", {8, 32}), CheckpointError);
}

TEST_CASE("auto takes the bits that a checkpoint has, more are not made of fewer, and a GPU takes none") {
  const Processor fast{.multiplies_bf16 = true};
  const auto format = [&](const char* name, const FormatCase& of) { return resolve_format(name, of, fast); };
  CHECK(format_name(format("auto", {.stored_bits = 4})) == "int4");
  CHECK(format_name(format("auto", {.stored_bits = 0})) == "fp32");
  CHECK(format_name(format("int8", {.large = true})) == "int8");
  CHECK(format("int8", {.large = true}).compute == at::kBFloat16);
  CHECK(format("int8", {.large = false}).compute == at::kFloat);
  CHECK(format_name(format("int8", {.stored_bits = 4})) == "int4");
  CHECK(format_name(format("fp32", {.stored_bits = 4})) == "fp32");
  CHECK(format_name(format("auto", {.device = at::kCUDA, .stored_bits = 8})) == "bf16");
  CHECK_THROWS_AS(format("int4", {.stored_bits = 8}), UsageError);
  CHECK_THROWS_AS(format("int8", {.device = at::kCUDA}), UsageError);
  CHECK_THROWS_AS(format("int3", {}), UsageError);
}
