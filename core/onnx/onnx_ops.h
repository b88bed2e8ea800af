// The backend that computes nothing and writes the computation down: every operation becomes ONNX nodes.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/graph/ops.h"
#include "core/onnx/dialect.h"
#include "core/onnx/emitter.h"
#include "core/onnx/products.h"
#include "core/onnx/weights.h"

namespace ccx::onnx {

// Sizes that are known only when the graph runs are kDynamic in shapes.
class OnnxOps : public Ops {
 public:
  OnnxOps(Graph& graph, Weights& weights, const Dialect& dialect, Product product)
      : graph_(graph),
        weights_(weights),
        dialect_(dialect),
        product_(product),
        emitter_(graph),
        products_(emitter_, weights, dialect, product) {}

  Tensor input(const std::string& name, ElementType type, const std::vector<Dim>& dims);
  void output(const std::string& name, const Tensor& x, const std::vector<Dim>& dims);

  // Beyond Ops: what the edges of an exported graph need.
  Tensor square_root(const Tensor& x);
  // Entries `indices` [K] of `axis`.
  Tensor gather(const Tensor& x, int axis, const Tensor& indices);
  // Trades the last axis for the axes `sizes`.
  Tensor unfold(const Tensor& x, const std::vector<int64_t>& sizes);
  // linear() reads `weight`'s rows from their table.
  void set_table(const std::string& weight, const RowTable& table) { products_.set_table(weight, table); }
  // Marks a step's keys or values: attention appends them to the graph input `past` [B, kv_heads, P, d] and gives all
  // as the graph output `present` [B, kv_heads, P + T, d].
  Tensor with_past(const Tensor& x, const std::string& past, const std::string& present);

  Tensor parameter(const std::string& name, const Shape& shape) override;
  Tensor constant(const std::string& name, const Shape& shape,
                  const std::function<std::vector<float>()>& values) override;
  Tensor linear(const Tensor& x, const Scope& scope, int64_t out, Bias bias, int64_t rows) override;
  Tensor layer_norm(const Tensor& x, const Scope& scope, float eps) override;
  Tensor rms_norm(const Tensor& x, const Scope& scope, float eps) override;
  Tensor patch_embedding(const Tensor& pixels, const Scope& scope, int64_t patch, int64_t width) override;
  Tensor embedding(const Tensor& ids, const Scope& scope, int64_t vocabulary, int64_t width) override;
  // onnx_map_ops.cpp
  Tensor conv2d(const Tensor& x, const Scope& scope, const ConvSpec& spec) override;
  Tensor upsample(const Tensor& x) override;
  Tensor average_pool(const Tensor& x, int64_t size) override { return pool("AveragePool", x, size); }
  Tensor max_pool(const Tensor& x, int64_t size) override { return pool("MaxPool", x, size); }
  Tensor to_tokens(const Tensor& map) override;
  Tensor to_map(const Tensor& tokens, int64_t height, int64_t width) override;
  // Mask::kCausal is not written: which keys a query sees is an input of the decoder (kExplicit).
  Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionSpec& spec) override;
  Tensor rotary(const Tensor& x, const Tensor& positions, int heads, float theta) override;
  Tensor add(const Tensor& a, const Tensor& b) override { return binary("Add", a, b); }
  Tensor sub(const Tensor& a, const Tensor& b) override { return binary("Sub", a, b); }
  Tensor mul(const Tensor& a, const Tensor& b) override { return binary("Mul", a, b); }
  Tensor div(const Tensor& a, const Tensor& b) override { return binary("Div", a, b); }
  Tensor add_scalar(const Tensor& x, float value) override;
  Tensor sigmoid(const Tensor& x) override;
  Tensor silu(const Tensor& x) override;
  Tensor gelu(const Tensor& x, Gelu kind) override;
  Tensor relu(const Tensor& x) override;
  Tensor abs(const Tensor& x) override;
  Tensor softmax(const Tensor& x, int axis) override;
  Tensor concat(const std::vector<Tensor>& parts, int axis) override;
  Tensor slice(const Tensor& x, int axis, int64_t start, int64_t count) override;
  std::vector<Tensor> chunk(const Tensor& x, int parts, int axis) override;
  Tensor squeeze(const Tensor& x, int axis) override;
  Tensor mean(const Tensor& x, int axis) override { return reduce("ReduceMean", x, axis); }
  Tensor max(const Tensor& x, int axis) override { return reduce("ReduceMax", x, axis); }
  std::pair<Tensor, Tensor> split_pairs(const Tensor& x) override;
  Tensor interleave_pairs(const Tensor& a, const Tensor& b) override;
  Tensor to_float32(const Tensor& x) override { return x; }

 private:
  class Value;
  struct Past {
    std::string past, present;
  };

  static const Value& value_of(const Tensor& x);
  Tensor make(std::string name, Shape shape) const;
  std::string emit(const std::string& op, const std::vector<std::string>& inputs,
                   const std::vector<Attribute>& attributes = {}, const std::string& domain = "") {
    return emitter_.emit(op, inputs, attributes, domain);
  }
  Tensor pool(const std::string& op, const Tensor& x, int64_t size);
  Tensor reduce(const std::string& op, const Tensor& x, int axis);
  Tensor binary(const std::string& op, const Tensor& a, const Tensor& b);

  // onnx_attention.cpp
  struct Heads {
    int heads, kv_heads;
    int64_t width;
  };
  std::string attention_decomposed(const Value& q, const Value& k, const Value& v, const Heads& heads,
                                   const std::string& mask);
  std::string attention_standard(const Value& q, const Value& k, const Value& v, const Heads& heads,
                                 const std::string& mask);
  std::string split_heads(const Value& x, int heads, int64_t width);
  std::pair<std::string, std::string> rotary_tables(const std::string& positions, int64_t width, float theta);

  Graph& graph_;
  Weights& weights_;
  Dialect dialect_;
  Product product_;
  Emitter emitter_;
  Products products_;
  std::map<std::string, std::pair<std::string, std::string>> rotary_tables_;
};

// The decoder's cache as graph inputs and outputs: past_key_values.{layer}.key and .value, present.{layer}.key and
// .value.
class OnnxKvCache : public KvCache {
 public:
  OnnxKvCache(OnnxOps& ops) : ops_(ops) {}
  std::pair<Tensor, Tensor> append(int layer, const Tensor& k, const Tensor& v) override;

 private:
  OnnxOps& ops_;
};

}  // namespace ccx::onnx
