// Products with packed weights against LibTorch's own.
#include "core/torch/packed_products.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/torch/device.h"
#include "core/torch/random_weights.h"
#include "core/torch/torch_ops.h"
#include "tests/support/catch.h"

using namespace ccx;
using namespace ccx::torch_backend;

namespace {

// Sums in another order: a few of the last bits of the largest value.
bool close(const at::Tensor& a, const at::Tensor& b) {
  return a.sizes() == b.sizes() && (a - b).abs().max().item<float>() <= 2e-6f * (1 + b.abs().max().item<float>());
}

// The same numbers for every store; notes what it is told that nobody reads again.
class Numbers : public WeightSource {
 public:
  Numbers() {
    for (int i = 0; i < 16; ++i) values_.push_back(1.0f / static_cast<float>(3 + i));
  }
  bool has(const std::string&) const override { return true; }
  io::TensorView get(const std::string&) const override {
    return {io::DType::kF32, {4, 4}, reinterpret_cast<const std::byte*>(values_.data()), 64};
  }
  void release(const std::string& name) const override { released.push_back(name); }

  mutable std::vector<std::string> released;

 private:
  std::vector<float> values_;
};

}  // namespace

TEST_CASE("a packed product is LibTorch's, at every number of rows, with or without a bias, through either GELU") {
  const c10::InferenceMode guard;
  REQUIRE(can_pack());
  at::manual_seed(1);
  const at::Tensor weight = at::randn({48, 80});
  const at::Tensor bias = at::randn({48});
  const PackedWeight packed = pack_linear(weight);
  for (const int64_t rows : {1, 33, 256}) {
    const at::Tensor input = at::randn({2, rows, 80});
    const at::Tensor expected = at::linear(input, weight, bias);
    CHECK(close(packed_linear(input, packed, bias), expected));
    CHECK(close(packed_linear(input, packed, at::Tensor()), at::linear(input, weight)));
    CHECK(close(packed_linear(input, packed, bias, Gelu::kErf), at::gelu(expected, "none")));
    CHECK(close(packed_linear(input, packed, bias, Gelu::kTanh), at::gelu(expected, "tanh")));
    // A view that does not lie row by row.
    const at::Tensor turned = at::randn({2, 80, rows}).transpose(1, 2);
    CHECK(close(packed_linear(turned, packed, bias), at::linear(turned, weight, bias)));
  }
}

TEST_CASE("a packed convolution is LibTorch's: plain, strided, of one cell, depthwise, with each activation") {
  const c10::InferenceMode guard;
  at::manual_seed(2);
  struct Case {
    int64_t in, kernel, stride, groups, out;
  };
  for (const Case& c : {Case{3, 3, 2, 1, 32}, Case{24, 1, 1, 1, 40}, Case{48, 3, 1, 48, 48}, Case{48, 5, 2, 48, 48}}) {
    for (const Activation activation : {Activation::kNone, Activation::kRelu, Activation::kRelu6}) {
      CAPTURE(c.in, c.kernel, c.stride, c.groups, static_cast<int>(activation));
      const at::Tensor input = (at::randn({2, c.in, 20, 28}) * 3).contiguous(at::MemoryFormat::ChannelsLast);
      const at::Tensor weight = at::randn({c.out, c.in / c.groups, c.kernel, c.kernel});
      const at::Tensor bias = at::randn({c.out});
      const std::vector<int64_t> padding = {c.kernel / 2, c.kernel / 2};
      at::Tensor expected = at::conv2d(input, weight, bias, {c.stride, c.stride}, padding, {1, 1}, c.groups);
      if (activation != Activation::kNone) at::relu_(expected);
      if (activation == Activation::kRelu6) expected.clamp_max_(6);
      ConvSpec spec;
      spec.out = c.out;
      spec.kernel = c.kernel;
      spec.stride = c.stride;
      spec.groups = c.groups;
      spec.activation = activation;
      const at::Tensor packed = pack_convolution(weight, input.sizes(), padding, spec);
      CHECK(close(fused_convolution(input, packed, bias, padding, spec), expected));
      CHECK(close(fused_convolution(input, weight, bias, padding, spec), expected));
    }
  }
}

