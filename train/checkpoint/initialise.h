// Where training begins: a whole model with fresh weights, or a base model with fresh ones for what it lacks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/graph/weights.h"
#include "core/io/safetensors.h"
#include "core/model/checkpoint.h"
#include "core/model/config.h"
#include "train/checkpoint/fresh_config.h"
#include "train/checkpoint/fresh_weights.h"

namespace ccx::train {

// A checkpoint to start from, with what it lacks made fresh. LLaVA-OneVision has no difference module, no
// mm_cc_projector and one tower block less, and reads one tower level where CCExpert reads four.
class BaseModel : public WeightSource {
 public:
  // `with_change_head`: give the model a change head where it has none.
  BaseModel(const std::string& directory, uint64_t seed, bool with_change_head = false);

  const model::ModelConfig& config() const { return config_; }
  // Names that are not in the checkpoint, in order.
  const std::vector<std::string>& created() const { return created_; }
  const model::Checkpoint& checkpoint() const { return checkpoint_; }

  bool has(const std::string& name) const override { return checkpoint_.has(name) || fresh_.has(name); }
  io::TensorView get(const std::string& name) const override;
  std::string origin(const std::string& name) const override { return checkpoint_.origin(name); }
  void release(const std::string& name) const override;

 private:
  model::Checkpoint checkpoint_;
  model::ModelConfig config_;
  std::vector<std::string> created_;
  FreshWeights fresh_;
};

// The weights of a convolutional tower in a file of scripts/get_tower_weights.py, over other weights.
class TowerFile : public WeightSource {
 public:
  // Throws CheckpointError naming the file where it is not of a tower.
  explicit TowerFile(const std::filesystem::path& path);
  // What the file says it is: image_size, token_stride and hidden_size are suggestions.
  const model::VisionConfig& vision() const { return vision_; }
  // Throws CheckpointError naming the first tensor of the configuration's tower that the file lacks or has in another
  // shape.
  void check(const model::ModelConfig& config) const;
  void over(const WeightSource& others) { others_ = &others; }

  bool has(const std::string& name) const override { return file_.tensors().count(name) != 0 || others_->has(name); }
  io::TensorView get(const std::string& name) const override;
  std::string origin(const std::string& name) const override;
  void release(const std::string& name) const override;

 private:
  io::SafetensorsFile file_;
  model::VisionConfig vision_;
  const WeightSource* others_ = nullptr;
};

struct FreshCheckpoint {
  std::string shape;      // a named one, or a config.json
  std::string tokenizer;  // the folder or file it is read from
  std::string out;
  uint64_t seed = 42;
  // A file of TowerFile, or empty: a named shape gets that tower and a change head.
  std::filesystem::path tower_weights = {};
  bool overwrite = false;
  std::string head_feed = {};  // not empty: a change head that feeds so (ChangeHeadConfig::Feed)
  int image_size = 0;          // not 0: pixels a side that a tower of tower_weights sees, with as many tokens
};

// Writes config.json, weights in float32, generation_config.json and the tokenizer's files. A config.json must describe
// the tower of `tower_weights`. Throws UsageError when `out` exists already, and for what does not go together.
void write_fresh_checkpoint(const FreshCheckpoint& fresh);

}  // namespace ccx::train
