// Which model a run uses: where it lies, and digests that tell it from another. Loads nothing.
#pragma once

#include <filesystem>
#include <string>

namespace ccx::model {

// What a checkpoint directory is, found without loading it.
struct ModelInfo {
  std::string name;             // the directory's own name
  std::string sha256;           // of the weights: model.safetensors' own digest, or the digest of the shards' digests
  std::string settings_sha256;  // of config.json, generation_config.json and tokenizer.json
};

// The model that is used when none is named, the first of: the directory that the environment variable CCX_MODEL names;
// share/ccx/models/default of the installation that the running program belongs to; models/default of the source tree
// it was built in. Throws UsageError saying where it looked.
std::filesystem::path default_model_dir();

// ModelInfo without sha256. Throws CheckpointError when `model` is no directory with a config.json and weights.
ModelInfo describe_model(const std::filesystem::path& model);

// The digest of the weights (io::sha256_weights). Reads every byte.
std::string weights_sha256(const std::filesystem::path& model);

}  // namespace ccx::model
