// Finds the files of a checkpoint in its folder, or says what the folder is instead and what to do about it.
#pragma once

#include <filesystem>
#include <vector>

namespace ccx::model {

// Whether the folder has a config.json. Of the weights nothing is said.
bool has_config(const std::filesystem::path& directory);

// The safetensors files of a checkpoint: model.safetensors, or the shards that its index names. Only names are looked
// at, and the first bytes where a file is too small to be weights. Throws CheckpointError where `directory` is no
// folder with a config.json and weights that ccx reads: it names what was found (an archive, a GGUF or ONNX model,
// pickled, LoRA or DeepSpeed weights, pointers of Git LFS, the folder above the checkpoint's, an unfinished download)
// and what to do.
std::vector<std::filesystem::path> checkpoint_files(const std::filesystem::path& directory);

}  // namespace ccx::model
