// Where the lean backend takes a model's tensors from, by the checkpoint's names: an export's files
// (exported_tensors.h), or a checkpoint whose weights are brought to the same 8 bits (checkpoint_tensors.h).
//
//   a convolution's weight   int8 [out, in, k, k]; NAME_scale float32 [out]; weight = value * scale
//   a product's weight       uint8 [in, out], around 128; NAME_scale float32 [out]; or float32 [in, out]
//   what is no product's     float32 or float16
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/graph/tensor.h"

namespace ccx::lean {

enum class Stored { kFloat32, kFloat16, kInt8, kUint8 };

struct StoredTensor {
  Stored type = Stored::kFloat32;
  Shape shape;
  std::string bytes;
};

class Tensors {
 public:
  virtual ~Tensors() = default;

  virtual bool has(const std::string& name) const = 0;
  // Without the numbers. Both throw as get().
  virtual Stored type(const std::string& name) const = 0;
  virtual Shape shape(const std::string& name) const = 0;
  // Throws InputError or CheckpointError for a tensor that is not there, is of a type that is not known here, or has
  // another size than its shape.
  virtual StoredTensor get(const std::string& name) const = 0;

  // Of a tensor of float32 or float16 with that many numbers. Throws InputError for another.
  std::vector<float> floats(const std::string& name, std::int64_t count) const;
};

}  // namespace ccx::lean
