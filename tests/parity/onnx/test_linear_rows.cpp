// linear() with `rows` means the first rows of the weight, as ops.h has it: in an exported graph too, from the weight
// itself and from a table of rows.
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/onnx/onnx_ops.h"
#include "tests/support/catch.h"
#include "tests/support/needs.h"
#include "tests/support/paths.h"
#include "tests/support/python.h"

using namespace ccx;

namespace {

constexpr int64_t kOut = 5;
constexpr int64_t kIn = 4;

// layer.weight [5, 4] counts upwards by tenths, layer.bias [5] by ones.
class Layer : public WeightSource {
 public:
  Layer() {
    for (size_t i = 0; i < weight_.size(); ++i) weight_[i] = 0.1f * static_cast<float>(i);
    for (size_t i = 0; i < bias_.size(); ++i) bias_[i] = static_cast<float>(i);
  }
  bool has(const std::string&) const override { return true; }
  io::TensorView get(const std::string& name) const override {
    const bool bias = name == "layer.bias";
    const std::span<const float> values = bias ? std::span<const float>(bias_) : std::span<const float>(weight_);
    return {io::DType::kF32, bias ? Shape{kOut} : Shape{kOut, kIn}, reinterpret_cast<const std::byte*>(values.data()),
            values.size_bytes()};
  }

 private:
  std::array<float, kOut * kIn> weight_;
  std::array<float, kOut> bias_;
};

// linear() of the row 1, 2, 3, 4, with the weight's first `table_rows` rows in a table where that is above 0.
std::vector<float> run(onnx::Product product, Bias bias, int64_t rows, int64_t table_rows) {
  const test::TempDir dir;
  const Layer layer;
  onnx::Graph graph("layer");
  onnx::DataFiles files(dir.path(), "layer", 1 << 20);
  onnx::Weights weights(layer, graph, files, onnx::ElementType::kFloat);
  const onnx::Dialect dialect;
  onnx::OnnxOps ops(graph, weights, dialect, product);
  const Scope scope("layer");
  if (table_rows > 0) {
    ops.set_table(scope.weight(), onnx::write_row_table(layer, scope.weight(), table_rows, onnx::ElementType::kFloat,
                                                        files, 2 * kIn * 4));  // in pieces of two rows
  }
  const Tensor x = ops.input("x", onnx::ElementType::kFloat, {"batch", 1, kIn});
  const Tensor y = ops.linear(x, scope, kOut, bias, rows);
  REQUIRE(y.size(-1) == (rows > 0 ? rows : kOut));
  ops.output("y", y, {"batch", 1, y.size(-1)});
  onnx::write_hashed(dir.path(), "layer.onnx", graph.serialise(dialect.opset, {}));
  files.finish();
  const test::ProcessResult result =
      test::run_python("support/onnx/run_graph.py", test::quoted((dir / "layer.onnx").string()) + " '[[[1,2,3,4]]]'");
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  return nlohmann::json::parse(result.out).get<std::vector<float>>();
}

// Row r of the weight is 0.4 r + (0, 0.1, 0.2, 0.3), so that its product with 1, 2, 3, 4 is 4 r + 2.
void check(const std::vector<float>& got, Bias bias, int64_t rows, float tolerance) {
  REQUIRE(got.size() == static_cast<size_t>(rows));
  for (size_t r = 0; r < got.size(); ++r) {
    const float row = static_cast<float>(r);
    CHECK(std::abs(got[r] - (4 * row + 2 + (bias == Bias::kAdd ? row : 0))) <= tolerance);
  }
}

}  // namespace

TEST_CASE("an exported layer of which rows are asked gives the first of them, in every kind of product") {
  test::needs_python("numpy, onnxruntime");
  for (const Bias bias : {Bias::kNone, Bias::kAdd}) {
    for (const int64_t rows : {int64_t{0}, int64_t{3}, kOut}) {
      CAPTURE(bias, rows);
      const int64_t asked = rows > 0 ? rows : kOut;
      // Sums of four products of exact order: float32 rounds their last bits.
      check(run(onnx::Product::kFloat, bias, rows, 0), bias, asked, 1e-5f);
      // Half a step of 1/127 of the largest activation and of 1/127 of a row's largest weight, four times.
      check(run(onnx::Product::kDynamicInt8, bias, rows, 0), bias, asked, 0.2f);
    }
  }
}

TEST_CASE("an exported layer whose rows lie in a table reads no others, and fewer where fewer are asked") {
  test::needs_python("numpy, onnxruntime");
  check(run(onnx::Product::kFloat, Bias::kNone, 3, 3), Bias::kNone, 3, 1e-5f);
  check(run(onnx::Product::kFloat, Bias::kAdd, 3, kOut), Bias::kAdd, 3, 1e-5f);
  CHECK_THROWS_AS(run(onnx::Product::kFloat, Bias::kNone, kOut, 3), std::logic_error);
}
