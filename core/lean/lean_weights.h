// A model's weights in the order in which the kernels read them, made when one is first asked for. Engines that share a
// processor share one of these.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/graph/ops.h"
#include "core/lean/blocks.h"
#include "core/lean/products.h"
#include "core/lean/tensors.h"

namespace ccx::lean {

// May be asked by several threads at once; what it gives lives as long as it does. Throws InputError where a tensor has
// not the type or shape that the model's config.json asks for.
class LeanWeights {
 public:
  explicit LeanWeights(std::shared_ptr<const Tensors> tensors) : tensors_(std::move(tensors)) {}

  const Tensors& tensors() const { return *tensors_; }

  // Of a k x k convolution of `in` channels: [out, k * k * in], as pixels lie.
  const Weight& convolution(const Scope& scope, const ConvSpec& spec, std::int64_t in);
  const Depthwise& depthwise(const Scope& scope, const ConvSpec& spec);
  // Of a linear layer. Null where it is kept in float32.
  const Weight* product(const Scope& scope, std::int64_t in, std::int64_t out, Bias bias);
  // Numbers of float32 or float16.
  const std::vector<float>& floats(const std::string& name, std::int64_t count);
  const std::vector<float>& constant(const std::string& name, const std::function<std::vector<float>()>& values);

 private:
  std::shared_ptr<const Tensors> tensors_;
  std::mutex mutex_;
  std::map<std::string, Weight> products_;
  std::map<std::string, Depthwise> filters_;
  std::map<std::string, std::vector<float>> floats_;
};

}  // namespace ccx::lean
