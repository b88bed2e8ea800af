#include "train/checkpoint/checkpoint_writer.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>
#include <regex>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/graph/quantise.h"
#include "core/io/file.h"
#include "core/io/json.h"
#include "core/io/safetensors.h"
#include "core/model/checkpoint.h"
#include "core/model/config_keys.h"
#include "core/model/quantised_tensors.h"

namespace ccx::train {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTokenizerFiles[] = {
    "tokenizer.json",          "vocab.json",       "merges.txt", "tokenizer_config.json",
    "special_tokens_map.json", "added_tokens.json"};

io::DType stored_as(SaveDType dtype) {
  return dtype == SaveDType::kFloat32   ? io::DType::kF32
         : dtype == SaveDType::kFloat16 ? io::DType::kF16
                                        : io::DType::kBF16;
}

const char* torch_name(SaveDType dtype) {
  return dtype == SaveDType::kFloat32 ? "float32" : dtype == SaveDType::kFloat16 ? "float16" : "bfloat16";
}

// The bytes of a tensor in the dtype that is saved.
std::string converted(const io::TensorView& view, SaveDType dtype) {
  if (view.dtype == stored_as(dtype)) return {reinterpret_cast<const char*>(view.data), view.bytes};
  const std::vector<float> values = view.to_float32();
  if (dtype == SaveDType::kFloat32) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
  }
  std::string bytes(values.size() * 2, '\0');
  for (size_t i = 0; i < values.size(); ++i) {
    const uint16_t bits =
        dtype == SaveDType::kFloat16 ? io::float_to_half(values[i]) : io::float_to_bfloat16(values[i]);
    std::memcpy(bytes.data() + 2 * i, &bits, 2);
  }
  return bytes;
}

// The parts of a weight of 8 or 4 bits, in the order of model::stored_parts().
std::vector<std::string> quantised_bytes(const WeightSource& source, const std::string& name, int bits) {
  const io::TensorView view = source.get(name);
  model::check_finite(view, name, source.origin(name));
  const int64_t rows = view.shape.at(0), columns = view.shape.at(1);
  const auto in_row = view.bytes / static_cast<size_t>(rows);
  const int64_t row_bytes = quantised_row_bytes(bits, columns), row_scales = scales_of_row(bits, columns);
  std::string values(static_cast<size_t>(rows * row_bytes), '\0');
  std::vector<float> scales(static_cast<size_t>(rows * row_scales));
  constexpr int64_t kRows = 256;  // as float32 at once
  for (int64_t first = 0; first < rows; first += kRows) {
    const int64_t count = std::min(kRows, rows - first);
    const io::TensorView some{view.dtype,
                              {count, columns},
                              view.data + static_cast<size_t>(first) * in_row,
                              static_cast<size_t>(count) * in_row};
    quantise_rows(bits, some.to_float32(), count, columns, values.data() + first * row_bytes,
                  scales.data() + first * row_scales);
  }
  const auto bytes_of = [](const auto& numbers) {
    return std::string(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(numbers[0]));
  };
  std::vector<std::string> parts = {std::move(values), bytes_of(scales)};
  if (bits == 4) parts.push_back(bytes_of(std::vector<int64_t>{rows, columns}));
  return parts;
}

std::string shard_name(size_t index, size_t count) {
  char name[64];
  std::snprintf(name, sizeof(name), "model-%05zu-of-%05zu.safetensors", index + 1, count);
  return name;
}

}  // namespace

SaveDType parse_save_dtype(const std::string& name) {
  if (name == "fp32") return SaveDType::kFloat32;
  if (name == "bf16") return SaveDType::kBFloat16;
  if (name == "fp16") return SaveDType::kFloat16;
  throw UsageError("--save-dtype is fp32, bf16 or fp16, not \"" + name + "\"");
}

