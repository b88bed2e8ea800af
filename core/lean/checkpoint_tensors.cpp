#include "core/lean/checkpoint_tensors.h"

#include <utility>

#include "core/graph/exported.h"
#include "core/model/names.h"
#include "core/model/quantisation.h"

namespace ccx::lean {
namespace {

constexpr std::string_view kScaleSuffix = "_scale";
constexpr std::size_t kKernelAxes = 4;  // [out, in, k, k]

bool is_scale(const std::string& name) {
  return name.size() > kScaleSuffix.size() && name.ends_with(kScaleSuffix);
}
std::string scaled(const std::string& name) {
  return name.substr(0, name.size() - kScaleSuffix.size());
}

template <class Byte>
std::string bytes_of(const std::vector<Byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
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
  const std::int64_t out = view.shape.empty() ? 1 : view.shape[0];
  const std::int64_t in = static_cast<std::int64_t>(values.size()) / out;
  StoredTensor tensor{type(name), shape(name), {}};
  switch (kind) {
    case Kind::kTable:
      tensor.bytes = float16_bytes(values, name);
      break;
    case Kind::kPlain:
      tensor.bytes = float32_bytes(tensor.shape.size() == 2 ? transposed(values, out, in) : values);
      break;
    case Kind::kScale:
      tensor.bytes = float32_bytes(quantise_int8_rows(values, out, in).scales);
      break;
    case Kind::kConvolution:
      tensor.bytes = bytes_of(quantise_int8_rows(values, out, in).values);
      break;
    case Kind::kProduct:
      tensor.bytes = bytes_of(quantise_int8(values, out, in).values);
      break;
  }
  return tensor;
}

}  // namespace ccx::lean
