#include "core/lean/lean_weights.h"

#include <span>
#include <stdexcept>

#include "core/base/error.h"
#include "core/graph/exported.h"

namespace ccx::lean {
namespace {

std::span<const std::int8_t> signed_bytes(const StoredTensor& tensor) {
  return {reinterpret_cast<const std::int8_t*>(tensor.bytes.data()), tensor.bytes.size()};
}

void require(const StoredTensor& tensor, const std::string& name, Stored type, const Shape& shape) {
  if (tensor.type == type && tensor.shape == shape) return;
  throw InputError("tensor \"" + name + "\" of the export has not the type or shape that its config.json asks for");
}

}  // namespace

// [out, in, k, k] as it is stored -> [out, k * k * in] as pixels lie.
const Weight& LeanWeights::convolution(const Scope& scope, const ConvSpec& spec, std::int64_t in) {
  const std::lock_guard lock(mutex_);
  const auto known = products_.find(scope.name());
  if (known != products_.end()) return known->second;
  const StoredTensor tensor = tensors_->get(scope.weight());
  require(tensor, scope.weight(), Stored::kInt8, {spec.out, in, spec.kernel, spec.kernel});
  const std::span<const std::int8_t> stored = signed_bytes(tensor);
  const std::int64_t area = spec.kernel * spec.kernel;
  std::vector<std::int8_t> values(stored.size());
  for (std::int64_t o = 0; o < spec.out; ++o) {
    for (std::int64_t i = 0; i < in; ++i) {
      for (std::int64_t k = 0; k < area; ++k) {
        values[static_cast<std::size_t>((o * area + k) * in + i)] =
            stored[static_cast<std::size_t>((o * in + i) * area + k)];
      }
    }
  }
  const std::vector<float> scales = tensors_->floats(scope.weight() + "_scale", spec.out);
  return products_.emplace(scope.name(), Weight(values, scales, tensors_->floats(scope.bias(), spec.out)))
      .first->second;
}

const Depthwise& LeanWeights::depthwise(const Scope& scope, const ConvSpec& spec) {
  const std::lock_guard lock(mutex_);
  const auto known = filters_.find(scope.name());
  if (known != filters_.end()) return known->second;
  const StoredTensor tensor = tensors_->get(scope.weight());
  require(tensor, scope.weight(), Stored::kInt8, {spec.out, 1, spec.kernel, spec.kernel});
  const std::span<const std::int8_t> stored = signed_bytes(tensor);
  const std::vector<float> scales = tensors_->floats(scope.weight() + "_scale", spec.out);
  const std::int64_t area = spec.kernel * spec.kernel;
  Depthwise filter{spec, std::vector<float>(stored.size()), tensors_->floats(scope.bias(), spec.out)};
  for (std::int64_t c = 0; c < spec.out; ++c) {
    for (std::int64_t k = 0; k < area; ++k) {
      filter.weights[static_cast<std::size_t>(k * spec.out + c)] =
          scales[static_cast<std::size_t>(c)] * static_cast<float>(stored[static_cast<std::size_t>(c * area + k)]);
    }
  }
  return filters_.emplace(scope.name(), std::move(filter)).first->second;
}

// Nothing where the export keeps the weight in float32.
const Weight* LeanWeights::product(const Scope& scope, std::int64_t in, std::int64_t out, Bias bias) {
  const std::lock_guard lock(mutex_);
  if (const auto known = products_.find(scope.name()); known != products_.end()) {
    const Weight& weight = known->second;
    if (weight.in() != in || weight.out() != out) throw std::logic_error("one weight read with two shapes");
    return &weight;
  }
  if (tensors_->type(scope.weight()) == Stored::kFloat32) return nullptr;
  const StoredTensor tensor = tensors_->get(scope.weight());
  require(tensor, scope.weight(), Stored::kUint8, {in, out});
  std::vector<std::int8_t> values(tensor.bytes.size());
  for (std::int64_t o = 0; o < out; ++o) {
    for (std::int64_t i = 0; i < in; ++i) {
      const auto byte = static_cast<unsigned char>(tensor.bytes[static_cast<std::size_t>(i * out + o)]);
      values[static_cast<std::size_t>(o * in + i)] = static_cast<std::int8_t>(byte - kInt8ZeroPoint);
    }
  }
  const std::vector<float> none(static_cast<std::size_t>(out));
  return &products_
              .emplace(scope.name(), Weight(values, tensors_->floats(scope.weight() + "_scale", out),
                                            bias == Bias::kAdd ? tensors_->floats(scope.bias(), out) : none))
              .first->second;
}

const std::vector<float>& LeanWeights::floats(const std::string& name, std::int64_t count) {
  const std::lock_guard lock(mutex_);
  const auto known = floats_.find(name);
  if (known == floats_.end()) return floats_.emplace(name, tensors_->floats(name, count)).first->second;
  if (static_cast<std::int64_t>(known->second.size()) != count) {
    throw InputError("tensor \"" + name + "\" of the export is not " + std::to_string(count) + " numbers");
  }
  return known->second;
}

const std::vector<float>& LeanWeights::constant(const std::string& name,
                                                const std::function<std::vector<float>()>& values) {
  const std::lock_guard lock(mutex_);
  std::vector<float>& known = floats_[name];
  if (known.empty()) known = values();
  return known;
}

}  // namespace ccx::lean
