// Weights that are in no file: float32, made when they are first asked for.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/graph/tensor.h"
#include "core/graph/weights.h"

namespace ccx {

class MadeWeights : public WeightSource {
 public:
  explicit MadeWeights(std::map<std::string, Shape> shapes) : shapes_(std::move(shapes)) {}

  bool has(const std::string& name) const override { return shapes_.count(name) != 0; }
  io::TensorView get(const std::string& name) const override;
  void release(const std::string& name) const override { made_.erase(name); }

 private:
  // values: as many zeros as the weight has numbers.
  virtual void make(const std::string& name, const Shape& shape, std::vector<float>& values) const = 0;

  std::map<std::string, Shape> shapes_;
  mutable std::map<std::string, std::vector<float>> made_;
};

}  // namespace ccx