TEST_CASE("threads that share a packed weight get the same bits") {
  at::manual_seed(3);
  const PackedWeight packed = pack_linear(at::randn({128, 384}));
  const at::Tensor bias = at::randn({128});
  const at::Tensor input = at::randn({1, 300, 384});
  std::vector<at::Tensor> results(4);
  std::vector<std::thread> threads;
  for (at::Tensor& result : results) {
    threads.emplace_back([&] {
      const c10::InferenceMode guard;
      at::set_num_threads(1);
      for (int i = 0; i < 20; ++i) result = packed_linear(input, packed, bias);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const at::Tensor& result : results) CHECK(at::equal(result, results[0]));
}

TEST_CASE("bf16 products are the same with packed weights, to what bf16 keeps, at every number of rows") {
  const c10::InferenceMode guard;
  at::manual_seed(4);
  const at::Tensor weight = at::randn({96, 160}).to(at::kBFloat16);
  const at::Tensor bias = at::randn({96}).to(at::kBFloat16);
  const PackedWeight packed = pack_linear(weight);
  for (const int64_t rows : {1, 5, 200}) {
    const at::Tensor input = at::randn({1, rows, 160}).to(at::kBFloat16);
    const at::Tensor exact = at::linear(input.to(at::kFloat), weight.to(at::kFloat), bias.to(at::kFloat));
    for (const auto gelu : {std::optional<Gelu>(), std::optional(Gelu::kErf)}) {
      const at::Tensor expected = gelu ? at::gelu(exact) : exact;
      const at::Tensor found = packed_linear(input, packed, bias, gelu);
      CHECK(found.scalar_type() == at::kBFloat16);
      // Rounded once: to 8 bits of the largest value.
      CHECK((found.to(at::kFloat) - expected).abs().max().item<float>() < expected.abs().max().item<float>() / 256);
    }
  }
}

TEST_CASE("branches of one input are the products by themselves, a decoding step's and a prompt's, in either format") {
  const c10::InferenceMode guard;
  const RandomWeights weights(
      {{"model.layers.0.a.weight", {96, 64}}, {"model.layers.0.a.bias", {96}}, {"model.layers.0.b.weight", {70, 64}}},
      7);
  const Scope scope("model.layers.0");
  at::manual_seed(5);
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    WeightStore store(weights, at::kCPU, type);
    store.allow_packing();
    TorchOps ops(store, at::kCPU, type);
    for (const auto& [rows, steps] : {std::pair<int64_t, int64_t>{1, 1}, {5, 1}, {1, 40}}) {
      CAPTURE(at::toString(type), rows, steps);
      const Tensor x = wrap(at::randn({rows, steps, 64}).to(type));
      const auto both = ops.branches(x, {{scope / "a", 96, Bias::kAdd}, {scope / "b", 70, Bias::kNone}});
      REQUIRE(both.size() == 2);
      CHECK(at::equal(unwrap(both[0]), unwrap(ops.linear(x, scope / "a", 96, Bias::kAdd, 0))));
      CHECK(at::equal(unwrap(both[1]), unwrap(ops.linear(x, scope / "b", 70, Bias::kNone, 0))));
    }
  }
}

TEST_CASE("a step's attention, norm, rotation and gate are what they are where gradients are kept") {
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    const RandomWeights weights({{"norm.weight", {64}}}, 7);
    WeightStore store(weights, at::kCPU, type);
    at::manual_seed(6);
    const Tensor x = wrap(at::randn({2, 1, 64}).to(type)), y = wrap(at::randn({2, 1, 64}).to(type));
    const Tensor k = wrap(at::randn({2, 19, 32}).to(type)), v = wrap(at::randn({2, 19, 32}).to(type));
    const auto all = [&] {
      TorchOps ops(store, at::kCPU, type);
      AttentionSpec spec;
      spec.heads = 4;
      spec.kv_heads = 2;
      const Tensor positions = ops.from_ints({11}, {1, 1});
      return std::vector<Tensor>{ops.attention(x, k, v, spec), ops.rms_norm(x, Scope("norm"), 1e-6f),
                                 ops.rotary(x, positions, 4, 1e6f), ops.gated(x, y)};
    };
    std::vector<Tensor> ours, theirs;
    {
      const c10::InferenceMode guard;
      ours = all();
    }
    theirs = all();  // gradients on: LibTorch's own operations
    for (size_t i = 0; i < ours.size(); ++i) {
      CAPTURE(at::toString(type), i);
      const at::Tensor a = unwrap(ours[i]).to(at::kFloat), b = unwrap(theirs[i]).to(at::kFloat);
      REQUIRE(a.sizes() == b.sizes());
      // float32: the order of sums. bfloat16: LibTorch rounds in between as well, two or three steps of 8 bits.
      const float bound = type == at::kFloat ? 2e-6f : 0.012f;
      CHECK((a - b).abs().max().item<float>() <= bound * (1 + b.abs().max().item<float>()));
    }
  }
}

