#include "core/model/checkpoint_folder.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/io/file.h"
#include "core/io/json.h"
#include "core/model/not_weights.h"

namespace ccx::model {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostOfIndex = std::size_t{64} << 20;
constexpr std::size_t kMostNames = 4096;  // of a folder that are looked at: it may be anything
constexpr std::size_t kTarMark = 257;     // where "ustar" stands in a tar archive
constexpr const char* kWhatItIs = "a model is a folder with config.json, model.safetensors and tokenizer.json";

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}
bool begins_with(std::string_view text, std::string_view begin) {
  return text.substr(0, begin.size()) == begin;
}

[[noreturn]] void fail(const std::string& message) {
  throw CheckpointError(message);
}

// The file names an index may give: no folders, nothing that leaves the directory.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
         name.find('\0') == std::string::npos;
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

// Names in a folder, sorted.
std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end && names.size() < kMostNames;
       it.increment(error)) {
    names.push_back(it->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// The first bytes of a regular file; empty where it is none.
std::string start_of(const fs::path& file) {
  std::error_code ignored;
  std::string head;
  if (!fs::is_regular_file(file, ignored)) return head;
  head.resize(512);
  std::ifstream in(file, std::ios::binary);
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return head;
}

// The first of the names that a file of the kind has, or nothing.
template <typename Is>
std::string first(const std::vector<std::string>& names, Is is) {
  const auto found = std::find_if(names.begin(), names.end(), is);
  return found == names.end() ? "" : *found;
}

std::string with_ending(const std::vector<std::string>& names, std::initializer_list<const char*> endings) {
  return first(names, [&](const std::string& name) {
    return std::any_of(endings.begin(), endings.end(), [&](const char* end) { return ends_with(name, end); });
  });
}

// Whether a file is what torch.save() writes: a pickle, or a ZIP archive whose first entry is NAME/data.pkl.
bool holds_pickle(const fs::path& file) {
  const std::string head = start_of(file);
  if (io::is_pickle(head)) return true;
  return begins_with(head, "PK\x03\x04") && head.find("data.pkl") != std::string::npos;
}

// Pickled weights, and not what trainers leave beside them. An archive's name may hold them too: many trainers call
// what torch.save() writes NAME.pth.tar.
bool is_pickled(const fs::path& file) {
  const std::string name = file.filename().string();
  for (const char* other : {"training_args", "optimizer", "scheduler", "rng_state"}) {
    if (begins_with(name, other)) return false;
  }
  if (!with_ending({name}, {".bin", ".pt", ".pth", ".ckpt", ".pkl", ".bin.index.json"}).empty()) return true;
  if (!with_ending({name}, {".pth.tar", ".pt.tar", ".ckpt.tar"}).empty()) {
    const std::string head = start_of(file);
    return head.size() < kTarMark || head.substr(kTarMark, 5) != "ustar";
  }
  return (file.extension().empty() || !with_ending({name}, {".tar", ".zip"}).empty()) && holds_pickle(file);
}

std::string gguf_text(const std::string& file) {
  return file +
         " is a GGUF model of llama.cpp, which ccx does not read; take the Hugging Face checkpoint it was made from";
}

std::string pickled_text(const std::string& file) {
  return file + " holds weights pickled by PyTorch; loading them can run any code, and ccx does not. Convert them to " +
         "safetensors with Python once (docs/models.md says how)";
}

std::string onnx_text(const std::string& file) {
  return file + " is an exported ONNX graph; ccx runs the checkpoint that it was exported from";
}

// What a path that is no folder is.
[[noreturn]] void refuse_file(const fs::path& path) {
  const std::string name = path.filename().string();
  const auto ends = [&](std::initializer_list<const char*> endings) { return !with_ending({name}, endings).empty(); };
  if (is_pickled(path) || ends({".bin", ".pt", ".pth", ".ckpt", ".pkl"})) fail(pickled_text(path.string()));
  if (ends({".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.zst", ".7z", ".rar"})) {
    fail(path.string() + " is an archive: unpack it and name the folder; " + kWhatItIs);
  }
  if (ends({".gguf"})) fail(gguf_text(path.string()));
  if (ends({".onnx", ".onnx_data"})) fail(onnx_text(path.string()));
  if (ends({".safetensors", ".json"})) {
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    fail(path.string() + " is a file of a checkpoint and not its folder: name " + folder.string());
  }
  fail(path.string() + " is not a directory; " + kWhatItIs);
}

// A checkpoint in a folder below: one level down, or two in a Hugging Face cache (snapshots/HASH).
std::vector<fs::path> checkpoints_below(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const std::string& name : names_in(folder)) {
    if (has_config(folder / name)) found.push_back(folder / name);
  }
  if (!found.empty()) return found;
  for (const std::string& name : names_in(folder / "snapshots")) {
    if (has_config(folder / "snapshots" / name)) found.push_back(folder / "snapshots" / name);
  }
  return found;
}

// Weights of kinds that ccx does not read, in the words of the first that is there; empty where there is none.
std::string other_weights(const fs::path& folder, const std::vector<std::string>& names) {
  const auto in_folder = [&](const std::string& name) { return (folder / name).string(); };
  if (const std::string name = first(names,
                                     [](const std::string& n) {
                                       return n == "adapter_config.json" || begins_with(n, "adapter_model.") ||
                                              n == "non_lora_trainables.bin";
                                     });
      !name.empty()) {
    return folder.string() + " holds a LoRA adapter (" + name +
           ") and not a whole model: merge it into its base model " +
           "with peft's merge_and_unload() and save_pretrained()";
  }
  if (const std::string name = with_ending(names, {".gguf"}); !name.empty()) return gguf_text(in_folder(name));
  if (const std::string name =
          first(names, [](const std::string& n) { return begins_with(n, "global_step") || n == "zero_to_fp32.py"; });
      !name.empty()) {
    return folder.string() + " holds a training state of DeepSpeed (" + name + "): collect the weights with its " +
           "zero_to_fp32.py --safe_serialization";
  }
  if (const std::string name = first(names, [&](const std::string& n) { return is_pickled(folder / n); });
      !name.empty()) {
    return pickled_text(in_folder(name));
  }
  if (const std::string name = with_ending(names, {".onnx"}); !name.empty()) return onnx_text(in_folder(name));
  if (const std::string name = with_ending(names, {".h5", ".msgpack"}); !name.empty()) {
    return in_folder(name) + " holds weights for TensorFlow or Flax; ccx reads safetensors";
  }
  if (const std::string name = with_ending(names, {".incomplete", ".part", ".crdownload", ".aria2"}); !name.empty()) {
    return in_folder(name) + " is left of a download that did not end: download the model again";
  }
  if (const std::string name = with_ending(names, {".zip", ".tar", ".tar.gz", ".tgz", ".7z"}); !name.empty()) {
    return in_folder(name) + " is an archive: unpack it";
  }
  return "";
}

// A cache of Hugging Face holds links to files that may have been removed.
void check_links(const fs::path& folder, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    std::error_code error;
    const fs::path target = fs::read_symlink(folder / name, error);
    if (!error && !is_there(folder / name)) {
      fail((folder / name).string() + " is a link to " + target.string() + ", which is not there: download it again");
    }
  }
}

