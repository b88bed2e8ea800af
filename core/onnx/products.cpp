#include "core/onnx/products.h"

#include <stdexcept>
#include <vector>

#include "core/model/names.h"
#include "core/model/quantisation.h"

namespace ccx::onnx {
namespace {

class FloatProduct : public ProductWriter {
 public:
  FloatProduct(Emitter& emitter, Weights& weights) : emitter_(emitter), weights_(weights) {}
  std::string multiply(const std::string& x, const std::string& weight, int64_t out, int64_t in) override {
    return emitter_.emit("MatMul", {x, weights_.product(weight, out, in, ElementType::kFloat)});
  }

 private:
  Emitter& emitter_;
  Weights& weights_;
};

class Float16Product : public ProductWriter {
 public:
  Float16Product(Emitter& emitter, Weights& weights) : emitter_(emitter), weights_(weights) {}
  std::string multiply(const std::string& x, const std::string& weight, int64_t out, int64_t in) override {
    const std::string matrix = weights_.product(weight, out, in, ElementType::kFloat16);
    return emitter_.cast(emitter_.emit("MatMul", {emitter_.as_float16(x), matrix}), ElementType::kFloat);
  }

 private:
  Emitter& emitter_;
  Weights& weights_;
};

class DequantizedInt4Product : public ProductWriter {
 public:
  DequantizedInt4Product(Emitter& emitter, Weights& weights) : emitter_(emitter), weights_(weights) {}
  std::string multiply(const std::string& x, const std::string& weight, int64_t out, int64_t in) override {
    return emitter_.emit("MatMul", {x, weights_.product_int4(weight, out, in)});
  }

 private:
  Emitter& emitter_;
  Weights& weights_;
};

class MatMulNBitsProduct : public ProductWriter {
 public:
  MatMulNBitsProduct(Emitter& emitter, Weights& weights, int64_t accuracy_level)
      : emitter_(emitter), weights_(weights), accuracy_level_(accuracy_level) {}
  std::string multiply(const std::string& x, const std::string& weight, int64_t out, int64_t in) override {
    const Weights::MatMulNBits names = weights_.product_nbits(weight, out, in);
    return emitter_.emit(
        "MatMulNBits", {x, names.values, names.scales},
        {{"K", in}, {"N", out}, {"bits", int64_t{4}}, {"block_size", int64_t{32}}, {"accuracy_level", accuracy_level_}},
        kContrib);
  }

 private:
  Emitter& emitter_;
  Weights& weights_;
  int64_t accuracy_level_;
};

// Exact in integers; the scales of token and channel follow.
class DynamicInt8Product : public ProductWriter {
 public:
  DynamicInt8Product(Emitter& emitter, Weights& weights) : emitter_(emitter), weights_(weights) {}
  std::string multiply(const std::string& x, const std::string& weight, int64_t out, int64_t in) override {
    const Weights::Int8 names = weights_.product_int8(weight, out, in);
    const Tokens& tokens = quantise(x, names.zero_point);
    const std::string sum =
        emitter_.emit("MatMulInteger", {tokens.values, names.values, tokens.zero_point, names.zero_point});
    const std::string wide = emitter_.cast(sum, ElementType::kFloat);
    return emitter_.emit("Mul", {emitter_.emit("Mul", {wide, names.scales}), tokens.scale});
  }

 private:
  struct Tokens {
    std::string values, scale, zero_point;
  };

