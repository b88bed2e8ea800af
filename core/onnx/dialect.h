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
// embedding and the logits keep their precision. kInt4 is for the language model, and on WebGPU for the tower as well;
// elsewhere the vision graph has 8-bit products, which are faster and need no unpacking into float32, and so has the
// language model's attention, where 4 bits cost most.
enum class Quantise { kNone, kFloat16, kInt8, kInt4 };

// How a product reads its weight.
enum class Product {
  kFloat,            // MatMul in float32
  kFloat16,          // MatMul in float16, of activations that are float32 before and after
  kDynamicInt8,      // MatMulInteger: activations are quantised as they come
  kMatMulNBits,      // com.microsoft.MatMulNBits: unpacked at every call
  kDequantizedInt4,  // DequantizeLinear, MatMul: unpacked when the session loads
};

enum class AttentionForm {
  kDecomposed,  // MatMul, Softmax, MatMul
  kFused,       // com.microsoft.MultiHeadAttention where no mask and no cache is involved, else Attention of opset 23
};

struct Dialect {
  int opset = 23;
  ElementType stored = ElementType::kFloat;  // floating-point weights in the file; they are computed with as float32
  Product vision_product = Product::kFloat;
  Product language_product = Product::kFloat;
  Product language_attention_product = Product::kFloat;  // of q, k, v and o
  int64_t accuracy_level = 0;                            // of MatMulNBits: 4 lets it quantise activations to 8 bits
  AttentionForm attention = AttentionForm::kDecomposed;
  // Attention of images is decomposed all the same where one image's scores take no more bytes than this.
  int64_t small_scores_bytes = 0;
  bool fused_rotary_and_norm = false;  // RotaryEmbedding and RMSNormalization of opset 23, else their parts
};

// Throws UsageError for a combination that does not work: 8-bit products on WebGPU.
Dialect dialect_for(Target target, Quantise quantise);

// As on the command line: "wasm", "int8". Throw UsageError naming the option for anything else.
Target target_from_name(const std::string& name);
Quantise quantise_from_name(const std::string& name);
std::string target_name(Target target);
std::string quantise_name(Quantise quantise);

}  // namespace ccx::onnx
