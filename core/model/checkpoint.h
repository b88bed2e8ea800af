// A Hugging Face checkpoint directory: config.json, model.safetensors or shards with an index.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/graph/weights.h"
#include "core/model/config.h"

namespace ccx::model {

// Opening reads the configuration and the headers, and maps the files; weights are read when they are asked for.
class Checkpoint : public WeightSource {
 public:
  // Throws CheckpointError naming the directory, file or key at fault.
  explicit Checkpoint(const std::filesystem::path& directory);

  // Compares the names and shapes of all tensors with what the graph reads. Throws CheckpointError naming the first
  // tensor that is missing, misshapen or extra, and the file.
  void check() const;

  const std::filesystem::path& directory() const { return directory_; }
  const ModelConfig& config() const { return config_; }
  const std::vector<std::unique_ptr<io::SafetensorsFile>>& files() const { return files_; }
  // All tensors with the file they lie in.
  const std::map<std::string, const io::SafetensorsFile*>& tensors() const { return tensors_; }

  // Of the weights (io::sha256_weights). Reads every byte.
  std::string sha256() const;

  bool has(const std::string& name) const override { return tensors_.count(name) != 0; }
  io::TensorView get(const std::string& name) const override;
  std::string origin(const std::string& name) const override;
  void release(const std::string& name) const override;

 private:
  void open_weights();

  std::filesystem::path directory_;
  ModelConfig config_;
  std::vector<std::unique_ptr<io::SafetensorsFile>> files_;
  std::map<std::string, const io::SafetensorsFile*> tensors_;
};

// Throws CheckpointError when a value is NaN or infinite, naming tensor and file.
void check_finite(const io::TensorView& view, const std::string& name, const std::string& file);

}  // namespace ccx::model
