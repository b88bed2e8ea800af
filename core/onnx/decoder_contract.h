// Numbers that whoever runs the exported decoder must use.
#pragma once

namespace ccx::onnx {

// What attention_bias holds for a key that a query must not see. Finite in float16 too: an infinity would be undefined
// in WebGPU's shading language.
inline constexpr float kMasked = -65504.0f;

}  // namespace ccx::onnx