TEST_CASE(
    "attention of many positions in bfloat16 is what float32 gives, rounded: grouped, causal behind a cache, odd "
    "sizes") {
  const c10::InferenceMode guard;
  struct Case {
    int64_t batch, heads, kv_heads, queries, keys, width;
    Mask mask;
  };
  for (const Case& c : {Case{2, 4, 2, 70, 70, 64, Mask::kCausal}, Case{1, 3, 1, 37, 150, 16, Mask::kCausal},
                        Case{2, 3, 3, 5, 7, 6, Mask::kNone}, Case{1, 2, 2, 90, 131, 72, Mask::kNone},
                        Case{1, 2, 1, 20, 40, 128, Mask::kNone}, Case{1, 1, 1, 17, 65, 48, Mask::kCausal}}) {
    CAPTURE(c.batch, c.heads, c.kv_heads, c.queries, c.keys, c.width, static_cast<int>(c.mask));
    const RandomWeights none({}, 1);
    WeightStore store(none, at::kCPU, at::kBFloat16);
    TorchOps ops(store, at::kCPU, at::kBFloat16);
    at::manual_seed(9);
    const at::Tensor q = at::randn({c.batch, c.queries, c.heads * c.width}).to(at::kBFloat16);
    const at::Tensor k = at::randn({c.batch, c.keys, c.kv_heads * c.width}).to(at::kBFloat16);
    const at::Tensor v = at::randn({c.batch, c.keys, c.kv_heads * c.width}).to(at::kBFloat16);
    AttentionSpec spec;
    spec.heads = static_cast<int>(c.heads);
    spec.kv_heads = static_cast<int>(c.kv_heads);
    spec.mask = c.mask;
    const at::Tensor found = unwrap(ops.attention(wrap(q), wrap(k), wrap(v), spec)).to(at::kFloat);

    const auto heads = [&](const at::Tensor& x, int64_t count) {
      return x.to(at::kFloat)
          .view({c.batch, x.size(1), count, c.width})
          .transpose(1, 2)
          .repeat_interleave(c.heads / count, 1);
    };
    at::Tensor mask = at::zeros({c.queries, c.keys});
    if (c.mask == Mask::kCausal) {
      mask = at::triu(at::full({c.queries, c.keys}, -std::numeric_limits<float>::infinity()), c.keys - c.queries + 1);
    }
    const at::Tensor scores =
        at::matmul(heads(q, c.heads), heads(k, c.kv_heads).transpose(2, 3)) / std::sqrt(static_cast<double>(c.width));
    const at::Tensor exact = at::matmul(at::softmax(scores + mask, -1), heads(v, c.kv_heads))
                                 .transpose(1, 2)
                                 .reshape({c.batch, c.queries, c.heads * c.width});
    REQUIRE(found.sizes() == exact.sizes());
    // Weights and results have 8 bits.
    CHECK((found - exact).abs().max().item<float>() < exact.abs().max().item<float>() / 128);
  }
}

