// How weights lie in an exported graph: float32, float16, and the 8 bits of quantise.h. The backend that reads exports
// takes a checkpoint's weights the same way.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/graph/quantise.h"

namespace ccx {

// A product's weight is [out, in] in the checkpoint, row-major; ONNX multiplies from the right, [in, out].
std::vector<float> transposed(std::span<const float> weight, int64_t out, int64_t in);

// The bytes of the values as float16 (round to nearest even). Throws CheckpointError naming the tensor when a value is
// beyond float16's range.
std::string float16_bytes(std::span<const float> values, const std::string& tensor);
std::string float32_bytes(std::span<const float> values);

// 8 bits a weight, one scale an output channel, as ONNX multiplies: weight = (value - 128) * scale. Unsigned around
// 128, because signed 8-bit products saturate on x86 processors without VNNI.
struct Int8Weight {
  std::vector<uint8_t> values;  // [in, out]
  std::vector<float> scales;    // [out]
};
inline constexpr uint8_t kInt8ZeroPoint = 128;
Int8Weight quantise_int8(std::span<const float> weight, int64_t out, int64_t in);

}  // namespace ccx
