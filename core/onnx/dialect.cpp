#include "core/onnx/dialect.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/error.h"

namespace ccx::onnx {
namespace {

constexpr std::array<std::pair<const char*, Target>, 3> kTargets = {
    {{"wasm", Target::kWasm}, {"webgpu", Target::kWebGpu}, {"cpu", Target::kCpu}}};
constexpr std::array<std::pair<const char*, Quantise>, 4> kQuantise = {
    {{"none", Quantise::kNone}, {"fp16", Quantise::kFloat16}, {"int8", Quantise::kInt8}, {"int4", Quantise::kInt4}}};

template <typename Table>
auto find(const Table& table, const std::string& name, const char* option) {
  std::string all;
  for (const auto& [known, value] : table) {
    if (name == known) return value;
    all += all.empty() ? known : std::string(", ") + known;
  }
  throw UsageError(std::string(option) + " is \"" + name + "\"; it must be one of " + all);
}

template <typename Table, typename Value>
std::string name_of(const Table& table, Value value) {
  return std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.second == value; })->first;
}

}  // namespace

Dialect dialect_for(Target target, Quantise quantise) {
  Dialect dialect;
  if (target == Target::kWebGpu) {
    // Fused attention has given wrong results there (64 positions and more), so only plain operators are used.
    dialect.opset = 21;
    dialect.attention = AttentionForm::kDecomposed;
  } else {
    // In the tower MultiHeadAttention never holds all scores at once: 0.7 GB less for a pair of the 0.5B model.
    dialect.opset = 23;
    dialect.attention = AttentionForm::kFused;
    dialect.fused_rotary_and_norm = true;
    // In WebAssembly it takes 1.6 times as long as its parts, which small models can have the memory for.
    if (target == Target::kWasm) dialect.small_scores_bytes = int64_t{16} << 20;
  }
  switch (quantise) {
    case Quantise::kNone:
      break;
    case Quantise::kFloat16:
      dialect.stored = ElementType::kFloat16;
      // Sums, norms, softmax and the residual stream stay in float32: large activations are beyond float16.
      if (target == Target::kWebGpu) dialect.vision_product = dialect.language_product = Product::kFloat16;
      break;
    case Quantise::kInt8:
      if (target == Target::kWebGpu) {
        throw UsageError("--quantize int8 has no operators on --target webgpu; use fp16 or int4 there");
      }
      dialect.vision_product = dialect.language_product = Product::kDynamicInt8;
      break;
    case Quantise::kInt4:
      dialect.language_product = target == Target::kWasm ? Product::kDequantizedInt4 : Product::kMatMulNBits;
      dialect.vision_product = target == Target::kWebGpu ? Product::kMatMulNBits : Product::kDynamicInt8;
      // There the difference module's products stay floating-point, and would weigh as much as the whole tower.
      if (target == Target::kWebGpu) dialect.stored = ElementType::kFloat16;
      dialect.accuracy_level = target == Target::kCpu ? 4 : 0;
      break;
  }
  // Rounding to 4 bits shows most in what is attended to. Attention is a tenth of a large model's weights, a quarter of
  // a small one's.
  const bool mixed = quantise == Quantise::kInt4 && target != Target::kWebGpu;
  dialect.language_attention_product = mixed ? Product::kDynamicInt8 : dialect.language_product;
  return dialect;
}

Target target_from_name(const std::string& name) {
  return find(kTargets, name, "--target");
}
Quantise quantise_from_name(const std::string& name) {
  return find(kQuantise, name, "--quantize");
}
std::string target_name(Target target) {
  return name_of(kTargets, target);
}
std::string quantise_name(Quantise quantise) {
  return name_of(kQuantise, quantise);
}

}  // namespace ccx::onnx
