// A checkpoint's tensors as an export in 8 bits holds them: the same values and scales (core/graph/quantise.h), the
// same weights left in float32 (model/quantisation.h), and the table of tokens in float16.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "core/lean/tensors.h"
#include "core/model/checkpoint.h"

namespace ccx::lean {

class CheckpointTensors : public Tensors {
 public:
  explicit CheckpointTensors(std::shared_ptr<const model::Checkpoint> checkpoint);

  bool has(const std::string& name) const override;
  Stored type(const std::string& name) const override;
  Shape shape(const std::string& name) const override;
  // Throws CheckpointError where a number is NaN or infinite.
  StoredTensor get(const std::string& name) const override;

 private:
  enum class Kind { kConvolution, kProduct, kTable, kPlain, kScale };
  Kind kind(const std::string& name) const;

  std::shared_ptr<const model::Checkpoint> checkpoint_;
  std::set<std::string> products_;  // weights that are multiplied in 8 bits
};

}  // namespace ccx::lean
