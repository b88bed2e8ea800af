// The backend without a library: what lies pixel by pixel is read and written plane by plane, and its weights come from
// a graph that names them.
#include <cstring>
#include <memory>

#include "core/base/error.h"
#include "core/lean/exported_tensors.h"
#include "core/lean/lean_ops.h"
#include "tests/support/catch.h"

using namespace ccx;
using namespace ccx::lean;

namespace {

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value > 127; value >>= 7) bytes += static_cast<char>((value & 127) | 128);
  return bytes + static_cast<char>(value);
}
std::string field(int number, const std::string& content) {
  return varint(static_cast<std::uint64_t>(number) << 3 | 2) + varint(content.size()) + content;
}
std::string field(int number, std::uint64_t value) {
  return varint(static_cast<std::uint64_t>(number) << 3) + varint(value);
}

std::string floats(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

// TensorProto; type 1 is float32, 2 uint8, 3 int8.
std::string tensor(const std::string& name, std::uint64_t type, const Shape& shape, const std::string& bytes) {
  std::string message;
  for (const std::int64_t size : shape) message += field(1, static_cast<std::uint64_t>(size));
  return message + field(2, type) + field(8, name) + field(9, bytes);
}
std::string outside(const std::string& name, const Shape& shape, const std::string& offset, const std::string& length) {
  std::string message = field(1, static_cast<std::uint64_t>(shape[0])) + field(2, 1) + field(8, name);
  const std::pair<std::string, std::string> entries[] = {{"location", "w.bin"}, {"offset", offset}, {"length", length}};
  for (const auto& [key, value] : entries) message += field(13, field(1, key) + field(2, value));
  return message;
}
std::string graph(const std::vector<std::string>& tensors) {
  std::string inner;
  for (const std::string& one : tensors) inner += field(5, one);
  return field(1, 10) + field(7, inner);
}

const std::string kFile = floats({9, 9, 1.5f, 2.5f});
std::string from_file(const std::string& file, std::uint64_t offset, std::size_t bytes) {
  return file == "w.bin" && offset <= kFile.size() ? kFile.substr(offset, bytes) : std::string();
}

ExportedTensors tensors(const std::vector<std::string>& list) {
  return ExportedTensors(graph(list), from_file);
}
LeanOps with(const ExportedTensors& exported) {
  return LeanOps(std::make_shared<const ExportedTensors>(exported));
}
LeanOps without_weights() {
  return with(tensors({tensor("none", 1, {1}, floats({0}))}));
}
// A map [1, 1, 2, 2] of four numbers.
Tensor square(const std::vector<float>& values) {
  return LeanOps::map({1, 1, 2, 2}, {values.begin(), values.end()});
}

}  // namespace

TEST_CASE("tensors of a graph are found inside it and in the file beside it") {
  const ExportedTensors all = tensors({tensor("small", 1, {2}, floats({3, 4})), outside("large", {2}, "8", "8"),
                                       tensor("bytes", 3, {3}, std::string("\x01\xff\x7f", 3))});
  CHECK(all.floats("small", 2) == std::vector<float>{3, 4});
  CHECK(all.floats("large", 2) == std::vector<float>{1.5f, 2.5f});
  CHECK(all.get("bytes").type == Stored::kInt8);
  CHECK(all.get("bytes").shape == Shape{3});
  CHECK_FALSE(all.has("other"));
}

TEST_CASE("a graph that is damaged, or whose tensors are not what is asked for, is refused in words") {
  CHECK_THROWS_AS(ExportedTensors("no graph at all", from_file), InputError);
  const std::string whole = graph({tensor("small", 1, {2}, floats({3, 4}))});
  for (std::size_t cut = 1; cut < whole.size(); ++cut) {
    INFO(cut);
    CHECK_THROWS_AS(ExportedTensors(whole.substr(0, cut), from_file), InputError);
  }
  const ExportedTensors all = tensors({tensor("short", 1, {3}, floats({3, 4})), outside("beyond", {2}, "12", "8"),
                                       tensor("ids", 7, {1}, std::string(8, '\0'))});
  CHECK_THROWS_AS(all.get("none"), InputError);
  CHECK_THROWS_AS(all.get("short"), InputError);
  CHECK_THROWS_AS(all.get("beyond"), InputError);
  CHECK_THROWS_AS(all.get("ids"), InputError);
  CHECK_THROWS_AS(all.floats("short", 3), InputError);
}