io::DirectoryKind checkpoint_directory() {
  const auto own_files = [](const fs::path& directory) -> std::optional<io::FileNames> {
    std::error_code ignored;
    if (!fs::is_regular_file(directory / "training_state.json", ignored)) return std::nullopt;
    try {
      const auto state = io::read_json(directory / "training_state.json");
      if (!state.is_object() || !state.contains("progress") || !state.contains("identity")) return std::nullopt;
    } catch (const InputError&) {
      return std::nullopt;
    }
    static const std::regex written(
        R"((config|generation_config|training_state|model\.safetensors\.index)\.json|model[-0-9a-z]*\.safetensors|)"
        R"(training_state/rank-[0-9]+\.safetensors)");
    io::FileNames names(std::begin(kTokenizerFiles), std::end(kTokenizerFiles));
    for (const std::string& name : io::all_files(directory)) {
      if (std::regex_match(name, written)) names.insert(name);
    }
    return names;
  };
  return {"checkpoint", io::kMarkerFile, own_files};
}

CheckpointWriter::CheckpointWriter(const fs::path& target, bool overwrite)
    : directory_(target, overwrite, checkpoint_directory()) {}

void CheckpointWriter::config(const model::ModelConfig& config, const text::Tokenizer& tokenizer) {
  io::write_file_atomically(folder() / "config.json", config.to_json());
  const int64_t end_of_text = tokenizer.require_token("<|endoftext|>");
  const nlohmann::ordered_json generation = {{"bos_token_id", end_of_text},
                                             {"pad_token_id", end_of_text},
                                             {"eos_token_id", {tokenizer.require_token("<|im_end|>"), end_of_text}},
                                             {"do_sample", false},
                                             {"repetition_penalty", 1.0}};
  io::write_file_atomically(folder() / "generation_config.json", generation.dump(2) + "\n");
}

void CheckpointWriter::config_from(const fs::path& base, const model::ModelConfig& config, SaveDType dtype) {
  auto json = io::read_json<nlohmann::ordered_json>(base / "config.json");
  if (!json.is_object()) throw CheckpointError((base / "config.json").string() + " is not a JSON object");
  const auto ours = nlohmann::ordered_json::parse(config.to_json());
  for (const auto& [key, value] : ours.items()) {
    // What the difference module needs, and what says how images enter; the rest stays as the base model has it.
    const bool replaced = key == "architectures" || key == "model_type" || key == "vocab_size" ||
                          key == "mm_vision_select_layer" || key == "mm_resampler_type" ||
                          key == "mm_patch_merge_type" || key == "image_aspect_ratio";
    const bool added = (key == "cc_expert_args" || key == "change_head") && !json.contains(key);
    if (replaced || added) json[key] = value;
  }
  json["torch_dtype"] = torch_name(dtype);
  json.erase("dtype");  // the same, as transformers 5 spells it
  json.erase("quantization_config");
  for (const char* key : model::kChosenForWeights) json.erase(key);
  io::write_file_atomically(folder() / "config.json", json.dump(2) + "\n");
  copy_generation(base);
}

void CheckpointWriter::config_quantised(const fs::path& base, int bits) {
  auto json = io::read_json<nlohmann::ordered_json>(base / "config.json");
  json["quantization_config"] = nlohmann::ordered_json::parse(model::quantisation_json(bits));
  io::write_file_atomically(folder() / "config.json", json.dump(2) + "\n");
  copy_generation(base);
}

void CheckpointWriter::copy_generation(const fs::path& base) {
  const fs::path generation = base / "generation_config.json";
  if (fs::exists(generation)) io::write_file_atomically(folder() / "generation_config.json", io::read_file(generation));
}

void CheckpointWriter::tokenizer(const fs::path& from) {
  const fs::path directory = fs::is_directory(from) ? from : from.parent_path();
  for (const char* name : kTokenizerFiles) {
    if (fs::exists(directory / name)) io::write_file_atomically(folder() / name, io::read_file(directory / name));
  }
}

