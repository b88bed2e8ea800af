// Where a backend takes weights from: a checkpoint, random numbers, a training run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/io/safetensors.h"

namespace ccx {

// A weight [rows, columns] of 8 or 4 bits, as core/graph/quantise.h defines both.
struct QuantisedView {
  int bits = 8;
  int64_t rows = 0, columns = 0;
  const std::byte* values = nullptr;  // [rows, quantised_row_bytes(bits, columns)]
  std::vector<float> scales;          // [rows, scales_of_row(bits, columns)]
};

// Its numbers, [rows, columns].
std::vector<float> dequantised(const QuantisedView& weight);

class WeightSource {
 public:
  virtual ~WeightSource() = default;
  virtual bool has(const std::string& name) const = 0;
  // Throws CheckpointError when there is no such tensor. The view lives as long as the source.
  virtual io::TensorView get(const std::string& name) const = 0;
  // The weight as it is stored where that is in 8 or 4 bits; get() gives it as float32.
  virtual std::optional<QuantisedView> quantised(const std::string&) const { return std::nullopt; }
  // Where a tensor comes from, for errors: a file's path.
  virtual std::string origin(const std::string&) const { return "the weights"; }
  // The backend has copied the tensor and will not read it again.
  virtual void release(const std::string&) const {}
};

}  // namespace ccx
