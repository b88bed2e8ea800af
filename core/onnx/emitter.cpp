#include "core/onnx/emitter.h"

#include <utility>

namespace ccx::onnx {

Emitter::Under::Under(Emitter& emitter, std::string here)
    : emitter_(emitter), outside_(std::exchange(emitter.here_, std::move(here))) {}

void Emitter::leave(const Scope& scope) {
  const size_t dot = scope.name().rfind('.');
  here_ = dot == std::string::npos ? "" : scope.name().substr(0, dot);
}

std::string Emitter::emit(const std::string& op, const std::vector<std::string>& inputs,
                          const std::vector<Attribute>& attributes, const std::string& domain) {
  return graph_.add_node(here_.empty() ? op : here_ + "/" + op, op, inputs, attributes, 1, domain)[0];
}

std::string Emitter::cast(const std::string& value, ElementType to) {
  return emit("Cast", {value}, {{"to", static_cast<int64_t>(to)}});
}

std::string Emitter::as_float16(const std::string& value) {
  std::string& half = as_float16_[value];
  if (half.empty()) {
    const Under named(*this, value);
    half = cast(value, ElementType::kFloat16);
  }
  return half;
}

std::string Emitter::reshape(const std::string& value, const std::vector<int64_t>& shape) {
  return emit("Reshape", {value, graph_.integers(shape)});
}

std::string Emitter::first(const std::string& value, int64_t count) {
  return emit("Slice", {value, graph_.integers({0}), graph_.integers({count}), graph_.integers({-1})});
}

}  // namespace ccx::onnx
