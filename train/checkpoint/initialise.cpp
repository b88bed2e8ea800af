#include "train/checkpoint/initialise.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/model/conv_config.h"
#include "core/model/names.h"
#include "core/model/parameters.h"
#include "core/model/parts.h"
#include "train/checkpoint/checkpoint_writer.h"

namespace ccx::train {
namespace {

namespace fs = std::filesystem;

std::map<std::string, Shape> all_shapes(const model::ModelConfig& config) {
  std::map<std::string, Shape> shapes = model::live_parameters(config);
  for (const auto& [name, shape] : model::dead_parameters(config)) shapes.emplace(name, shape);
  return shapes;
}

std::map<std::string, Shape> missing_shapes(const model::ModelConfig& config, const model::Checkpoint& checkpoint) {
  std::map<std::string, Shape> missing;
  for (const auto& [name, shape] : all_shapes(config)) {
    if (checkpoint.has(name)) continue;
    const bool may_be_created = model::part_of(name) == model::Part::kDifference ||
                                model::part_of(name) == model::Part::kChangeHead || model::is_unused_projector(name) ||
                                model::dead_parameters(config).count(name) != 0;
    if (!may_be_created) {
      throw CheckpointError(checkpoint.directory().string() + ": tensor \"" + name + "\" " + io::shape_text(shape) +
                            " is missing, and only the difference module and the change head can be made anew");
    }
    missing.emplace(name, shape);
  }
  return missing;
}

model::ModelConfig base_config(const model::Checkpoint& checkpoint, bool with_change_head) {
  model::ModelConfig config = checkpoint.config();
  if (with_change_head && !config.change_head) config.change_head.emplace();
  const bool has_module = config.difference.present && checkpoint.has(model::kDifferenceProjection);
  if (const int width = config.difference.embedding_dim;
      width < 128 || width % 4 != 0 || width % config.difference.heads() != 0) {
    throw CheckpointError(checkpoint.directory().string() + ": the tower is " + std::to_string(width) +
                          " wide; a difference " +
                          "module needs 128 or more that divides by 4 and by its width / 128 heads");
  }
  config.difference.present = true;
  if (!has_module && !config.vision.conv) {
    const model::VisionConfig published;
    const int states = config.vision.num_hidden_layers;
    config.vision.select_layers.clear();
    for (const int level : published.select_layers)
      config.vision.select_layers.push_back(std::max(0, level - 27 + states));
  }
  return config;
}

}  // namespace

BaseModel::BaseModel(const std::string& directory, uint64_t seed, bool with_change_head)
    : checkpoint_(directory),
      config_(base_config(checkpoint_, with_change_head)),
      fresh_(missing_shapes(config_, checkpoint_), derive_seed(seed, fnv1a("initialise")), /*scaled=*/false) {
  for (const auto& [name, shape] : all_shapes(config_)) {
    if (!checkpoint_.has(name)) created_.push_back(name);
  }
}

io::TensorView BaseModel::get(const std::string& name) const {
  return checkpoint_.has(name) ? checkpoint_.get(name) : fresh_.get(name);
}

void BaseModel::release(const std::string& name) const {
  checkpoint_.has(name) ? checkpoint_.release(name) : fresh_.release(name);
}

TowerFile::TowerFile(const fs::path& path) : file_(path) {
  const auto found = file_.metadata().find("mm_vision_config");
  if (found == file_.metadata().end()) {
    throw CheckpointError(path.string() +
                          " does not say which tower it is; scripts/get_tower_weights.py makes such files");
  }
  vision_ = model::conv_tower_from_json(found->second, path.string());
}

void TowerFile::check(const model::ModelConfig& config) const {
  if (!config.vision.conv) {
    throw UsageError("--tower-weights " + file_.path().string() + ": the configuration has no convolutional tower");
  }
  for (const auto& [name, shape] : model::live_parameters(config)) {
    if (model::part_of(name) != model::Part::kTower) continue;
    if (file_.tensors().count(name) == 0) {
      throw CheckpointError(file_.path().string() + " has no tensor \"" + name +
                            "\", which the configuration's tower needs");
    }
    if (file_.at(name).shape != shape) {
      throw CheckpointError(file_.path().string() + ": tensor \"" + name + "\" has shape " +
                            io::shape_text(file_.at(name).shape) + ", but the configuration's tower needs " +
                            io::shape_text(shape));
    }
  }
}

io::TensorView TowerFile::get(const std::string& name) const {
  return file_.tensors().count(name) != 0 ? file_.at(name) : others_->get(name);
}

std::string TowerFile::origin(const std::string& name) const {
  return file_.tensors().count(name) != 0 ? file_.path().string() : others_->origin(name);
}

void TowerFile::release(const std::string& name) const {
  if (file_.tensors().count(name) == 0) others_->release(name);
}

namespace {

model::ModelConfig described(const FreshCheckpoint& asked, const text::Tokenizer& tokenizer, const TowerFile* tower) {
  const bool file = fs::path(asked.shape).extension() == ".json";
  model::ModelConfig config =
      file ? fresh_config_from_file(asked.shape, tokenizer) : fresh_config(asked.shape, tokenizer);
  if (tower != nullptr && !file) {
    config.vision = tower->vision();
    config.vision.hidden_size = config.difference.embedding_dim;
    if (!config.change_head) config.change_head.emplace();
  }
  if (asked.image_size > 0) {
    if (tower == nullptr || file) throw UsageError("--image-size is for a named shape with --tower-weights");
    const int grid = config.vision.grid();
    if (asked.image_size % grid != 0) {
      throw UsageError("--image-size " + std::to_string(asked.image_size) + " is no multiple of the " +
                       std::to_string(grid) + " tokens a side");
    }
    config.vision.image_size = asked.image_size;
    config.vision.patch_size = asked.image_size / grid;
  }
  if (!asked.head_feed.empty()) {
    const auto feed = model::feed_from_name(asked.head_feed);
    if (!feed) throw UsageError("--head-feed " + asked.head_feed + ": choose none, context, gate, both or instead");
    if (!config.change_head) config.change_head.emplace();
    config.change_head->feed = *feed;
    config.change_head->cover = config.change_head->stands_instead();
  }
  // What it would be read as: refuses sizes that do not fit.
  return model::ModelConfig::from_json(config.to_json(), "the configuration that was asked for");
}

}  // namespace

void write_fresh_checkpoint(const FreshCheckpoint& asked) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(asked.tokenizer);
  std::optional<TowerFile> tower;
  if (!asked.tower_weights.empty()) tower.emplace(asked.tower_weights);
  const model::ModelConfig config = described(asked, tokenizer, tower ? &*tower : nullptr);
  if (tower) tower->check(config);
  const FreshWeights fresh(all_shapes(config), asked.seed,
                           /*scaled=*/asked.shape != "0.5b" && asked.shape != "7b");
  if (tower) tower->over(fresh);
  const WeightSource& weights = tower ? static_cast<const WeightSource&>(*tower) : fresh;

  CheckpointWriter writer(asked.out, asked.overwrite);
  writer.config(config, tokenizer);
  writer.tokenizer(asked.tokenizer);
  writer.weights(all_shapes(config), weights, SaveDType::kFloat32);
  writer.commit();
}

}  // namespace ccx::train
