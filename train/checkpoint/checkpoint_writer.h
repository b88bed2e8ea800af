// Writes a Hugging Face checkpoint directory that ccx and the reference load, whole or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/graph/tensor.h"
#include "core/graph/weights.h"
#include "core/io/atomic_directory.h"
#include "core/model/config.h"
#include "core/text/tokenizer.h"

namespace ccx::train {

enum class SaveDType { kFloat32, kBFloat16, kFloat16 };
SaveDType parse_save_dtype(const std::string& name);  // "fp32", "bf16", "fp16"; throws UsageError

// How such a directory is known: by its marker, and a training run's from before there were markers by its state.
io::DirectoryKind checkpoint_directory();

// A checkpoint under construction, as an AtomicDirectory, which says what is refused and when an earlier one is
// replaced.
class CheckpointWriter {
 public:
  CheckpointWriter(const std::filesystem::path& target, bool overwrite);

  const std::filesystem::path& folder() const { return directory_.path(); }

  // config.json, generation_config.json (greedy, with the tokenizer's ids).
  void config(const model::ModelConfig& config, const text::Tokenizer& tokenizer);
  // config.json out of a base model's own, with what training changes replaced: every key that the reference reads
  // stays.
  void config_from(const std::filesystem::path& base, const model::ModelConfig& config, SaveDType dtype);
  // A base model's own, saying that the products' weights have `bits` (8 or 4). What was chosen for its weights stays.
  void config_quantised(const std::filesystem::path& base, int bits);
  // The tokenizer's files, from a directory or beside a tokenizer.json.
  void tokenizer(const std::filesystem::path& from);
  // model.safetensors, or shards of at most `shard_bytes` with an index.
  void weights(const std::map<std::string, Shape>& tensors, const WeightSource& source, SaveDType dtype,
               int64_t shard_bytes = 5'000'000'000);
  // The same, with the weights that `bits` names in 8 or 4 bits and the others as the source has them. One shard is in
  // memory at a time.
  void quantised_weights(const std::map<std::string, Shape>& tensors, const WeightSource& source,
                         const std::map<std::string, int>& bits, int64_t shard_bytes = 1'000'000'000);
  void commit() { directory_.commit(); }

 private:
  struct StoredWeight;
  void write_shards(const std::vector<StoredWeight>& weights, int64_t shard_bytes);
  void copy_generation(const std::filesystem::path& base);

  io::AtomicDirectory directory_;
};

}  // namespace ccx::train
