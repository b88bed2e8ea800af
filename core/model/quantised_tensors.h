// Weights of 8 and 4 bits in safetensors files, as compressed-tensors names and lays them:
//
//   8 bits   NAME            I8 [out, in]                     with NAME_scale  F32, F16 or BF16 [out] or [out, 1]
//   4 bits   NAME_packed     I32 [out, in / 8 rounded up]     with NAME_scale  [out, groups]
//            NAME_shape      I64 or I32 [2]: out, in          (eight values + 8 in each number, the first lowest)
//
// A group is a multiple of 32 inputs, or all of them; the last may be shorter. Symmetric: there are no zero points.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/graph/tensor.h"
#include "core/graph/weights.h"
#include "core/io/safetensors.h"

namespace ccx::model {

using StoredTensors = std::map<std::string, const io::SafetensorsFile*>;

class QuantisedTensors {
 public:
  // What a weight is made of, all of `stored`. Nothing is checked yet.
  QuantisedTensors() = default;
  explicit QuantisedTensors(const StoredTensors& stored);  // which must live as long

  bool has(const std::string& weight) const { return weights_.count(weight) != 0; }
  // Whether the tensor belongs to a weight of another name: a scale, packed values, a shape.
  bool is_part(const std::string& tensor) const { return parts_.count(tensor) != 0; }
  // Of each weight, 8 or 4.
  const std::map<std::string, int>& weights() const { return weights_; }
  // Names of the tensors that hold the weight.
  std::vector<std::string> parts_of(const std::string& weight) const;

  // Throw CheckpointError naming file and tensor where the parts do not fit together.
  Shape shape(const std::string& weight) const;
  QuantisedView view(const std::string& weight) const;

 private:
  const io::TensorView& at(const std::string& tensor) const;
  [[noreturn]] void fail(const std::string& tensor, const std::string& what) const;

  const StoredTensors* stored_ = nullptr;
  std::map<std::string, int> weights_;
  std::set<std::string> parts_;  // of weights of another name
};

// The tensors that a weight of `shape` is written as, in this order, with their dtypes and shapes; `bits` 8 or 4.
struct StoredPart {
  std::string name;
  io::DType dtype = io::DType::kF32;
  Shape shape;
};
std::vector<StoredPart> stored_parts(const std::string& weight, const Shape& shape, int bits);

// The value of config.json's `quantization_config` for such weights.
std::string quantisation_json(int bits);
// Whether that value, as JSON text, says so: compressed-tensors in one of the formats above.
bool is_read_quantisation(const std::string& json);

}  // namespace ccx::model
