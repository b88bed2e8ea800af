#include "wasm/core_models.h"

namespace ccx::wasm {
namespace {

std::shared_ptr<const lean::Tensors> tensors_of(std::string_view graph, const EmbeddingTable::Read& read) {
  return std::make_shared<lean::ExportedTensors>(
      graph, [read](const std::string& file, std::uint64_t offset, std::size_t bytes) {
        std::string found(bytes, '\0');
        read(file, offset, bytes, found.data());
        return found;
      });
}

model::ModelConfig parsed(std::string_view config) {
  return model::ModelConfig::from_json(config, "config.json");
}

}  // namespace

Vision::Vision(std::string_view config, std::string_view graph, const EmbeddingTable::Read& read)
    : Vision(parsed(config), tensors_of(graph, read)) {}

Vision::Vision(const model::ModelConfig& config, std::shared_ptr<const lean::Tensors> tensors)
    : LeanVision(config, std::make_shared<lean::LeanWeights>(tensors)),
      can_see_(lean::LeanOps::can_see(config, *tensors)) {}

Language::Language(std::string_view config, std::string_view graph, const EmbeddingTable::Read& read)
    : Language(parsed(config), tensors_of(graph, read)) {}

Language::Language(const model::ModelConfig& config, std::shared_ptr<const lean::Tensors> tensors)
    : LeanDecoder(config.text, std::make_shared<lean::LeanWeights>(tensors)),
      can_speak_(lean::LeanOps::can_speak(config, *tensors)) {}

}  // namespace ccx::wasm
