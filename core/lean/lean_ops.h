// The backend without a library: computes a convolutional vision graph with its change head, and a small language
// model, with weights of 8 bits, on one thread: in the browser page, where no LibTorch is, and in the command, where it
// is faster. What SigLIP would need it does not have.
//
// Maps lie pixel by pixel in memory, [P, h, w, C], whatever their shape says; one pair at a time.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/graph/ops.h"
#include "core/lean/blocks.h"
#include "core/lean/lean_weights.h"
#include "core/lean/numbers.h"
#include "core/lean/products.h"
#include "core/lean/tensors.h"
#include "core/model/config.h"

namespace ccx::lean {

class LeanOps : public Ops {
 public:
  explicit LeanOps(std::shared_ptr<LeanWeights> weights) : weights_(std::move(weights)) {}
  // Of weights that nobody shares.
  explicit LeanOps(std::shared_ptr<const Tensors> tensors)
      : LeanOps(std::make_shared<LeanWeights>(std::move(tensors))) {}

  // Whether it can compute the vision of such a model, and the language model.
  static bool has_vision_of(const model::ModelConfig& config);
  static bool has_language_of(const model::ModelConfig& config);
  // Whether it can compute that from these tensors: those that the graph of vision, or the language model's, reads.
  static bool can_see(const model::ModelConfig& config, const Tensors& tensors);
  static bool can_speak(const model::ModelConfig& config, const Tensors& tensors);

  // images: [P, 3, side, side], plane by plane.
  static Tensor input(const std::vector<std::span<const float>>& images, std::int64_t side);
  // The numbers of a tensor in the order of its shape; of a map, plane by plane.
  static std::vector<float> output(const Tensor& x);
  // A map that another one has computed: [1, C, h, w] of its memory, and back.
  static Tensor map(Shape shape, Numbers pixels);
  static const Numbers& pixels(const Tensor& map);
  // Numbers in the order of a shape of up to three axes.
  static Tensor tokens(Shape shape, Numbers numbers);
  // The first numbers of a vector that somebody else may make longer.
  static Tensor shared(Shape shape, std::shared_ptr<const Numbers> numbers);
  // Of an axis of a tensor whose outer axes are 1 those places.
  static Tensor picked(const Tensor& x, int axis, const std::vector<std::int32_t>& places);

  Tensor parameter(const std::string& name, const Shape& shape) override;
  Tensor constant(const std::string& name, const Shape& shape,
                  const std::function<std::vector<float>()>& values) override;
  Tensor linear(const Tensor& x, const Scope& scope, int64_t out, Bias bias, int64_t rows) override;
  Tensor conv2d(const Tensor& x, const Scope& scope, const ConvSpec& spec) override;
  Tensor upsample(const Tensor& x) override;
  Tensor average_pool(const Tensor& x, int64_t size) override;
  Tensor max_pool(const Tensor& x, int64_t size) override;
  Tensor to_tokens(const Tensor& map) override;
  Tensor to_map(const Tensor& tokens, int64_t height, int64_t width) override;
  Tensor add(const Tensor& a, const Tensor& b) override;
  Tensor sub(const Tensor& a, const Tensor& b) override;
  Tensor mul(const Tensor& a, const Tensor& b) override;
  Tensor div(const Tensor& a, const Tensor& b) override;
  Tensor add_scalar(const Tensor& x, float value) override;
  Tensor sigmoid(const Tensor& x) override;
  Tensor silu(const Tensor& x) override;
  Tensor gated(const Tensor& gate, const Tensor& x) override;
  Tensor gelu(const Tensor& x, Gelu kind) override;
  Tensor relu(const Tensor& x) override;
  Tensor abs(const Tensor& x) override;
  Tensor softmax(const Tensor& x, int axis) override;
  Tensor concat(const std::vector<Tensor>& parts, int axis) override;
  Tensor slice(const Tensor& x, int axis, int64_t start, int64_t count) override;
  std::vector<Tensor> chunk(const Tensor& x, int parts, int axis) override;
  Tensor squeeze(const Tensor& x, int axis) override;
  Tensor mean(const Tensor& x, int axis) override;
  Tensor max(const Tensor& x, int axis) override;
  std::pair<Tensor, Tensor> split_pairs(const Tensor& x) override;
  Tensor interleave_pairs(const Tensor& a, const Tensor& b) override;
  Tensor to_float32(const Tensor& x) override { return x; }

  Tensor rms_norm(const Tensor& x, const Scope& scope, float eps) override;
  Tensor rotary(const Tensor& x, const Tensor& positions, int heads, float theta) override;
  // With an explicit mask alone: of one sequence, whose cache is a LeanCache.
  Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionSpec& spec) override;

  // Of neither: throw std::logic_error.
  Tensor layer_norm(const Tensor& x, const Scope& scope, float eps) override;
  Tensor patch_embedding(const Tensor& pixels, const Scope& scope, int64_t patch, int64_t width) override;
  Tensor embedding(const Tensor& ids, const Scope& scope, int64_t vocabulary, int64_t width) override;

 private:
  class Value;
  static const Value& value_of(const Tensor& x);
  static const Numbers& numbers(const Tensor& x);
  static Tensor make(Shape shape, Numbers numbers);
  static Tensor reshaped(const Tensor& x, Shape shape);

  Tensor project(const Value& filtered, const Weight& weight, const ConvSpec& spec) const;
  Tensor convolve(const Tensor& x, const Weight& weight, const ConvSpec& spec) const;
  // linear() by the table of tokens, which an export keeps as it lies: [tokens that exist, width].
  Numbers rows_of_table(const Numbers& from, std::int64_t in, std::int64_t rows);
  Numbers product_of_floats(const Numbers& from, const Scope& scope, std::int64_t in, std::int64_t out, Bias bias);
  const std::vector<float>& turn_of(std::int64_t position, std::int64_t width, float theta);
  static Tensor multiply(const Numbers& rows, const Weight& weight, Activation activation, Shape shape);

  std::shared_ptr<LeanWeights> weights_;
  std::map<std::pair<std::int64_t, std::int64_t>, std::vector<float>> turns_;  // by position and a head's width
};

}  // namespace ccx::lean