[[noreturn]] void refuse_without_config(const fs::path& folder) {
  const std::vector<fs::path> below = checkpoints_below(folder);
  if (!below.empty()) {
    std::string list;
    for (const fs::path& path : below) list += (list.empty() ? "" : " or ") + path.string();
    fail(folder.string() + " holds no config.json, but a folder in it does: name " + list);
  }
  const std::vector<std::string> names = names_in(folder);
  check_links(folder, names);
  const std::string other = other_weights(folder, names);
  fail(folder.string() + " holds no config.json" + (other.empty() ? std::string("; ") + kWhatItIs : ": " + other));
}

[[noreturn]] void refuse_without_weights(const fs::path& folder) {
  const std::vector<std::string> names = names_in(folder);
  check_links(folder, names);
  if (const std::string other = other_weights(folder, names); !other.empty()) fail(other);
  const std::string missing =
      folder.string() + " holds neither model.safetensors nor model.safetensors.index.json, the weights";
  const std::string name = with_ending(names, {".safetensors"});
  if (name.find("-of-") != std::string::npos) {
    fail(missing + ", but shards such as " + name + ": download the index too, which says what lies in them");
  }
  if (!name.empty()) fail(missing + ", but " + name + ": is that they? Then rename it to model.safetensors");
  fail(missing + ": the download is incomplete");
}

void check_is_no_pointer(const fs::path& path) {
  std::error_code error;
  if (is_there(path) && !fs::is_regular_file(path, error)) fail(path.string() + " is not a regular file");
  const std::uintmax_t size = fs::file_size(path, error);
  if (error) return;
  if (size == 0) fail(path.string() + " is empty: the download is incomplete");
  if (const std::string pointer = io::git_lfs_pointer(start_of(path), path.string()); !pointer.empty()) fail(pointer);
}

// What is no file of weights is told by its content.
void check_is_weights(const fs::path& path) {
  check_is_no_pointer(path);
  const std::string other = what_else_it_is(start_of(path));
  if (!other.empty()) fail(path.string() + " holds no weights: it is " + other);
}

std::vector<fs::path> files_of_index(const fs::path& folder, const fs::path& index) {
  check_is_no_pointer(index);
  const nlohmann::json json = io::read_json(index, {.bytes = kMostOfIndex});
  if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object()) {
    fail(index.string() + " is not a JSON object with a \"weight_map\"");
  }
  std::set<std::string> names;
  for (const auto& [tensor, file] : json["weight_map"].items()) {
    if (!file.is_string() || !is_plain_name(file.get<std::string>())) {
      fail(index.string() + ": the file of tensor \"" + tensor + "\" is not a plain file name");
    }
    names.insert(file.get<std::string>());
  }
  if (names.empty()) fail(index.string() + " names no files");
  std::vector<fs::path> paths;
  for (const std::string& name : names) {
    if (!is_there(folder / name)) {
      fail(index.string() + " names " + name + ", which is not there: the download is incomplete");
    }
    paths.push_back(folder / name);
  }
  return paths;
}

}  // namespace

bool has_config(const fs::path& directory) {
  std::error_code ignored;
  return fs::is_regular_file(directory / "config.json", ignored);
}

std::vector<fs::path> checkpoint_files(const fs::path& directory) {
  std::error_code error;
  if (!fs::is_directory(directory, error)) {
    if (is_there(directory)) refuse_file(directory);
    fail("no model at " + directory.string() + ": it is not there; " + kWhatItIs);
  }
  if (!has_config(directory)) refuse_without_config(directory);
  std::vector<fs::path> files = {directory / "model.safetensors"};
  if (!is_there(files.front())) {
    const fs::path index = directory / "model.safetensors.index.json";
    if (!is_there(index)) refuse_without_weights(directory);
    files = files_of_index(directory, index);
  }
  for (const fs::path& file : files) check_is_weights(file);
  return files;
}

}  // namespace ccx::model