TEST_CASE("what is packed: in bf16 where it is multiplied, in fp32 what pays, but not what gives the words") {
  const Processor none;
  const Processor bf16{.multiplies_bf16 = true};
  const Processor amx{.multiplies_bf16 = true, .has_amx = true};
  const auto product = [](at::ScalarType type, int64_t rows, bool decodes) {
    return Product{type, rows, 1152, 1152, decodes};
  };
  CHECK(pays_to_pack(product(at::kBFloat16, 1458, false), bf16));
  CHECK(pays_to_pack(product(at::kBFloat16, 2916, false), bf16));
  CHECK(pays_to_pack(product(at::kBFloat16, 1, true), bf16));
  CHECK_FALSE(pays_to_pack(product(at::kBFloat16, 1458, false), none));
  CHECK(pays_to_pack(product(at::kBFloat16, 1458, false), amx));
  CHECK_FALSE(pays_to_pack(product(at::kBFloat16, 2916, false), amx));
  // One answer for a weight, or it would be kept twice.
  CHECK(pays_to_pack(product(at::kBFloat16, 2916, true), amx));
  for (const Processor& any : {none, bf16, amx}) {
    CHECK(pays_to_pack(product(at::kFloat, 1458, false), any));
    // One answer for a prompt's and a step's rows. What gives the words is read by few rows alone, and is a table too.
    for (const int64_t rows : {1, 8, 1458}) {
      CHECK(pays_to_pack(product(at::kFloat, rows, true), any));
      CHECK_FALSE(pays_to_pack({at::kFloat, rows, 192, 192, true}, any));
      CHECK_FALSE(pays_to_pack({at::kFloat, rows, 896, 151'646, true, /*gives_words=*/true}, any));
    }
    CHECK_FALSE(pays_to_pack(product(at::kFloat, 1, false), any));
    CHECK_FALSE(pays_to_pack({at::kFloat, 49, 192, 192, false}, any));
  }
}

TEST_CASE("a step's rows of a packed float32 weight are the same bits in any batch") {
  const c10::InferenceMode guard;
  at::manual_seed(8);
  const at::Tensor weight = at::randn({300, 280});
  const Product product{.dtype = at::kFloat, .rows = 100, .in = 280, .out = 300, .decodes = true};
  const PackedWeight packed = pack_where_it_pays(weight, product);
  if (!packed.layout.defined()) SUCCEED("oneDNN lays it out in no way that a step's kernel reads: it stays plain");
  const at::Tensor steps = at::randn({40, 1, 280});
  const auto multiply = [&](const at::Tensor& input) {
    return packed.layout.defined() ? packed_linear(input, packed, at::Tensor())
                                   : plain_product(input, weight, at::Tensor());
  };
  const at::Tensor together = multiply(steps);
  CHECK(close(together, at::linear(steps, weight)));
  for (const int64_t count : {1, 3, 17}) {
    CHECK(at::equal(multiply(steps.narrow(0, 20, count)), together.narrow(0, 20, count)));
  }
}

TEST_CASE("a weight whose layout is not wanted stays plain, and is asked for once") {
  const c10::InferenceMode guard;
  const Numbers numbers;
  WeightStore store(numbers, at::kCPU, at::kFloat);
  store.allow_packing();
  int packings = 0;
  const auto pack = [&](const at::Tensor&) {
    ++packings;
    return PackedWeight{};
  };
  CHECK_FALSE(store.packed("w", {4, 4}, "", pack).layout.defined());
  CHECK_FALSE(store.packed("w", {4, 4}, "", pack).layout.defined());
  CHECK(packings == 1);
  CHECK(store.bytes() == 0);
  CHECK(store.get("w", {4, 4}).defined());
}

TEST_CASE("auto is bf16 for a large model on a processor that multiplies it, else fp32") {
  const Processor plain;
  const Processor fast{.multiplies_bf16 = true};
  CHECK(resolve_dtype("auto", at::kCPU, /*large=*/true, fast) == at::kBFloat16);
  CHECK(resolve_dtype("auto", at::kCPU, /*large=*/true, plain) == at::kFloat);
  CHECK(resolve_dtype("auto", at::kCPU, /*large=*/false, fast) == at::kFloat);
  CHECK(resolve_dtype("fp32", at::kCPU, /*large=*/true, fast) == at::kFloat);
  CHECK(resolve_dtype("bf16", at::kCPU, /*large=*/false, plain) == at::kBFloat16);
  CHECK(resolve_dtype("auto", at::kCUDA, /*large=*/false, plain) == at::kBFloat16);
}

TEST_CASE("of a packed weight nothing else stays: the source is told, and it can be had again") {
  const c10::InferenceMode guard;
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    const Numbers numbers;
    WeightStore store(numbers, at::kCPU, type);
    CHECK_FALSE(store.packs());
    store.allow_packing();
    REQUIRE(store.packs());
    const at::Tensor first = store.get("w", {4, 4});
    const size_t one = store.bytes();
    numbers.released.clear();
    int packings = 0;
    const auto pack = [&](const at::Tensor& weight) {
      ++packings;
      return PackedWeight{weight.clone(), {}};
    };
    const at::Tensor packed = store.packed("w", {4, 4}, "", pack).layout;
    CHECK(at::equal(packed, first));
    CHECK(store.bytes() == one);
    CHECK(numbers.released == std::vector<std::string>{"w"});
    CHECK(store.packed("w", {4, 4}, "", pack).layout.data_ptr() == packed.data_ptr());
    CHECK(packings == 1);
    CHECK(at::equal(store.get("w", {4, 4}), first));
  }
}

TEST_CASE("rows of a table are those of the table as it is kept, in either number format") {
  const c10::InferenceMode guard;
  const Numbers numbers;
  const at::Tensor ids = at::tensor({2, 0}, at::kLong);
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    WeightStore kept(numbers, at::kCPU, type);
    WeightStore packing(numbers, at::kCPU, type);
    packing.allow_packing();
    packing.get("w", {4, 4});
    const at::Tensor rows = packing.rows("w", {4, 4}, ids);
    CHECK(rows.scalar_type() == type);
    CHECK(at::equal(rows, kept.rows("w", {4, 4}, ids)));
    // Where the head is packed, the table is left in the source.
    const bool leaves = type == at::kBFloat16 && this_processor().multiplies_bf16;
    CHECK(packing.bytes() == (leaves ? 0 : kept.bytes()));
  }
}
