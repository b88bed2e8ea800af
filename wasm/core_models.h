// The two parts of an export that the core computes by itself where it can: faster than ONNX Runtime Web, whose
// convolutions are in float32, and which carries a language model's numbers through JavaScript at every word.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/lean/exported_tensors.h"
#include "core/lean/lean_decoder.h"
#include "core/lean/lean_vision.h"
#include "wasm/embedding_table.h"

namespace ccx::wasm {

// The vision graph. config: config.json; graph: vision.onnx. Both throw InputError or CheckpointError for what is
// damaged.
class Vision : public lean::LeanVision {
 public:
  Vision(std::string_view config, std::string_view graph, const EmbeddingTable::Read& read);
  // Otherwise nothing else may be called.
  bool can_see() const { return can_see_; }

 private:
  Vision(const model::ModelConfig& config, std::shared_ptr<const lean::Tensors> tensors);
  bool can_see_;
};

// The language model. graph: decoder.onnx.
class Language : public lean::LeanDecoder {
 public:
  Language(std::string_view config, std::string_view graph, const EmbeddingTable::Read& read);
  bool can_speak() const { return can_speak_; }

 private:
  Language(const model::ModelConfig& config, std::shared_ptr<const lean::Tensors> tensors);
  bool can_speak_;
};

}  // namespace ccx::wasm
