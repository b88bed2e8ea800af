// What an export asks of ONNX: the operators, types and version of the standard that suit where it will run.
#pragma once

#include <string>

#include "core/onnx/graph.h"

namespace ccx::onnx {

enum class Target {
  kWasm,    // ONNX Runtime Web, WebAssembly
  kWebGpu,  // ONNX Runtime Web, WebGPU
  kCpu,     // ONNX Runtime on a computer's processor
};

// What happens to the weights. Everything but kNone and kFloat16 concerns products only: gates, norms, the patch
// embedding and the logits keep their precision.
enum class Quantise { kNone, kFloat16, kInt8, kInt4 };

// How a product reads its weight.
enum class Product {
  kFloat,            // MatMul
  kDynamicInt8,      // DynamicQuantizeLinear, MatMulInteger: activations are quantised as they come
  kMatMulNBits,      // com.microsoft.MatMulNBits: unpacked at every call
  kDequantizedInt4,  // DequantizeLinear, MatMul: unpacked when the session loads
};

enum class AttentionForm {
  kDecomposed,  // MatMul, Softmax, MatMul
  kStandard,    // Attention of opset 23
  kMultiHead,   // com.microsoft.MultiHeadAttention where no mask and no cache is involved, else as kStandard
};

struct Dialect {
  int opset = 23;
  ElementType stored = ElementType::kFloat;   // weights that stay floating-point, in the file
  ElementType compute = ElementType::kFloat;  // activations
  Product product = Product::kFloat;
  int64_t accuracy_level = 0;  // of MatMulNBits: 4 lets it quantise activations to 8 bits
  AttentionForm attention = AttentionForm::kDecomposed;
  bool rms_normalization = false;  // the operators RMSNormalization and RotaryEmbedding of opset 23, else their parts
};

// Throws UsageError for a combination that does not work: 8-bit products on WebGPU.
Dialect dialect_for(Target target, Quantise quantise);

// As on the command line: "wasm", "int8". Throw UsageError naming the option for anything else.
Target target_from_name(const std::string& name);
Quantise quantise_from_name(const std::string& name);
std::string target_name(Target target);
std::string quantise_name(Quantise quantise);

}  // namespace ccx::onnx
