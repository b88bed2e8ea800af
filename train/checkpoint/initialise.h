// Fresh weights: a whole model of a stated shape, or the parts that a base model lacks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/graph/tensor.h"
#include "core/graph/weights.h"
#include "core/model/checkpoint.h"
#include "core/model/config.h"
#include "core/text/tokenizer.h"

namespace ccx::train {

// Shapes for `ccx train --init`: "tiny" (tests), "mini" (trains on two CPU cores), and the published "0.5b" and "7b".
// The vocabulary is the tokenizer's, rounded up to 64 rows. Throws UsageError for another name.
model::ModelConfig fresh_config(const std::string& shape, const text::Tokenizer& tokenizer);

// The same from a config.json, whose vocabulary must hold the tokenizer. Throws UsageError, CheckpointError.
model::ModelConfig fresh_config_from_file(const std::string& path, const text::Tokenizer& tokenizer);

// A config.json, for plans. Throws CheckpointError, InputError.
model::ModelConfig read_config(const std::filesystem::path& path);

// float32 values made when asked for, a function of seed and name alone.
//   matrices     normal, standard deviation 0.02 (Qwen2's initializer_range; the reference gives the difference module
//   the
//                same), or with `scaled` sqrt(2 / (in + out)), which small models learn faster from
//   embeddings   normal 0.02, flags and positions too
//   convolutions normal, sqrt(2 / inputs of an output)
//   change head  normal, sqrt(1 / (3 inputs)), and 0 where it feeds the language model
//   biases 0, norms 1 and 0, cross_attn.in_proj_weight uniform by Xavier's rule
class FreshWeights : public WeightSource {
 public:
  FreshWeights(std::map<std::string, Shape> shapes, uint64_t seed, bool scaled)
      : shapes_(std::move(shapes)), seed_(seed), scaled_(scaled) {}
  bool has(const std::string& name) const override { return shapes_.count(name) != 0; }
  io::TensorView get(const std::string& name) const override;
  void release(const std::string& name) const override { made_.erase(name); }

 private:
  std::map<std::string, Shape> shapes_;
  uint64_t seed_;
  bool scaled_;
  mutable std::map<std::string, std::vector<float>> made_;
};

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