// A weight as it is written: its tensors, and their bytes when they are asked for.
struct CheckpointWriter::StoredWeight {
  std::vector<model::StoredPart> parts;
  std::function<std::vector<std::string>()> bytes;  // of each part

  int64_t size() const {
    int64_t total = 0;
    for (const model::StoredPart& part : parts) {
      int64_t bytes_of_part = static_cast<int64_t>(io::dtype_size(part.dtype));
      for (const int64_t size : part.shape) bytes_of_part *= size;
      total += bytes_of_part;
    }
    return total;
  }
};

void CheckpointWriter::weights(const std::map<std::string, Shape>& tensors, const WeightSource& source, SaveDType dtype,
                               int64_t shard_bytes) {
  std::vector<StoredWeight> stored;
  for (const auto& entry : tensors) {
    const std::string name = entry.first;
    stored.push_back({{{name, stored_as(dtype), entry.second}}, [&source, name, dtype] {
                        std::vector<std::string> bytes = {converted(source.get(name), dtype)};
                        source.release(name);
                        return bytes;
                      }});
  }
  write_shards(stored, shard_bytes);
}

void CheckpointWriter::quantised_weights(const std::map<std::string, Shape>& tensors, const WeightSource& source,
                                         const std::map<std::string, int>& bits, int64_t shard_bytes) {
  std::vector<StoredWeight> stored;
  for (const auto& entry : tensors) {
    const std::string name = entry.first;
    const auto few = bits.find(name);
    if (few == bits.end()) {
      stored.push_back({{{name, source.get(name).dtype, entry.second}}, [&source, name] {
                          const io::TensorView kept = source.get(name);
                          model::check_finite(kept, name, source.origin(name));
                          std::vector<std::string> bytes = {
                              std::string(reinterpret_cast<const char*>(kept.data), kept.bytes)};
                          source.release(name);
                          return bytes;
                        }});
      continue;
    }
    stored.push_back({model::stored_parts(name, entry.second, few->second), [&source, name, few] {
                        std::vector<std::string> bytes = quantised_bytes(source, name, few->second);
                        source.release(name);
                        return bytes;
                      }});
  }
  write_shards(stored, shard_bytes);
}

void CheckpointWriter::write_shards(const std::vector<StoredWeight>& weights, int64_t shard_bytes) {
  // Which weights share a file, from the shapes alone: one file's are in memory at a time.
  std::vector<std::vector<const StoredWeight*>> files(1);
  int64_t total = 0, in_file = 0;
  for (const StoredWeight& weight : weights) {
    const int64_t bytes = weight.size();
    if (in_file > 0 && in_file + bytes > shard_bytes) {
      files.emplace_back();
      in_file = 0;
    }
    files.back().push_back(&weight);
    in_file += bytes;
    total += bytes;
  }
  nlohmann::ordered_json index = {{"metadata", {{"total_size", total}}},
                                  {"weight_map", nlohmann::ordered_json::object()}};
  for (size_t i = 0; i < files.size(); ++i) {
    const std::string file = files.size() == 1 ? "model.safetensors" : shard_name(i, files.size());
    std::vector<std::vector<std::string>> bytes;
    std::vector<io::NamedTensor> written;
    for (const StoredWeight* weight : files[i]) {
      bytes.push_back(weight->bytes());
      for (size_t part = 0; part < weight->parts.size(); ++part) {
        const model::StoredPart& stored = weight->parts[part];
        const std::string& values = bytes.back()[part];
        written.push_back(
            {stored.name,
             {stored.dtype, stored.shape, reinterpret_cast<const std::byte*>(values.data()), values.size()}});
        index["weight_map"][stored.name] = file;
      }
    }
    io::write_safetensors(folder() / file, written, {{"format", "pt"}});
  }
  if (files.size() > 1) io::write_file_atomically(folder() / "model.safetensors.index.json", index.dump(2) + "\n");
}

}  // namespace ccx::train
