// A backend that computes nothing: it follows shapes, records every weight the graph reads, and counts FLOPs.
//
// Running the graph through it is how ccx knows what a checkpoint must hold, and how much work a stage is.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/graph/ops.h"

namespace ccx {

class ShapeOps : public Ops {
 public:
  // An input of the graph.
  static Tensor input(Shape shape);

  // Weights the graph read so far, by name.
  const std::map<std::string, Shape>& parameters() const { return parameters_; }
  // Of them the weights of linear() and those of embedding(); a tied head is among both.
  const std::set<std::string>& products() const { return products_; }
  const std::set<std::string>& tables() const { return tables_; }
  // Multiplications and additions of products and attention so far, two a multiply-add; a causal mask counts the
  // visible keys only. Elementwise work is not counted.
  double flops() const { return flops_; }
  void reset_flops() { flops_ = 0; }

  Tensor parameter(const std::string& name, const Shape& shape) override;
  Tensor constant(const std::string& name, const Shape& shape,
                  const std::function<std::vector<float>()>& values) override;
  Tensor linear(const Tensor& x, const Scope& scope, int64_t out, Bias bias, int64_t rows) override;
  Tensor layer_norm(const Tensor& x, const Scope& scope, float eps) override;
  Tensor rms_norm(const Tensor& x, const Scope& scope, float eps) override;
  Tensor patch_embedding(const Tensor& pixels, const Scope& scope, int64_t patch, int64_t width) override;
  Tensor embedding(const Tensor& ids, const Scope& scope, int64_t vocabulary, int64_t width) override;
  Tensor conv2d(const Tensor& x, const Scope& scope, const ConvSpec& spec) override;
  Tensor upsample(const Tensor& x) override;
  Tensor average_pool(const Tensor& x, int64_t size) override;
  Tensor max_pool(const Tensor& x, int64_t size) override { return ShapeOps::average_pool(x, size); }
  Tensor to_tokens(const Tensor& map) override;
  Tensor to_map(const Tensor& tokens, int64_t height, int64_t width) override;
  Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionSpec& spec) override;
  Tensor rotary(const Tensor& x, const Tensor& positions, int heads, float theta) override;
  Tensor add(const Tensor& a, const Tensor& b) override { return broadcast(a, b); }
  Tensor sub(const Tensor& a, const Tensor& b) override { return broadcast(a, b); }
  Tensor mul(const Tensor& a, const Tensor& b) override { return broadcast(a, b); }
  Tensor div(const Tensor& a, const Tensor& b) override { return broadcast(a, b); }
  Tensor add_scalar(const Tensor& x, float) override { return x; }
  Tensor sigmoid(const Tensor& x) override { return x; }
  Tensor silu(const Tensor& x) override { return x; }
  Tensor gelu(const Tensor& x, Gelu) override { return x; }
  Tensor relu(const Tensor& x) override { return x; }
  Tensor abs(const Tensor& x) override { return x; }
  Tensor softmax(const Tensor& x, int) override { return x; }
  Tensor concat(const std::vector<Tensor>& parts, int axis) override;
  Tensor slice(const Tensor& x, int axis, int64_t start, int64_t count) override;
  std::vector<Tensor> chunk(const Tensor& x, int parts, int axis) override;
  Tensor squeeze(const Tensor& x, int axis) override;
  Tensor mean(const Tensor& x, int axis) override;
  Tensor max(const Tensor& x, int axis) override { return ShapeOps::mean(x, axis); }
  std::pair<Tensor, Tensor> split_pairs(const Tensor& x) override;
  Tensor interleave_pairs(const Tensor& a, const Tensor& b) override;
  Tensor to_float32(const Tensor& x) override { return x; }

 private:
  static Tensor broadcast(const Tensor& a, const Tensor& b);

  std::map<std::string, Shape> parameters_;
  std::set<std::string> products_, tables_;
  double flops_ = 0;
};

}  // namespace ccx
