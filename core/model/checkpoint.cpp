#include "core/model/checkpoint.h"

#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "core/graph/error.h"
#include "core/io/file.h"
#include "core/io/json.h"
#include "core/io/sha256.h"
#include "core/model/parameters.h"

namespace ccx::model {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostOfConfig = size_t{16} << 20;
constexpr size_t kMostOfIndex = size_t{64} << 20;

// The file names an index may give: no folders, nothing that leaves the directory.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
         name.find('\0') == std::string::npos;
}

std::vector<fs::path> weight_files(const fs::path& directory) {
  const fs::path single = directory / "model.safetensors";
  const fs::path index = directory / "model.safetensors.index.json";
  if (fs::exists(single)) return {single};
  if (!fs::exists(index)) {
    throw CheckpointError(directory.string() + " holds neither model.safetensors nor model.safetensors.index.json");
  }
  const nlohmann::json json = io::read_json(index, {.bytes = kMostOfIndex});
  if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object()) {
    throw CheckpointError(index.string() + " is not a JSON object with a \"weight_map\"");
  }
  std::set<std::string> names;
  for (const auto& [tensor, file] : json["weight_map"].items()) {
    if (!file.is_string() || !is_plain_name(file.get<std::string>())) {
      throw CheckpointError(index.string() + ": the file of tensor \"" + tensor + "\" is not a plain file name");
    }
    names.insert(file.get<std::string>());
  }
  std::vector<fs::path> paths;
  for (const std::string& name : names) {
    if (!fs::exists(directory / name))
      throw CheckpointError(index.string() + " names " + name + ", which is not there");
    paths.push_back(directory / name);
  }
  return paths;
}

}  // namespace

Checkpoint::Checkpoint(const fs::path& directory) : directory_(directory) {
  if (!fs::is_directory(directory)) {
    throw CheckpointError(directory.string() + " is not a directory; a model is a folder with config.json, " +
                          "model.safetensors and tokenizer.json");
  }
  const fs::path config = directory / "config.json";
  if (!fs::exists(config)) throw CheckpointError(directory.string() + " holds no config.json");
  config_ = ModelConfig::from_json(io::read_file(config, kMostOfConfig), config.string());
  open_weights();
}

void Checkpoint::open_weights() {
  for (const fs::path& path : weight_files(directory_)) {
    files_.push_back(std::make_unique<io::SafetensorsFile>(path));
    for (const auto& [name, view] : files_.back()->tensors()) {
      const auto [entry, added] = tensors_.emplace(name, files_.back().get());
      if (!added) {
        throw CheckpointError("tensor \"" + name + "\" lies both in " + entry->second->path().string() + " and in " +
                              path.string());
      }
    }
  }
  // The reference overwrites vocab_size by the embedding table's length, so the table is the truth where they differ.
  const auto table = tensors_.find("model.embed_tokens.weight");
  if (table != tensors_.end()) {
    const std::vector<int64_t>& shape = table->second->at(table->first).shape;
    if (shape.size() == 2 && shape[0] > 0 && shape[0] < (1 << 24)) config_.text.vocab_size = static_cast<int>(shape[0]);
  }
}

void Checkpoint::check() const {
  const std::map<std::string, Shape> live = live_parameters(config_);
  const std::map<std::string, Shape> dead = dead_parameters(config_);
  for (const auto& [name, shape] : live) {
    const auto found = tensors_.find(name);
    if (found == tensors_.end()) {
      throw CheckpointError(directory_.string() + ": tensor \"" + name + "\" " + io::shape_text(shape) +
                            " is missing; is this a CCExpert checkpoint, and are all its shards there?");
    }
    const std::vector<int64_t>& stored = found->second->at(name).shape;
    if (stored != shape) {
      throw CheckpointError(found->second->path().string() + ": tensor \"" + name + "\" has shape " +
                            io::shape_text(stored) + ", but config.json asks for " + io::shape_text(shape));
    }
    const io::DType dtype = found->second->at(name).dtype;
    if (dtype != io::DType::kF32 && dtype != io::DType::kF16 && dtype != io::DType::kBF16) {
      throw CheckpointError(found->second->path().string() + ": tensor \"" + name + "\" is stored as " +
                            std::string(io::dtype_name(dtype)) + "; weights must be F32, F16 or BF16");
    }
  }
  for (const auto& [name, file] : tensors_) {
    if (live.count(name) == 0 && dead.count(name) == 0 && !is_ignored_tensor(name, config_)) {
      throw CheckpointError(file->path().string() + ": tensor \"" + name +
                            "\" is not part of the model that config.json describes");
    }
  }
}

std::string Checkpoint::sha256() const {
  std::vector<std::filesystem::path> paths;
  for (const auto& file : files_) paths.push_back(file->path());
  return io::sha256_weights(paths);
}

io::TensorView Checkpoint::get(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) throw CheckpointError(directory_.string() + ": tensor \"" + name + "\" is missing");
  return found->second->at(name);
}

std::string Checkpoint::origin(const std::string& name) const {
  const auto found = tensors_.find(name);
  return (found == tensors_.end() ? directory_ : found->second->path()).string();
}

void Checkpoint::release(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found != tensors_.end()) found->second->release(found->second->at(name));
}

void check_finite(const io::TensorView& view, const std::string& name, const std::string& file) {
  // A value is NaN or infinite exactly when all bits of its exponent are set.
  const auto any = [&](auto exponent) {
    using Word = decltype(exponent);
    const auto count = static_cast<size_t>(view.elements());
    bool found = false;
    for (size_t i = 0; i < count; ++i) {
      Word word;
      std::memcpy(&word, view.data + i * sizeof(Word), sizeof(Word));
      found |= (word & exponent) == exponent;
    }
    return found;
  };
  bool bad = false;
  if (view.dtype == io::DType::kF32) bad = any(uint32_t{0x7f800000});
  if (view.dtype == io::DType::kF16) bad = any(uint16_t{0x7c00});
  if (view.dtype == io::DType::kBF16) bad = any(uint16_t{0x7f80});
  if (bad) throw CheckpointError(file + ": tensor \"" + name + "\" holds NaN or infinite values; the file is damaged");
}

}  // namespace ccx::model
