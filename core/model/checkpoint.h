// A Hugging Face checkpoint directory: config.json, model.safetensors or shards with an index.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/graph/weights.h"
#include "core/model/config.h"
#include "core/model/quantised_tensors.h"

namespace ccx::model {

// Opening reads the configuration and the headers, and maps the files; weights are read when they are asked for.
class Checkpoint : public WeightSource {
 public:
  // Throws CheckpointError naming the directory, file or key at fault.
  explicit Checkpoint(const std::filesystem::path& directory);
  Checkpoint(const Checkpoint&) = delete;
  Checkpoint& operator=(const Checkpoint&) = delete;

  // Compares the names and shapes of all tensors with what the graph reads. Throws CheckpointError naming the first
  // tensor that is missing, misshapen or extra, and the file.
  void check() const;

  const std::filesystem::path& directory() const { return directory_; }
  const ModelConfig& config() const { return config_; }
  const std::vector<std::unique_ptr<io::SafetensorsFile>>& files() const { return files_; }
  // All tensors as they are stored, with the file they lie in: of a weight of few bits, its parts.
  const StoredTensors& tensors() const { return tensors_; }

  // Of each weight, however it is stored. Throws CheckpointError where the parts of one do not fit together.
  std::map<std::string, Shape> shapes() const;
  // The weights that are stored in 8 or 4 bits, with their bits.
  const std::map<std::string, int>& quantised_bits() const { return quantised_.weights(); }
  // The fewest bits of a weight that is stored in 8 or 4; 0 where none is.
  int stored_bits() const;

  // Of the weights (io::sha256_weights). Reads every byte.
  std::string sha256() const;

  bool has(const std::string& name) const override { return tensors_.count(name) != 0 || quantised_.has(name); }
  // A weight of few bits as float32, made when asked and kept until it is released.
  io::TensorView get(const std::string& name) const override;
  std::optional<QuantisedView> quantised(const std::string& name) const override;
  std::string origin(const std::string& name) const override;
  void release(const std::string& name) const override;

 private:
  void open_weights();
  void check_stored(const std::string& name, const Shape& shape, bool may_have_few_bits) const;

  std::filesystem::path directory_;
  ModelConfig config_;
  std::vector<std::unique_ptr<io::SafetensorsFile>> files_;
  StoredTensors tensors_;
  QuantisedTensors quantised_;                              // of tensors_
  mutable std::map<std::string, std::vector<float>> made_;  // of few bits, by name
};

// Throws CheckpointError when a value is NaN or infinite, naming tensor and file.
void check_finite(const io::TensorView& view, const std::string& name, const std::string& file);

}  // namespace ccx::model
