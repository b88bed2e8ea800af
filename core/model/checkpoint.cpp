#include "core/model/checkpoint.h"

#include <algorithm>
#include <cstring>

#include "core/base/error.h"
#include "core/io/file.h"
#include "core/io/sha256.h"
#include "core/model/checkpoint_folder.h"
#include "core/model/names.h"
#include "core/model/parameters.h"
#include "core/model/parts.h"
#include "core/model/quantisation.h"

namespace ccx::model {
namespace {

namespace fs = std::filesystem;

// What may stand in the place of other layouts.
constexpr const char* kReadLayout =
    "ccx reads the layout in which CCExpert and lmms-lab's LLaVA-OneVision are published (model.layers, "
    "model.vision_tower, model.mm_projector)";

constexpr const char* kTakeUnquantised =
    "take the model in float16, bfloat16 or float32 that it was made from, and quantise that with ccx quantize";

constexpr size_t kMostOfConfig = size_t{16} << 20;

// Weights of the language model that a trained or a fresh model never has all at zero. Blocks that are put in without
// effect have zeros in o_proj and down_proj.
bool is_never_all_zero(const std::string& name) {
  if (name == kTokenTable || name == "model.norm.weight") return true;
  if (part_of(name) != Part::kLanguage || !name.ends_with(".weight")) return false;
  for (const char* zeroed : {".o_proj.", ".down_proj."}) {
    if (name.find(zeroed) != std::string::npos) return false;
  }
  return name.starts_with("model.layers.");
}

// A tied model has one table of tokens: a head of its own beside it, with other values, contradicts config.json.
void check_tied_head(const Checkpoint& checkpoint) {
  if (!checkpoint.config().text.tie_word_embeddings || !checkpoint.has(kOwnHead) || !checkpoint.has(kTokenTable))
    return;
  const io::TensorView head = checkpoint.get(kOwnHead);
  const io::TensorView table = checkpoint.get(kTokenTable);
  const bool is_same =
      head.dtype != table.dtype || head.bytes != table.bytes || std::memcmp(head.data, table.data, table.bytes) == 0;
  checkpoint.release(kOwnHead);
  checkpoint.release(kTokenTable);
  if (is_same) return;
  throw CheckpointError(checkpoint.origin(kOwnHead) + ": \"" + kOwnHead + "\" differs from \"" + kTokenTable +
                        "\", although config.json says that they are one (\"tie_word_embeddings\" is true): set it to "
                        "false if the model was trained with a head of its own, or take the head out of the file");
}

// A word of the training code's own before every name: "student.", "net.".
void refuse_prefixed(const Checkpoint& checkpoint, const std::map<std::string, Shape>& live, const std::string& where) {
  const auto& tensors = checkpoint.tensors();
  if (tensors.empty()) return;
  const std::string& first = tensors.begin()->first;
  const std::string prefix = first.substr(0, first.find('.') + 1);
  const bool is_prefixed = !prefix.empty() && std::all_of(tensors.begin(), tensors.end(), [&](const auto& tensor) {
    return tensor.first.starts_with(prefix) && live.count(tensor.first) == 0;
  }) && std::any_of(tensors.begin(), tensors.end(), [&](const auto& tensor) {
    return live.count(tensor.first.substr(prefix.size())) != 0;
  });
  if (!is_prefixed) return;
  throw CheckpointError(
      where + " holds a model whose tensors' names all begin with \"" + prefix +
      "\": save the model itself, without what it was a part of in training, or take the word off the "
      "names");
}

// Weights whose names tell that they are of another kind of model than config.json says or ccx runs.
void refuse_other_kinds(const Checkpoint& checkpoint, const std::map<std::string, Shape>& live) {
  const std::string where = checkpoint.directory().string();
  const auto some = [&](const auto& is) {
    return std::any_of(checkpoint.tensors().begin(), checkpoint.tensors().end(),
                       [&](const auto& tensor) { return is(tensor.first); });
  };
  const auto holds = [&](const char* part) {
    return some([&](const std::string& name) { return name.find(part) != std::string::npos; });
  };
  const auto begins = [&](const char* start) {
    return some([&](const std::string& name) { return name.rfind(start, 0) == 0; });
  };
  if (holds(".lora_A.") || holds(".lora_B.")) {
    throw CheckpointError(where + " holds weights of a LoRA adapter: merge it into its base model with peft's " +
                          "merge_and_unload() and save_pretrained()");
  }
  if (holds(".qweight") || holds(".absmax") || (holds(".weight_packed") && !checkpoint.config().quantised)) {
    throw CheckpointError(where + " holds quantised weights, which ccx does not read: " + kTakeUnquantised);
  }
  if (begins("language_model.") || begins("model.language_model.")) {
    throw CheckpointError(where + " holds weights named as Hugging Face transformers' own LLaVA-OneVision has them; " +
                          kReadLayout);
  }
  if (begins("module.") || begins("base_model.model.")) {
    throw CheckpointError(where + " holds weights that were saved from within a wrapper (\"module.\" or \"base_model." +
                          "model.\" before each name): save the model itself, not its wrapper");
  }
  refuse_prefixed(checkpoint, live, where);
  const auto& head = checkpoint.config().change_head;
  const bool stands_instead = head && head->stands_instead();
  if (!stands_instead && (!checkpoint.config().difference.present || !begins("model.vision_resampler."))) {
    throw CheckpointError(where +
                          " is a LLaVA-OneVision model without CCExpert's difference module, and cannot caption " +
                          "changes yet: \"ccx train --stage 1 --model " + where + " ...\" gives it one");
  }
}

}  // namespace

Checkpoint::Checkpoint(const fs::path& directory) : directory_(directory) {
  checkpoint_files(directory);  // what is no checkpoint says so before its config.json is asked
  const fs::path config = directory / "config.json";
  config_ = ModelConfig::from_json(io::read_file(config, kMostOfConfig), config.string());
  open_weights();
}

void Checkpoint::open_weights() {
  for (const fs::path& path : checkpoint_files(directory_)) {
    files_.push_back(std::make_unique<io::SafetensorsFile>(path));
    for (const auto& [name, view] : files_.back()->tensors()) {
      const auto [entry, added] = tensors_.emplace(name, files_.back().get());
      if (!added) {
        throw CheckpointError("tensor \"" + name + "\" lies both in " + entry->second->path().string() + " and in " +
                              path.string());
      }
    }
  }
  quantised_ = QuantisedTensors(tensors_);
  // The reference overwrites vocab_size by the embedding table's length, so the table is the truth where they differ.
  const auto table = tensors_.find(kTokenTable);
  if (table != tensors_.end()) {
    const std::vector<int64_t>& shape = table->second->at(table->first).shape;
    if (shape.size() == 2 && shape[0] > 0 && shape[0] < (1 << 24)) config_.text.vocab_size = static_cast<int>(shape[0]);
  }
}

void Checkpoint::check() const {
  const std::map<std::string, Shape> live = live_parameters(config_);
  refuse_other_kinds(*this, live);
  check_tied_head(*this);
  const std::map<std::string, Shape> dead = dead_parameters(config_);
  const std::map<std::string, int> may_have_few_bits = quantised_weights(config_, 4);
  for (const auto& [name, shape] : live) check_stored(name, shape, may_have_few_bits.count(name) != 0);
  for (const auto& [name, file] : tensors_) {
    if (live.count(name) == 0 && dead.count(name) == 0 && !quantised_.is_part(name) &&
        !is_ignored_tensor(name, config_)) {
      throw CheckpointError(file->path().string() + ": tensor \"" + name +
                            "\" is not part of the model that config.json describes");
    }
  }
  for (const auto& [name, bits] : quantised_.weights()) {
    if (live.count(name) == 0) {
      throw CheckpointError(origin(name) + ": tensor \"" + name + "\" of " + std::to_string(bits) +
                            " bits is not part of the model that config.json describes");
    }
  }
}

void Checkpoint::check_stored(const std::string& name, const Shape& shape, bool may_have_few_bits) const {
  if (!has(name)) {
    throw CheckpointError(directory_.string() + ": tensor \"" + name + "\" " + io::shape_text(shape) +
                          " is missing; is this a CCExpert checkpoint, and are all its shards there?");
  }
  const bool few_bits = quantised_.has(name);
  const Shape stored = few_bits ? quantised_.shape(name) : tensors_.at(name)->at(name).shape;
  if (stored != shape) {
    throw CheckpointError(origin(name) + ": tensor \"" + name + "\" has shape " + io::shape_text(stored) +
                          ", but config.json asks for " + io::shape_text(shape));
  }
  if (few_bits) {
    if (!config_.quantised || !may_have_few_bits) {
      throw CheckpointError(
          origin(name) + ": tensor \"" + name + "\" is stored in " + std::to_string(quantised_.weights().at(name)) +
          " bits, " +
          (config_.quantised
               ? "which this weight may not have"
               : std::string("but config.json has no \"quantization_config\" that says so: ") + kTakeUnquantised));
    }
    quantised_.view(name);
    return;
  }
  const io::DType dtype = tensors_.at(name)->at(name).dtype;
  if (dtype != io::DType::kF32 && dtype != io::DType::kF16 && dtype != io::DType::kBF16) {
    throw CheckpointError(origin(name) + ": tensor \"" + name + "\" is stored as " +
                          std::string(io::dtype_name(dtype)) + "; weights must be F32, F16 or BF16" +
                          (dtype == io::DType::kF64 ? ": convert them (model.float() in PyTorch) and save again" : "") +
                          (io::dtype_size(dtype) == 1 ? std::string(": ") + kTakeUnquantised : ""));
  }
}

std::map<std::string, Shape> Checkpoint::shapes() const {
  std::map<std::string, Shape> shapes;
  for (const auto& entry : quantised_.weights()) shapes[entry.first] = quantised_.shape(entry.first);
  for (const auto& [name, file] : tensors_) {
    if (!quantised_.is_part(name) && !quantised_.has(name)) shapes[name] = file->at(name).shape;
  }
  return shapes;
}

int Checkpoint::stored_bits() const {
  int fewest = 0;
  for (const auto& entry : quantised_.weights()) fewest = fewest == 0 ? entry.second : std::min(fewest, entry.second);
  return fewest;
}

std::string Checkpoint::sha256() const {
  std::vector<std::filesystem::path> paths;
  for (const auto& file : files_) paths.push_back(file->path());
  return io::sha256_weights(paths);
}

std::optional<QuantisedView> Checkpoint::quantised(const std::string& name) const {
  if (!quantised_.has(name)) return std::nullopt;
  return quantised_.view(name);
}

io::TensorView Checkpoint::get(const std::string& name) const {
  if (quantised_.has(name)) {
    std::vector<float>& numbers = made_[name];
    if (numbers.empty()) numbers = dequantised(quantised_.view(name));
    return {io::DType::kF32, quantised_.shape(name), reinterpret_cast<const std::byte*>(numbers.data()),
            numbers.size() * sizeof(float)};
  }
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) throw CheckpointError(directory_.string() + ": tensor \"" + name + "\" is missing");
  return found->second->at(name);
}

std::string Checkpoint::origin(const std::string& name) const {
  const auto found = tensors_.find(quantised_.has(name) ? quantised_.parts_of(name).front() : name);
  return (found == tensors_.end() ? directory_ : found->second->path()).string();
}

void Checkpoint::release(const std::string& name) const {
  made_.erase(name);
  const std::vector<std::string> parts =
      quantised_.has(name) ? quantised_.parts_of(name) : std::vector<std::string>{name};
  for (const std::string& part : parts) {
    const auto found = tensors_.find(part);
    if (found != tensors_.end()) found->second->release(found->second->at(part));
  }
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
  if (is_never_all_zero(name) && view.bytes > 0 &&
      std::all_of(view.data, view.data + view.bytes, [](std::byte byte) { return byte == std::byte{0}; })) {
    throw CheckpointError(file + ": tensor \"" + name +
                          "\" holds nothing but zeros; the download is incomplete, or the file was never filled");
  }
}

}  // namespace ccx::model
