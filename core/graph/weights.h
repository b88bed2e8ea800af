// Where a backend takes weights from: a checkpoint, random numbers, a training run.
#pragma once

#include <string>

#include "core/io/safetensors.h"

namespace ccx {

class WeightSource {
 public:
  virtual ~WeightSource() = default;
  virtual bool has(const std::string& name) const = 0;
  // Throws CheckpointError when there is no such tensor. The view lives as long as the source.
  virtual io::TensorView get(const std::string& name) const = 0;
  // Where a tensor comes from, for errors: a file's path.
  virtual std::string origin(const std::string&) const { return "the weights"; }
  // The backend has copied the tensor and will not read it again.
  virtual void release(const std::string&) const {}
};

}  // namespace ccx
