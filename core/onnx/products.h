// The products of an exported graph: how each layer multiplies by its weight, one class a kind.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/graph/scope.h"
#include "core/onnx/dialect.h"
#include "core/onnx/emitter.h"
#include "core/onnx/weights.h"

namespace ccx::onnx {

// Writes x [..., in] times the transpose of the checkpoint's weight [out, in]: the value [..., out], before the bias.
class ProductWriter {
 public:
  virtual ~ProductWriter() = default;
  virtual std::string multiply(const std::string& x, const std::string& weight, int64_t out, int64_t in) = 0;
};

class Products {
 public:
  // `product`: what the graph's layers have where no reason speaks against it.
  Products(Emitter& emitter, Weights& weights, const Dialect& dialect, Product product);

  // The first `rows` of `out` rows alone: [..., rows].
  std::string multiply(const std::string& x, const Scope& scope, int64_t out, int64_t in, int64_t rows);

  // The rows of `weight` lie in a table of their own, which products read in place of the checkpoint's weight.
  void set_table(const std::string& weight, const RowTable& table) { tables_[weight] = table; }

 private:
  Product product_for(const std::string& scope) const;
  std::string multiply_table(const std::string& x, const std::string& weight, const RowTable& table, int64_t rows);

  Emitter& emitter_;
  Weights& weights_;
  Product language_attention_;
  Product product_;
  std::map<Product, std::unique_ptr<ProductWriter>> writers_;
  std::map<std::string, RowTable> tables_;
};

}  // namespace ccx::onnx
