// The language model of an export, computed by the core itself where it can: a small one, whose numbers ONNX Runtime
// Web would carry through JavaScript at every word.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/lean/lean_cache.h"
#include "core/lean/lean_ops.h"
#include "core/model/qwen2.h"
#include "wasm/caption_session.h"
#include "wasm/vision.h"

namespace ccx::wasm {

class Language {
 public:
  // config: config.json; graph: decoder.onnx. Throws InputError or CheckpointError for what is damaged.
  Language(std::string_view config, std::string_view graph, const EmbeddingTable::Read& read);

  // Otherwise nothing below may be called.
  bool can_speak() const { return can_speak_; }

  // As the graph (docs/export.md): logits [asked, vocabulary] of new positions behind the first `past` of those that it
  // has read before; what it knows of others is forgotten. Throws std::invalid_argument for inputs that do not fit.
  std::vector<float> run(const DecoderInputs& inputs, std::int64_t past);

 private:
  model::ModelConfig config_;
  lean::ExportedTensors tensors_;
  bool can_speak_;
  lean::LeanOps ops_;
  lean::LeanCache cache_;
};

}  // namespace ccx::wasm