TEST_CASE("images go in plane by plane and maps come out so, in between they lie pixel by pixel") {
  std::vector<float> image(12);
  for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<float>(i);
  const Tensor x = LeanOps::input({image}, 2);
  CHECK(x.shape() == Shape{1, 3, 2, 2});
  CHECK(LeanOps::pixels(x) == Numbers{0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11});
  CHECK(LeanOps::output(x) == image);
  LeanOps ops = without_weights();
  const Numbers& pixels = LeanOps::pixels(x);
  CHECK(LeanOps::output(ops.to_tokens(x)) == std::vector<float>(pixels.begin(), pixels.end()));
  CHECK(LeanOps::output(ops.to_map(ops.to_tokens(x), 2, 2)) == image);
}

TEST_CASE("a convolution reads its 8-bit kernel, with zeros around the map") {
  // One input, two outputs: the sum of the neighbourhood, and twice its centre less one.
  std::string kernels(9, '\x01');
  kernels += std::string(4, '\0') + '\x04' + std::string(4, '\0');
  const ExportedTensors exported =
      tensors({tensor("c.weight", 3, {2, 1, 3, 3}, kernels), tensor("c.weight_scale", 1, {2}, floats({1, 0.5f})),
               tensor("c.bias", 1, {2}, floats({0, -1}))});
  LeanOps ops = with(exported);
  const ConvSpec spec{.out = 2, .kernel = 3, .top = 1, .left = 1, .bottom = 1, .right = 1};
  const std::vector<float> y = LeanOps::output(ops.conv2d(square({1, 2, 3, 4}), Scope("c"), spec));
  const std::vector<float> expected = {10, 10, 10, 10, 1, 3, 5, 7};
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(y[i] == Approx(expected[i]).margin(1e-3));
  CHECK_THROWS_AS(with(exported).conv2d(LeanOps::map({1, 2, 1, 1}, {1, 2}), Scope("c"), spec), InputError);
}

TEST_CASE("linear layers read 8 bits around 128, or float32") {
  LeanOps ops =
      with(tensors({tensor("a.weight", 2, {2, 1}, "\x82\x7f"), tensor("a.weight_scale", 1, {1}, floats({0.5f})),
                    tensor("a.bias", 1, {1}, floats({1})), tensor("b.weight", 1, {2, 1}, floats({2, -3})),
                    tensor("b.bias", 1, {1}, floats({0.25f}))}));
  const Tensor x = ops.to_tokens(LeanOps::map({1, 2, 1, 1}, {4, 2}));
  CHECK(LeanOps::output(ops.linear(x, Scope("a"), 1, Bias::kAdd, 0))[0] == Approx(1 + 4 - 1).margin(1e-3));
  CHECK(LeanOps::output(ops.linear(x, Scope("b"), 1, Bias::kAdd, 0))[0] == Approx(0.25 + 8 - 6));
}

