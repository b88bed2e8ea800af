// The vision part of an export, computed by the core itself where it can: faster than by ONNX Runtime Web, whose
// convolutions are in float32, and an image at a time, so that two workers may share a pair.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/lean/lean_ops.h"
#include "core/model/ccexpert.h"
#include "wasm/embedding_table.h"

namespace ccx::wasm {

// [1, C, h, w], pixel by pixel.
struct FeatureMap {
  Shape shape;
  std::vector<float> pixels;
};

// Reads files of an export for its tensors.
inline lean::ExportedTensors::Read as_texts(const EmbeddingTable::Read& read) {
  return [read](const std::string& file, std::uint64_t offset, std::size_t bytes) {
    std::string found(bytes, '\0');
    read(file, offset, bytes, found.data());
    return found;
  };
}

class Vision {
 public:
  // config: config.json; graph: vision.onnx. Throws InputError or CheckpointError for what is damaged.
  Vision(std::string_view config, std::string_view graph, const EmbeddingTable::Read& read);

  // Otherwise nothing below may be called.
  bool can_see() const { return can_see_; }

  // image: [3, S, S], as the graph gets it -> the tower's maps.
  std::vector<FeatureMap> look(std::span<const float> image);

  // As the outputs of the graph (docs/export.md), of one pair.
  struct Seen {
    std::vector<float> before, after;  // [tokens, hidden_size]
    std::vector<float> saliency;       // [grid, grid]
    std::vector<float> map;            // [kinds, cells, cells]
    int cells = 0;
    double flag = 0;
  };
  Seen compare(std::vector<FeatureMap> before, std::vector<FeatureMap> after);

 private:
  model::CCExpert model_;
  lean::ExportedTensors tensors_;
  bool can_see_;
  lean::LeanOps ops_;
};

}  // namespace ccx::wasm
