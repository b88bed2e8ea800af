// The checkpoint's weights as initialisers of an ONNX graph: converted one at a time and written straight to data
// files, so that exporting takes no more memory than the largest tensor.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/graph/tensor.h"
#include "core/graph/weights.h"
#include "core/onnx/data_files.h"
#include "core/onnx/graph.h"

namespace ccx::onnx {

// A table kept in rows as in the checkpoint, [rows, columns], in pieces that fit a data file: the embeddings, and the
// head that gives logits (for a tied model the very same bytes).
struct RowTable {
  struct Piece {
    int64_t first_row = 0;
    int64_t rows = 0;
    ExternalLocation values;
    ExternalLocation scales;  // int8 only: float32 [rows], weight = value * scale
  };
  ElementType type = ElementType::kFloat;  // kFloat, kFloat16 or kInt8
  int64_t rows = 0;
  int64_t columns = 0;
  std::vector<Piece> pieces;
};

// Writes the first `rows` rows of tensor `name`. `piece_bytes` bounds a piece.
RowTable write_row_table(const WeightSource& source, const std::string& name, int64_t rows, ElementType type,
                         DataFiles& files, int64_t piece_bytes);

class Weights {
 public:
  // Floating-point weights are stored as `stored`; where that is not float32, the graph casts.
  Weights(const WeightSource& source, Graph& graph, DataFiles& files, ElementType stored)
      : source_(source), graph_(graph), files_(files), stored_(stored) {}

  // Each gives the name of a value in the graph; a weight asked for again is the same value. All check the shape
  // against the checkpoint and throw CheckpointError naming the tensor.
  std::string dense(const std::string& name, const Shape& shape);
  std::string constant(const std::string& name, const Shape& shape, const std::function<std::vector<float>()>& values);
  std::string scalar(float value);
  // [out, in] of the checkpoint as [in, out], float32 or as stored.
  std::string product(const std::string& name, int64_t out, int64_t in, ElementType type);

  struct Int8 {
    std::string values;      // uint8 [in, out]
    std::string scales;      // float32 [out]
    std::string zero_point;  // uint8 scalar
  };
  Int8 product_int8(const std::string& name, int64_t out, int64_t in);

  // The kernel of a convolution, [out, in, k, k], in 8 bits with a scale an output channel; the graph makes it float32.
  std::string convolution_int8(const std::string& name, const Shape& shape);

  struct MatMulNBits {
    std::string values;  // uint8 [out, blocks, 16]
    std::string scales;  // float32 [out * blocks]
  };
  MatMulNBits product_nbits(const std::string& name, int64_t out, int64_t in);
  // A value [in, out] dequantised from int4 blocks.
  std::string product_int4(const std::string& name, int64_t out, int64_t in);

  // The pieces of a table as values [rows, columns]. `name` is the checkpoint's.
  std::vector<std::string> rows(const std::string& name, const RowTable& table, ElementType type);

 private:
  std::vector<float> read(const std::string& name, const Shape& shape) const;
  void add_floats(const std::string& name, const Shape& shape, const std::vector<float>& values);
  std::string as(ElementType wanted, const std::string& name, ElementType type);

  const WeightSource& source_;
  Graph& graph_;
  DataFiles& files_;
  ElementType stored_;
  std::map<std::string, std::string> values_;  // by the name asked for and its form
};

}  // namespace ccx::onnx