TEST_CASE("the first rows of a weight are what `rows` asks for, whatever was asked before") {
  const std::vector<float> table = {1, 0, 0, 0, 0, 2, 0, 0, 1, 1, 1, 1};  // of three tokens; config.json pads to four
  LeanOps ops = with(
      tensors({tensor("model.embed_tokens.weight", 1, {3, 4}, floats(table)), tensor("a.weight", 2, {1, 2}, "\x82\x7f"),
               tensor("a.weight_scale", 1, {2}, floats({1, 1})), tensor("a.bias", 1, {2}, floats({1, 0})),
               tensor("b.weight", 1, {1, 2}, floats({2, -3})), tensor("b.bias", 1, {2}, floats({0.5f, 0}))}));
  const Tensor x = LeanOps::tokens({1, 1, 4}, {3, 4, 5, 6});
  const auto logits = [&](std::int64_t out, std::int64_t rows) {
    return LeanOps::output(ops.linear(x, Scope("model.embed_tokens"), out, Bias::kNone, rows));
  };
  CHECK(logits(4, 2) == std::vector<float>{3, 8});
  CHECK(logits(4, 3) == std::vector<float>{3, 8, 18});
  CHECK(logits(3, 0) == std::vector<float>{3, 8, 18});
  CHECK(logits(3, 7) == std::vector<float>{3, 8, 18});
  CHECK(logits(4, 1) == std::vector<float>{3});
  CHECK_THROWS_AS(logits(4, 0), InputError);  // a row that the export does not have
  const Tensor one = LeanOps::tokens({1, 1, 1}, {4});
  for (const char* name : {"a", "b"}) {
    INFO(name);
    const Tensor first = ops.linear(one, Scope(name), 2, Bias::kAdd, 1);
    CHECK(first.shape() == Shape{1, 1, 1});
    const float expected = name[0] == 'a' ? 1 + 8 : 0.5f + 8;
    CHECK(LeanOps::output(first)[0] == Approx(expected).margin(1e-2));
    CHECK(ops.linear(one, Scope(name), 2, Bias::kAdd, 5).shape() == Shape{1, 1, 2});
  }
  CHECK_THROWS_AS(ops.linear(one, Scope("a"), 3, Bias::kAdd, 0), std::logic_error);
  CHECK_THROWS_AS(ops.linear(one, Scope("b"), 3, Bias::kAdd, 0), InputError);
}

TEST_CASE("maps are doubled between their cells' centres, and pooled") {
  LeanOps ops = without_weights();
  const std::vector<float> doubled = LeanOps::output(ops.upsample(square({0, 4, 8, 12})));
  CHECK(doubled == std::vector<float>{0, 1, 3, 4, 2, 3, 5, 6, 6, 7, 9, 10, 8, 9, 11, 12});
  CHECK(LeanOps::output(ops.average_pool(square({1, 2, 3, 6}), 2)) == std::vector<float>{3});
  CHECK(LeanOps::output(ops.max_pool(square({1, 2, 3, 6}), 2)) == std::vector<float>{6});
}

TEST_CASE("channels are joined, cut, weighed against each other, and broadcast over") {
  LeanOps ops = without_weights();
  const Tensor both = ops.concat({square({0, 1, 2, 3}), square({4, 5, 6, 7})}, 1);
  CHECK(LeanOps::output(both) == std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(LeanOps::output(ops.slice(both, 1, 1, 1)) == std::vector<float>{4, 5, 6, 7});
  CHECK(LeanOps::output(ops.softmax(both, 1))[0] == Approx(1 / (1 + std::exp(4.0))));
  const Tensor scale = ops.constant("scale", {1, 2, 1, 1}, [] { return std::vector<float>{1, 10}; });
  CHECK(LeanOps::output(ops.mul(both, scale)) == std::vector<float>{0, 1, 2, 3, 40, 50, 60, 70});
  const Tensor one = ops.constant("one", {1}, [] { return std::vector<float>{1}; });
  CHECK(LeanOps::output(ops.sub(one, square({0, 1, 2, 3}))) == std::vector<float>{1, 0, -1, -2});
  const Tensor tokens = ops.to_tokens(both);
  CHECK(LeanOps::output(ops.mean(tokens, 1)) == std::vector<float>{1.5f, 5.5f});
  CHECK(LeanOps::output(ops.max(tokens, 1)) == std::vector<float>{3, 7});
}

TEST_CASE("what a convolutional vision graph has no use for is refused") {
  LeanOps ops = without_weights();
  CHECK_THROWS_AS(ops.layer_norm(square({0, 1, 2, 3}), Scope("n"), 1e-6f), std::logic_error);
  CHECK_THROWS_AS(ops.split_pairs(square({0, 1, 2, 3})), std::logic_error);
}
