#include "core/onnx/weights.h"

#include <algorithm>
#include <cstdio>

#include "core/base/error.h"
#include "core/model/checkpoint.h"
#include "core/onnx/quantise.h"

namespace ccx::onnx {
namespace {

template <typename T>
std::string_view bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

std::string float_bytes(const std::vector<float>& values, ElementType type, const std::string& tensor) {
  return type == ElementType::kFloat16 ? float16_bytes(values, tensor) : float32_bytes(values);
}

io::TensorView checked(const WeightSource& source, const std::string& name, const Shape& shape) {
  const io::TensorView view = source.get(name);
  if (view.shape != shape) {
    throw CheckpointError("tensor \"" + name + "\" has shape " + io::shape_text(view.shape) +
                          ", but config.json asks for " + io::shape_text(shape));
  }
  return view;
}

// Rows [first, first + count) of a two-dimensional tensor.
io::TensorView row_range(const io::TensorView& view, int64_t first, int64_t count) {
  const size_t row_bytes = view.bytes / static_cast<size_t>(view.shape[0]);
  io::TensorView part = view;
  part.shape = {count, view.shape[1]};
  part.data = view.data + static_cast<size_t>(first) * row_bytes;
  part.bytes = static_cast<size_t>(count) * row_bytes;
  return part;
}

}  // namespace

RowTable write_row_table(const WeightSource& source, const std::string& name, int64_t rows, ElementType type,
                         DataFiles& files, int64_t piece_bytes) {
  const io::TensorView view = source.get(name);
  if (view.shape.size() != 2 || view.shape[0] < rows || rows < 1) {
    throw CheckpointError("tensor \"" + name + "\" has shape " + io::shape_text(view.shape) + ", but " +
                          std::to_string(rows) + " rows are needed, one for each token of tokenizer.json");
  }
  RowTable table{type, rows, view.shape[1], {}};
  const int64_t row_bytes = element_bytes(type, table.columns) + (type == ElementType::kInt8 ? 4 : 0);
  const int64_t piece_rows = std::max<int64_t>(1, piece_bytes / row_bytes);
  constexpr int64_t kBatch = 1024;  // rows in memory at once
  for (int64_t first = 0; first < rows; first += piece_rows) {
    RowTable::Piece piece{first, std::min(piece_rows, rows - first), {}, {}};
    std::vector<float> scales;
    piece.values = files.add(element_bytes(type, piece.rows * table.columns), [&](const DataFiles::Sink& sink) {
      for (int64_t row = first; row < first + piece.rows; row += kBatch) {
        const int64_t count = std::min(kBatch, first + piece.rows - row);
        const io::TensorView part = row_range(view, row, count);
        model::check_finite(part, name, "the checkpoint");
        const std::vector<float> values = part.to_float32();
        if (type == ElementType::kInt8) {
          const Int8Rows quantised = quantise_int8_rows(values, count, table.columns);
          sink(bytes_of(quantised.values));
          scales.insert(scales.end(), quantised.scales.begin(), quantised.scales.end());
        } else {
          sink(float_bytes(values, type, name));
        }
        source.release(name);  // rows already read need not stay in memory
      }
    });
    if (type == ElementType::kInt8) piece.scales = files.add(bytes_of(scales));
    table.pieces.push_back(piece);
  }
  return table;
}

std::vector<float> Weights::read(const std::string& name, const Shape& shape) const {
  const io::TensorView view = checked(source_, name, shape);
  model::check_finite(view, name, "the checkpoint");
  std::vector<float> values = view.to_float32();
  source_.release(name);
  return values;
}

std::string Weights::as(ElementType wanted, const std::string& name, ElementType type) {
  if (type == wanted) return name;
  return graph_.add_node(name + "/Cast", "Cast", {name}, {{"to", static_cast<int64_t>(wanted)}})[0];
}

void Weights::add_floats(const std::string& name, const Shape& shape, const std::vector<float>& values) {
  const std::string bytes = float_bytes(values, stored_, name);
  constexpr size_t kInline = 64;  // scalars and the like stay in the graph file
  if (bytes.size() <= kInline) {
    graph_.add_initializer(name, stored_, shape, bytes);
  } else {
    graph_.add_external_initializer(name, stored_, shape, files_.add(bytes));
  }
}

std::string Weights::dense(const std::string& name, const Shape& shape) {
  std::string& value = values_[name];
  if (value.empty()) {
    add_floats(name, shape, read(name, shape));
    value = as(ElementType::kFloat, name, stored_);
  }
  return value;
}

std::string Weights::constant(const std::string& name, const Shape& shape,
                              const std::function<std::vector<float>()>& values) {
  std::string& value = values_[name];
  if (value.empty()) {
    add_floats(name, shape, values());
    value = as(ElementType::kFloat, name, stored_);
  }
  return value;
}

std::string Weights::scalar(float value) {
  char name[32];
  std::snprintf(name, sizeof(name), "number/%.9g", static_cast<double>(value));
  std::string& known = values_[name];
  if (known.empty()) {
    graph_.add_initializer(name, ElementType::kFloat, {}, float_bytes({value}, ElementType::kFloat, name));
    known = name;
  }
  return known;
}

std::string Weights::product(const std::string& name, int64_t out, int64_t in, ElementType type) {
  std::string& value = values_[name];
  if (value.empty()) {
    add_floats(name, {in, out}, transposed(read(name, {out, in}), out, in));
    value = as(type, name, stored_);
  }
  return value;
}

Weights::Int8 Weights::product_int8(const std::string& name, int64_t out, int64_t in) {
  const Int8 names{name, name + "_scale", "zero_point/128"};
  if (!graph_.has_initializer(names.values)) {
    const Int8Weight weight = quantise_int8(read(name, {out, in}), out, in);
    graph_.add_external_initializer(names.values, ElementType::kUint8, {in, out}, files_.add(bytes_of(weight.values)));
    graph_.add_external_initializer(names.scales, ElementType::kFloat, {out}, files_.add(bytes_of(weight.scales)));
  }
  if (!graph_.has_initializer(names.zero_point)) {
    graph_.add_initializer(names.zero_point, ElementType::kUint8, {},
                           std::string(1, static_cast<char>(kInt8ZeroPoint)));
  }
  return names;
}

std::string Weights::convolution_int8(const std::string& name, const Shape& shape) {
  std::string& value = values_[name];
  if (value.empty()) {
    int64_t inputs = 1;
    for (size_t axis = 1; axis < shape.size(); ++axis) inputs *= shape[axis];
    const Int8Rows rows = quantise_int8_rows(read(name, shape), shape[0], inputs);
    const std::string scales = name + "_scale";
    graph_.add_external_initializer(name, ElementType::kInt8, shape, files_.add(bytes_of(rows.values)));
    graph_.add_external_initializer(scales, ElementType::kFloat, {shape[0]}, files_.add(bytes_of(rows.scales)));
    value = graph_.add_node(name + "/DequantizeLinear", "DequantizeLinear", {name, scales}, {{"axis", int64_t{0}}})[0];
  }
  return value;
}

Weights::MatMulNBits Weights::product_nbits(const std::string& name, int64_t out, int64_t in) {
  const MatMulNBits names{name, name + "_scale"};
  if (!graph_.has_initializer(names.values)) {
    const Int4Weight weight = quantise_int4(read(name, {out, in}), out, in);
    graph_.add_external_initializer(names.values, ElementType::kUint8, {out, weight.blocks, kInt4Block / 2},
                                    files_.add(pack_matmul_nbits(weight, out, in)));
    graph_.add_external_initializer(names.scales, ElementType::kFloat, {out * weight.blocks},
                                    files_.add(bytes_of(weight.scales)));
  }
  return names;
}

std::string Weights::product_int4(const std::string& name, int64_t out, int64_t in) {
  std::string& value = values_[name];
  if (value.empty()) {
    const Int4Weight weight = quantise_int4(read(name, {out, in}), out, in);
    const std::string scales = name + "_scale";
    graph_.add_external_initializer(name, ElementType::kInt4, {in, out},
                                    files_.add(pack_int4_transposed(weight, out, in)));
    graph_.add_external_initializer(scales, ElementType::kFloat, {weight.blocks, out},
                                    files_.add(bytes_of(transposed(weight.scales, out, weight.blocks))));
    value = graph_.add_node(name + "/DequantizeLinear", "DequantizeLinear", {name, scales},
                            {{"axis", int64_t{0}}, {"block_size", kInt4Block}})[0];
  }
  return value;
}

std::vector<std::string> Weights::rows(const std::string& name, const RowTable& table, ElementType type) {
  std::vector<std::string> pieces;
  for (const RowTable::Piece& piece : table.pieces) {
    const std::string part = table.pieces.size() == 1 ? name : name + ".from_" + std::to_string(piece.first_row);
    graph_.add_external_initializer(part, table.type, {piece.rows, table.columns}, piece.values);
    if (table.type == ElementType::kInt8) {
      const std::string scales = part + "_scale";
      graph_.add_external_initializer(scales, ElementType::kFloat, {piece.rows}, piece.scales);
      const std::string value =
          graph_.add_node(part + "/DequantizeLinear", "DequantizeLinear", {part, scales}, {{"axis", int64_t{0}}})[0];
      pieces.push_back(as(type, value, ElementType::kFloat));
    } else {
      pieces.push_back(as(type, part, table.type));
    }
  }
  return pieces;
}

}  // namespace ccx::onnx
