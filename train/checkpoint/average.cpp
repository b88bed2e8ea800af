#include "train/checkpoint/average.h"

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/error.h"
#include "core/io/file.h"
#include "core/model/checkpoint.h"
#include "core/model/config_keys.h"
#include "core/model/parameters.h"

namespace ccx::train {

namespace fs = std::filesystem;

namespace {

// The configuration, without what may differ between checkpoints of one run.
nlohmann::json model_of(const model::Checkpoint& checkpoint) {
  auto config = nlohmann::json::parse(checkpoint.config().to_json());
  config.erase("torch_dtype");
  for (const char* key : model::kChosenForWeights) config.erase(key);
  return config;
}

std::string tokenizer_of(const fs::path& directory) {
  const fs::path path = directory / "tokenizer.json";
  return fs::exists(path) ? io::read_file(path) : std::string();
}

class Mean final : public WeightSource {
 public:
  explicit Mean(const std::vector<std::unique_ptr<model::Checkpoint>>& checkpoints) : checkpoints_(checkpoints) {}

  bool has(const std::string& name) const override { return checkpoints_.front()->has(name); }

  io::TensorView get(const std::string& name) const override {
    const Shape shape = checkpoints_.front()->get(name).shape;
    std::vector<double> sums;
    for (const auto& checkpoint : checkpoints_) {
      const io::TensorView view = checkpoint->get(name);
      model::check_finite(view, name, checkpoint->origin(name));
      const std::vector<float> values = view.to_float32();
      sums.resize(values.size());
      for (size_t i = 0; i < values.size(); ++i) sums[i] += static_cast<double>(values[i]);
      checkpoint->release(name);
    }
    std::vector<float>& mean = means_[name];
    for (const double sum : sums) mean.push_back(static_cast<float>(sum / static_cast<double>(checkpoints_.size())));
    return {io::DType::kF32, shape, reinterpret_cast<const std::byte*>(mean.data()), mean.size() * sizeof(float)};
  }

  void release(const std::string& name) const override { means_.erase(name); }

 private:
  const std::vector<std::unique_ptr<model::Checkpoint>>& checkpoints_;
  mutable std::map<std::string, std::vector<float>> means_;
};

}  // namespace

void average_checkpoints(const std::vector<fs::path>& directories, const fs::path& out, SaveDType dtype,
                         bool overwrite) {
  if (directories.empty()) throw UsageError("name the checkpoints to average");
  for (const fs::path& directory : directories) io::require_outside(out, directory, "the model");
  CheckpointWriter writer(out, overwrite);
  std::vector<std::unique_ptr<model::Checkpoint>> checkpoints;
  for (const fs::path& directory : directories) {
    checkpoints.push_back(std::make_unique<model::Checkpoint>(directory));
    checkpoints.back()->check();
    if (model_of(*checkpoints.back()) != model_of(*checkpoints.front())) {
      throw CheckpointError((directory / "config.json").string() + " is of another model than " +
                            (directories.front() / "config.json").string());
    }
    if (tokenizer_of(directory) != tokenizer_of(directories.front())) {
      throw CheckpointError(directory.string() + " has another tokenizer than " + directories.front().string());
    }
  }
  std::map<std::string, Shape> shapes = checkpoints.front()->shapes();
  // What an older run carried along of the difference module that its head stands instead of.
  const model::ModelConfig& config = checkpoints.front()->config();
  if (config.change_head && config.change_head->stands_instead()) {
    const auto live = model::live_parameters(config), dead = model::dead_parameters(config);
    std::erase_if(shapes, [&](const auto& entry) { return live.count(entry.first) + dead.count(entry.first) == 0; });
  }

  writer.config_from(directories.front(), checkpoints.front()->config(), dtype);
  writer.tokenizer(directories.front());
  writer.weights(shapes, Mean(checkpoints), dtype);
  writer.commit();
}

}  // namespace ccx::train
