// Writes a Hugging Face checkpoint directory that ccx and the reference load: beside its place, then renamed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "core/graph/tensor.h"
#include "core/graph/weights.h"
#include "core/model/config.h"
#include "core/text/tokenizer.h"

namespace ccx::train {

enum class SaveDType { kFloat32, kBFloat16, kFloat16 };
SaveDType parse_save_dtype(const std::string& name);  // "fp32", "bf16", "fp16"; throws UsageError

// A directory under construction: everything goes to a folder beside `target`, which commit() puts in its place. Without
// commit() nothing is left behind, so that a full disk or a crash costs nothing that was saved before.
class CheckpointWriter {
 public:
  explicit CheckpointWriter(const std::filesystem::path& target);
  CheckpointWriter(const CheckpointWriter&) = delete;
  CheckpointWriter& operator=(const CheckpointWriter&) = delete;
  ~CheckpointWriter();

  const std::filesystem::path& folder() const { return folder_; }

  // config.json, generation_config.json (greedy, with the tokenizer's ids).
  void config(const model::ModelConfig& config, const text::Tokenizer& tokenizer);
  // config.json out of a base model's own, with what training changes replaced: every key that the reference reads stays.
  void config_from(const std::filesystem::path& base, const model::ModelConfig& config, SaveDType dtype);
  // The tokenizer's files, from a directory or beside a tokenizer.json.
  void tokenizer(const std::filesystem::path& from);
  // model.safetensors, or shards of at most `shard_bytes` with an index.
  void weights(const std::map<std::string, Shape>& tensors, const WeightSource& source, SaveDType dtype,
               int64_t shard_bytes = 5'000'000'000);
  void commit();

 private:
  std::filesystem::path target_;
  std::filesystem::path folder_;
  bool committed_ = false;
};

// Makes `link` point to `target` (a name beside it), replacing what it pointed to in one step.
void point_link(const std::filesystem::path& link, const std::string& target);

}  // namespace ccx::train