  // Activations as they come, 8 bits a value: x ~ (values - 128) * scale, one scale a token, so that a token's result
  // depends neither on the other tokens of the step nor on the other pairs of the batch, as one scale for the tensor
  // (DynamicQuantizeLinear) would make it. Where several products read one tensor (q, k, v) it is quantised once.
  const Tokens& quantise(const std::string& x, const std::string& zero_point) {
    Tokens& known = tokens_[x];
    if (!known.values.empty()) return known;
    const Emitter::Under named(emitter_, x);
    const std::string largest = emitter_.emit("ReduceMax", {emitter_.emit("Abs", {x}), emitter_.graph().integers({-1})},
                                              {{"keepdims", int64_t{1}}});
    const std::string positive = emitter_.emit("Max", {largest, weights_.scalar(1e-20f)});
    const std::string scale = emitter_.emit("Mul", {positive, weights_.scalar(1.0f / 127.0f)});
    // A cast cuts towards zero: of value + 128.5, all above zero, it leaves the nearest integer.
    const std::string moved = emitter_.emit("Add", {emitter_.emit("Div", {x, scale}), weights_.scalar(128.5f)});
    known = {emitter_.cast(moved, ElementType::kUint8), scale, zero_point};
    return known;
  }

  Emitter& emitter_;
  Weights& weights_;
  std::map<std::string, Tokens> tokens_;  // by the value quantised
};

}  // namespace

Products::Products(Emitter& emitter, Weights& weights, const Dialect& dialect, Product product)
    : emitter_(emitter), weights_(weights), language_attention_(dialect.language_attention_product), product_(product) {
  writers_[Product::kFloat] = std::make_unique<FloatProduct>(emitter, weights);
  writers_[Product::kFloat16] = std::make_unique<Float16Product>(emitter, weights);
  writers_[Product::kDynamicInt8] = std::make_unique<DynamicInt8Product>(emitter, weights);
  writers_[Product::kMatMulNBits] = std::make_unique<MatMulNBitsProduct>(emitter, weights, dialect.accuracy_level);
  writers_[Product::kDequantizedInt4] = std::make_unique<DequantizedInt4Product>(emitter, weights);
}

std::string Products::multiply(const std::string& x, const Scope& scope, int64_t out, int64_t in, int64_t rows) {
  const auto table = tables_.find(scope.weight());
  if (table != tables_.end()) return multiply_table(x, scope.weight(), table->second, rows);
  const std::string whole = writers_.at(product_for(scope.name()))->multiply(x, scope.weight(), out, in);
  return rows < out ? emitter_.first(whole, rows) : whole;
}

Product Products::product_for(const std::string& scope) const {
  if (model::is_language_attention(scope)) return language_attention_;
  if (product_ == Product::kFloat16) return product_;
  const int fewest = model::fewest_bits(scope);
  const bool too_few = product_ == Product::kMatMulNBits && fewest > 4;
  return fewest > 8 || too_few ? Product::kFloat : product_;
}

// Rows of a table against the vectors: Gemm reads the table as it lies, so that a tied head shares the embeddings'
// bytes.
std::string Products::multiply_table(const std::string& x, const std::string& weight, const RowTable& table,
                                     int64_t rows) {
  if (rows > table.rows) throw std::logic_error("Products: " + weight + " has fewer rows in its table than are asked");
  const bool half = product_ == Product::kFloat16;
  const std::string flat = emitter_.reshape(half ? emitter_.as_float16(x) : x, {-1, table.columns});
  std::vector<std::string> parts;
  for (const std::string& part : weights_.rows(weight, table, half ? ElementType::kFloat16 : ElementType::kFloat)) {
    parts.push_back(emitter_.emit("Gemm", {flat, part}, {{"transB", int64_t{1}}}));
  }
  std::string product = parts.size() == 1 ? parts[0] : emitter_.emit("Concat", parts, {{"axis", int64_t{1}}});
  if (half) product = emitter_.cast(product, ElementType::kFloat);
  const std::string outer = emitter_.emit("Shape", {x}, {{"end", int64_t{-1}}});
  const std::string shape =
      emitter_.emit("Concat", {outer, emitter_.graph().integers({table.rows})}, {{"axis", int64_t{0}}});
  const std::string shaped = emitter_.emit("Reshape", {product, shape});
  return rows < table.rows ? emitter_.first(shaped, rows) : shaped;
}

}  // namespace ccx::onnx
