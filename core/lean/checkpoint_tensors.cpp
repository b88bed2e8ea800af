#include "core/lean/checkpoint_tensors.h"

#include <cstring>
#include <utility>

#include "core/graph/quantise.h"
#include "core/model/names.h"
#include "core/model/quantisation.h"

namespace ccx::lean {
namespace {

constexpr std::string_view kScaleSuffix = "_scale";
constexpr std::size_t kKernelAxes = 4;  // [out, in, k, k]
constexpr int kZeroPoint = 128;

bool is_scale(const std::string& name) {
  return name.size() > kScaleSuffix.size() && name.ends_with(kScaleSuffix);
}
std::string scaled(const std::string& name) {
  return name.substr(0, name.size() - kScaleSuffix.size());
}

template <class Number>
std::string bytes_of(const std::vector<Number>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number)};
}

// [out, in] -> [in, out]
template <class Number>
std::vector<Number> turned(const std::vector<Number>& rows, std::int64_t out) {
  const std::int64_t in = static_cast<std::int64_t>(rows.size()) / out;
  std::vector<Number> to(rows.size());
  for (std::int64_t o = 0; o < out; ++o) {
    for (std::int64_t i = 0; i < in; ++i)
      to[static_cast<std::size_t>(i * out + o)] = rows[static_cast<std::size_t>(o * in + i)];
  }
  return to;
}

}  // namespace

CheckpointTensors::CheckpointTensors(std::shared_ptr<const model::Checkpoint> checkpoint)
    : checkpoint_(std::move(checkpoint)) {
  for (const auto& [name, bits] : model::quantised_weights(checkpoint_->config(), 8)) {
    if (bits == 8 && !model::is_table(name)) products_.insert(name);
  }
}

bool CheckpointTensors::has(const std::string& name) const {
  return checkpoint_->has(name) || (is_scale(name) && checkpoint_->has(scaled(name)));
}

CheckpointTensors::Kind CheckpointTensors::kind(const std::string& name) const {
  if (!checkpoint_->has(name) && is_scale(name)) return Kind::kScale;
  if (name == model::kTokenTable) return Kind::kTable;
  if (products_.contains(name)) return Kind::kProduct;
  return checkpoint_->get(name).shape.size() == kKernelAxes ? Kind::kConvolution : Kind::kPlain;
}

Stored CheckpointTensors::type(const std::string& name) const {
  switch (kind(name)) {
    case Kind::kConvolution:
      return Stored::kInt8;
    case Kind::kProduct:
      return Stored::kUint8;
    case Kind::kTable:
      return Stored::kFloat16;
    default:
      return Stored::kFloat32;
  }
}

Shape CheckpointTensors::shape(const std::string& name) const {
  const Kind kind = this->kind(name);
  const Shape shape = checkpoint_->get(kind == Kind::kScale ? scaled(name) : name).shape;
  if (kind == Kind::kScale) return {shape.at(0)};
  const bool is_matrix = shape.size() == 2 && kind != Kind::kTable;
  return is_matrix ? Shape{shape[1], shape[0]} : shape;
}

StoredTensor CheckpointTensors::get(const std::string& name) const {
  const Kind kind = this->kind(name);
  const std::string& source = kind == Kind::kScale ? scaled(name) : name;
  const io::TensorView view = checkpoint_->get(source);
  model::check_finite(view, source, checkpoint_->origin(source));
  const std::vector<float> values = view.to_float32();
  const std::int64_t rows = view.shape.empty() ? 1 : view.shape[0];
  StoredTensor tensor{type(name), shape(name), {}};
  if (kind == Kind::kTable) {
    std::vector<std::uint16_t> halves;
    for (const float value : values) halves.push_back(io::float_to_half(value));
    tensor.bytes = bytes_of(halves);
  } else if (kind == Kind::kPlain) {
    tensor.bytes = bytes_of(tensor.shape.size() == 2 ? turned(values, rows) : values);
  } else {
    const Int8Rows quantised = quantise_int8_rows(values, rows, static_cast<std::int64_t>(values.size()) / rows);
    if (kind == Kind::kScale) tensor.bytes = bytes_of(quantised.scales);
    if (kind == Kind::kConvolution) tensor.bytes = bytes_of(quantised.values);
    if (kind == Kind::kProduct) {
      std::vector<std::uint8_t> around;
      for (const std::int8_t value : turned(quantised.values, rows))
        around.push_back(static_cast<std::uint8_t>(value + kZeroPoint));
      tensor.bytes = bytes_of(around);
    }
  }
  return tensor;
}

}  // namespace ccx::lean
