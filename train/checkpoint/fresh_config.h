// Configurations of models that begin with fresh weights.
#pragma once

#include <filesystem>
#include <string>

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

}  // namespace ccx::train
