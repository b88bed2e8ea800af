// Damaged and sharded variants of the tiny checkpoint, made when a test needs them.
#pragma once

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/io/safetensors.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

namespace ccx::test {

inline std::filesystem::path tiny_checkpoint() {
  return data_dir() / "reference/tiny";
}

// A tensor that owns its bytes, so that a test can change them.
struct OwnedTensor {
  std::string name;
  io::TensorView view;
  std::vector<std::byte> bytes;
};

// Copies the tiny checkpoint to `target`, its tensors changed by `edit`.
inline void edited_checkpoint(const std::filesystem::path& target,
                              const std::function<void(std::vector<OwnedTensor>&)>& edit = nullptr) {
  std::filesystem::create_directories(target);
  for (const char* name : {"config.json", "generation_config.json", "tokenizer.json"}) {
    write_file(target / name, read_file(tiny_checkpoint() / name));
  }
  if (!edit) {
    std::filesystem::copy(tiny_checkpoint() / "model.safetensors", target / "model.safetensors");
    return;
  }
  const io::SafetensorsFile file(tiny_checkpoint() / "model.safetensors");
  std::vector<OwnedTensor> tensors;
  for (const auto& [name, view] : file.tensors()) tensors.push_back({name, view, {view.data, view.data + view.bytes}});
  edit(tensors);
  std::vector<io::NamedTensor> named;
  for (OwnedTensor& tensor : tensors) {
    tensor.view.data = tensor.bytes.data();
    tensor.view.bytes = tensor.bytes.size();
    named.push_back({tensor.name, tensor.view});
  }
  std::filesystem::remove(target / "model.safetensors");  // of an earlier call: files are written where none is
  io::write_safetensors(target / "model.safetensors", named);
}

inline OwnedTensor& find(std::vector<OwnedTensor>& tensors, const std::string& name) {
  for (OwnedTensor& tensor : tensors) {
    if (tensor.name == name) return tensor;
  }
  throw std::runtime_error("no tensor " + name);
}

// The tiny checkpoint in three shards with an index.
inline void sharded_checkpoint(const std::filesystem::path& target) {
  edited_checkpoint(target);
  const io::SafetensorsFile file(target / "model.safetensors");
  std::vector<std::vector<io::NamedTensor>> shards(3);
  std::string map;
  size_t i = 0;
  for (const auto& [name, view] : file.tensors()) {
    const size_t shard = i++ % 3;
    shards[shard].push_back({name, view});
    map += (map.empty() ? "" : ",") + ("\"" + name + "\":\"model-" + std::to_string(shard) + ".safetensors\"");
  }
  for (size_t s = 0; s < 3; ++s) {
    io::write_safetensors(target / ("model-" + std::to_string(s) + ".safetensors"), shards[s]);
  }
  std::filesystem::remove(target / "model.safetensors");
  write_file(target / "model.safetensors.index.json", "{\"metadata\":{},\"weight_map\":{" + map + "}}");
}

}  // namespace ccx::test
