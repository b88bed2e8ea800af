// Folders that people take for a model: read, or refused in words that say what they are and what to do.
#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "core/base/error.h"
#include "core/model/checkpoint.h"
#include "core/model/checkpoint_folder.h"
#include "core/text/tokenizer.h"
#include "tests/support/catch.h"
#include "tests/support/checkpoint.h"

using namespace ccx;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

// A folder with the tiny checkpoint, changed by a test.
class Folder {
 public:
  Folder() { test::edited_checkpoint(path()); }
  fs::path path() const { return dir_ / "m"; }
  fs::path operator/(const std::string& name) const { return path() / name; }
  void write(const std::string& name, const std::string& content) const { test::write_file(*this / name, content); }
  void remove(const std::string& name) const { fs::remove(*this / name); }
  void edit(const std::function<void(json&)>& change) const {
    json config = json::parse(test::read_file(*this / "config.json"));
    change(config);
    write("config.json", config.dump());
  }
  std::string weights() const { return test::read_file(*this / "model.safetensors"); }
  model::ModelConfig config() const { return model::Checkpoint(path()).config(); }

 private:
  test::TempDir dir_;
};

// What opening and checking says; empty where it loads.
std::string verdict(const fs::path& path) {
  try {
    model::Checkpoint(path).check();
    text::Tokenizer::load(path);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

void refused(const fs::path& path, const std::vector<std::string>& parts) {
  const std::string message = verdict(path);
  INFO(message);
  for (const std::string& part : parts) CHECK_THAT(message, test::contains(part));
}

}  // namespace

TEST_CASE("a config of transformers 5 loads, its theta and dtype among new keys") {
  const Folder folder;
  const float theta = folder.config().text.rope_theta;
  folder.edit([](json& c) {
    c["rope_parameters"] = {{"rope_type", "default"}, {"rope_theta", c["rope_theta"]}};
    c["dtype"] = "bfloat16";
    c["layer_types"] = {"full_attention", "full_attention"};
    c.erase("rope_theta");
    c.erase("torch_dtype");
  });
  CHECK(verdict(folder.path()).empty());
  CHECK(folder.config().text.rope_theta == theta);
  CHECK(folder.config().torch_dtype == "bfloat16");
  folder.edit([](json& c) { c["rope_parameters"]["rope_theta"] = 500.0; });
  CHECK(folder.config().text.rope_theta == 500.0f);
  folder.edit([](json& c) { c["rope_theta"] = 10000.0; });
  refused(folder.path(), {"config.json: \"rope_parameters.rope_theta\"", "which one holds?"});
}

TEST_CASE("rotary positions that are not scaled load however that is said, and scaled ones are refused by name") {
  for (const json& plain : {json(), json{{"rope_type", "default"}}, json{{"type", "default"}, {"factor", 1.0}}}) {
    const Folder folder;
    folder.edit([&](json& c) { c["rope_scaling"] = plain; });
    CHECK(verdict(folder.path()).empty());
  }
  for (const char* type : {"linear", "yarn", "llama3", "dynamic", "longrope", "mrope"}) {
    const Folder folder;
    folder.edit([&](json& c) { c["rope_scaling"] = {{"rope_type", type}, {"factor", 4.0}}; });
    refused(folder.path(), {"\"rope_scaling.rope_type\" is \"" + std::string(type) + "\""});
    folder.edit([&](json& c) { c["rope_scaling"] = nullptr, c["rope_parameters"] = {{"type", type}}; });
    refused(folder.path(), {"\"rope_parameters.type\" is \"" + std::string(type) + "\""});
  }
  const Folder partial;
  partial.edit([](json& c) { c["rope_parameters"] = {{"rope_type", "default"}, {"partial_rotary_factor", 0.5}}; });
  refused(partial.path(), {"rope_parameters.partial_rotary_factor"});
}

TEST_CASE("an attention that sees a window, and heads of another width, are refused") {
  const Folder window;
  window.edit([](json& c) { c["layer_types"] = {"full_attention", "sliding_attention"}; });
  refused(window.path(), {"\"layer_types\" holds \"sliding_attention\""});
  const Folder heads;
  heads.edit([](json& c) { c["head_dim"] = 256; });
  refused(heads.path(), {"\"head_dim\" is not hidden_size / num_attention_heads"});
}

TEST_CASE("the layout of transformers' own models is called by its name") {
  const Folder folder;
  folder.edit([](json& c) {
    c["text_config"] = {{"hidden_size", c["hidden_size"]}};
    c.erase("hidden_size");
    c["model_type"] = "llava_onevision";
  });
  refused(folder.path(), {"\"text_config\" is the layout of Hugging Face transformers' own models", "lmms-lab"});
  const Folder other;
  other.edit([](json& c) {
    for (const char* key : {"mm_vision_tower", "mm_resampler_type", "mm_vision_config", "mm_projector_type"})
      c.erase(key);
    c["model_type"] = "qwen2";
  });
  refused(other.path(), {"\"model_type\" is \"qwen2\""});
}

TEST_CASE("a LLaVA-OneVision model is told from CCExpert, and where to go from it") {
  const Folder plain;
  plain.edit([](json& c) {
    c.erase("mm_resampler_type");
    c.erase("cc_expert_args");
    c["mm_vision_select_layer"] = -2;
    c["model_type"] = "llava";
  });
  const Folder null;
  null.edit([](json& c) { c["mm_resampler_type"] = nullptr; });
  const Folder weights;
  test::edited_checkpoint(weights.path(), [](auto& tensors) {
    std::erase_if(tensors, [](const auto& t) { return t.name.find("vision_resampler") != std::string::npos; });
  });
  for (const Folder* folder : {&plain, &null, &weights}) {
    refused(folder->path(), {"LLaVA-OneVision model without CCExpert's difference module", "ccx train --stage 1"});
  }
  const Folder unsaid;  // older CCExpert files leave the type out
  unsaid.edit([](json& c) { c.erase("mm_resampler_type"); });
  CHECK(verdict(unsaid.path()).empty());
}

TEST_CASE("pointers of Git LFS are told from the files they stand for") {
  const std::string pointer =
      "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(64, 'a') + "\nsize 5900000\n";
  for (const char* name : {"model.safetensors", "tokenizer.json", "config.json"}) {
    const Folder folder;
    folder.write(name, pointer);
    refused(folder.path(), {std::string(name) + " is a Git LFS pointer", "git lfs pull"});
  }
  const Folder sharded;
  sharded.remove("model.safetensors");
  test::sharded_checkpoint(sharded.path());
  sharded.write("model-1.safetensors", pointer);
  refused(sharded.path(), {"model-1.safetensors is a Git LFS pointer"});
  sharded.write("model.safetensors.index.json", pointer);
  refused(sharded.path(), {"model.safetensors.index.json is a Git LFS pointer"});
}

TEST_CASE("weights of kinds that are not read are called by their names") {
  struct Case {
    std::vector<std::string> files;
    std::vector<std::string> parts;
  };
  const std::vector<Case> cases = {
      {{"pytorch_model.bin"}, {"pytorch_model.bin holds weights pickled by PyTorch", "docs/models.md"}},
      {{"pytorch_model-00001-of-00002.bin", "pytorch_model.bin.index.json"}, {"pickled by PyTorch"}},
      {{"consolidated.00.pth"}, {"pickled by PyTorch"}},
      {{"BEST_checkpoint_LEVIR_CC.pth.tar"}, {"BEST_checkpoint_LEVIR_CC.pth.tar holds weights pickled by PyTorch"}},
      {{"adapter_config.json", "adapter_model.safetensors"}, {"LoRA adapter", "merge_and_unload()"}},
      {{"adapter_model.bin", "non_lora_trainables.bin"}, {"LoRA adapter"}},
      {{"model-q4_k_m.gguf"}, {"is a GGUF model of llama.cpp"}},
      {{"model.onnx"}, {"exported ONNX graph"}},
      {{"global_step100", "zero_to_fp32.py"}, {"training state of DeepSpeed", "zero_to_fp32.py"}},
      {{"tf_model.h5"}, {"TensorFlow or Flax"}},
      {{"model.safetensors.incomplete"}, {"download that did not end"}},
      {{"weights.zip"}, {"weights.zip is an archive: unpack it"}},
      {{"ccexpert.safetensors"}, {"ccexpert.safetensors: is that they?"}},
      {{"model-00001-of-00002.safetensors"}, {"download the index too"}},
      {{"training_args.bin"}, {"holds neither model.safetensors nor", "incomplete"}},
      {{}, {"holds neither model.safetensors nor", "incomplete"}},
  };
  for (const Case& one : cases) {
    const Folder folder;
    folder.remove("model.safetensors");
    for (const std::string& name : one.files) folder.write(name, "PK\3\4");
    refused(folder.path(), one.parts);
  }
}

TEST_CASE("quantised weights are refused, said by the config or by the tensors") {
  for (const char* method : {"awq", "gptq", "bitsandbytes", "fp8", "compressed-tensors"}) {
    const Folder folder;
    folder.edit([&](json& c) { c["quantization_config"] = {{"quant_method", method}, {"bits", 4}}; });
    refused(folder.path(), {"\"quantization_config\"", "quantised (" + std::string(method) + ")", "bfloat16"});
  }
  const Folder packed;
  test::edited_checkpoint(packed.path(), [](auto& tensors) { tensors[0].name = "model.layers.0.mlp.up_proj.qweight"; });
  refused(packed.path(), {"quantised weights"});
  const Folder fp8;
  std::string bytes = fp8.weights();
  const std::size_t at = bytes.find("\"dtype\":\"");
  REQUIRE(at != std::string::npos);
  const std::size_t end = bytes.find('"', at + 9);
  uint64_t size = 0;
  std::memcpy(&size, bytes.data(), 8);
  const std::string type = "F8_E4M3";
  size += type.size() - (end - at - 9);
  bytes.replace(at + 9, end - at - 9, type);
  std::memcpy(bytes.data(), &size, 8);
  fp8.write("model.safetensors", bytes);
  refused(fp8.path(), {"is stored as F8_E4M3, 8-bit floating point (fp8), which ccx does not read", "BF16"});
}

TEST_CASE("weights named for another layout or from within a wrapper are refused by that name") {
  const auto renamed = [](const std::string& prefix) {
    const Folder folder;
    test::edited_checkpoint(folder.path(), [&](auto& tensors) {
      for (auto& tensor : tensors) tensor.name = prefix + tensor.name;
    });
    return verdict(folder.path());
  };
  CHECK_THAT(renamed("base_model.model."), test::contains("from within a wrapper"));
  CHECK_THAT(renamed("language_model."), test::contains("transformers' own LLaVA-OneVision"));
  CHECK_THAT(renamed("student."), test::contains("names all begin with \"student.\""));
  const Folder lora;
  test::edited_checkpoint(lora.path(), [](auto& tensors) { tensors[0].name += ".lora_A.default"; });
  refused(lora.path(), {"LoRA adapter"});
}

TEST_CASE("names from within PyTorch's wrappers lose them, where all or a part of the model was wrapped") {
  const auto renamed = [](const auto& rename) {
    const Folder folder;
    test::edited_checkpoint(folder.path(), [&](auto& tensors) {
      for (auto& tensor : tensors) tensor.name = rename(tensor.name);
    });
    return verdict(folder.path());
  };
  for (const std::string prefix :
       {"_orig_mod.", "module.", "module._orig_mod.", "_orig_mod.module.", "_fsdp_wrapped_module."}) {
    CAPTURE(prefix);
    CHECK(renamed([&](const std::string& name) { return prefix + name; }).empty());
  }
  CHECK(renamed([](const std::string& name) {
          return name.starts_with("model.") ? "model._orig_mod." + name.substr(6) : name;
        }).empty());
  bool is_first = true;
  const auto only_one = [&](const std::string& name) {
    return std::exchange(is_first, false) ? "module." + name : name;
  };
  CHECK_THAT(renamed(only_one), test::contains("from within a wrapper"));
}

TEST_CASE("what lies in the place of the weights is called by its name") {
  const std::string rest(3000, '0');
  for (const auto& [content, message] : std::vector<std::pair<std::string, std::string>>{
           {"<!DOCTYPE html>\n<html>" + rest, "a web page or XML"},
           {"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "a web page or XML"},
           {R"({"error":"Repository not found"})", R"(JSON, '{"error":"Repository not found"}')"},
           {"Entry not found", "text, 'Entry not found'"},
           {"# xet version 0\nfilesize = 12\n", "a pointer of git-xet"},
           {"GGUF\x03" + rest, "a GGUF model"},
           {"\x80\x02}q" + rest, "pickled by PyTorch"},
           {"\x1F\x8B\x08" + rest, "compressed with gzip"},
           {std::string("PK\x03\x04", 4) + rest, "a ZIP archive"}}) {
    const Folder folder;
    folder.write("model.safetensors", content);
    refused(folder.path(), {"model.safetensors", message});
  }
  for (const char* content : {"[1, 2]", "5"}) {
    const Folder folder;
    folder.write("config.json", content);
    refused(folder.path(), {"config.json must hold a JSON object", "no model's configuration"});
  }
  const Folder answer;
  answer.write("config.json", R"({"error": "not found"})");
  refused(answer.path(), {"a server's answer, \"error\": \"not found\""});
  const Folder xet;
  xet.write("tokenizer.json", "# xet version 0\n");
  refused(xet.path(), {"tokenizer.json is a pointer of git-xet"});
}

TEST_CASE("a tokenizer without merges, whose tokens need some, is refused") {
  const Folder folder;
  json tokenizer = json::parse(test::read_file(folder / "tokenizer.json"));
  tokenizer["model"]["merges"] = json::array();
  for (int i = 0; i < 100; ++i) tokenizer["model"]["vocab"]["token" + std::to_string(i)] = 5000 + i;
  folder.write("tokenizer.json", tokenizer.dump());
  refused(folder.path(), {"model.merges is empty", "incomplete"});
}

TEST_CASE("a damaged safetensors file is refused, empty, cut within its header or behind it") {
  const Folder folder;
  const std::string bytes = folder.weights();
  folder.write("model.safetensors", "");
  refused(folder.path(), {"model.safetensors is empty", "incomplete"});
  folder.write("model.safetensors", bytes.substr(0, 2000));
  refused(folder.path(), {"the header claims"});
  folder.write("model.safetensors", bytes.substr(0, bytes.size() - 100));
  refused(folder.path(), {"a truncated download?"});
}

TEST_CASE("a path that is not the folder leads there") {
  const Folder folder;
  for (const char* name : {"model.safetensors", "config.json"}) {
    refused(folder / name, {"is a file of a checkpoint and not its folder: name " + folder.path().string()});
  }
  const test::TempDir dir;
  const std::vector<std::pair<std::string, std::string>> files = {
      {"m.zip", "is an archive: unpack it"}, {"m.tar.gz", "is an archive"},     {"m.gguf", "is a GGUF model"},
      {"m.pth", "pickled by PyTorch"},       {"m.onnx", "exported ONNX graph"}, {"m.txt", "is not a directory"}};
  for (const auto& [name, part] : files) {
    test::write_file(dir / name, "PK\3\4");
    refused(dir / name, {part});
  }
  refused(dir / "absent", {"no model at", "it is not there"});
  refused(folder.path().parent_path(), {"a folder in it does: name " + folder.path().string()});
  refused(dir.path(), {"holds no config.json", "m.gguf is a GGUF model"});
}

TEST_CASE("what torch.save() writes is told by what it holds where its name says an archive, or nothing") {
  const test::TempDir dir;
  const std::string zip("PK\3\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10\0\0\0", 30);
  const std::string tar = "weights.pth" + std::string(246, '\0') + "ustar";
  const std::vector<std::tuple<std::string, std::string, std::string>> files = {
      {"a.pth.tar", "", "pickled by PyTorch"},
      {"b.tar", "\x80\x02\x8a\x0al\xfc", "pickled by PyTorch"},
      {"c.zip", zip + "archive/data.pkl", "pickled by PyTorch"},
      {"checkpoint", zip + "archive/data.pkl", "pickled by PyTorch"},
      {"d.pth.tar", tar, "is an archive: unpack it"},
      {"e.zip", zip + "model/config.json", "is an archive: unpack it"},
      {"f.tar", tar, "is an archive: unpack it"}};
  for (const auto& [name, bytes, part] : files) {
    test::write_file(dir / name / name, bytes);
    refused(dir / name / name, {name, part});
    refused(dir / name, {"holds no config.json", part});
  }
}

TEST_CASE("a cache of Hugging Face is read by its links, and the folder above tells the way") {
  const test::TempDir cache;
  const Folder folder;
  const fs::path root = cache / "models--org--name";
  const fs::path snapshot = root / "snapshots" / "0123abc";
  fs::create_directories(snapshot);
  fs::create_directories(root / "blobs");
  for (const std::string name : {"config.json", "generation_config.json", "tokenizer.json", "model.safetensors"}) {
    fs::rename(folder / name, root / "blobs" / ("b" + name));
    fs::create_symlink("../../blobs/b" + name, snapshot / name);
  }
  CHECK(verdict(snapshot).empty());
  refused(root, {"holds no config.json, but a folder in it does: name " + snapshot.string()});
  fs::remove(root / "blobs" / "bmodel.safetensors");
  refused(snapshot, {"model.safetensors is a link to ../../blobs/bmodel.safetensors, which is not there"});
}

TEST_CASE("a folder without tokenizer.json says what is there instead") {
  const Folder slow;
  slow.remove("tokenizer.json");
  refused(slow.path(), {"has no tokenizer.json: it is not a complete checkpoint"});
  slow.write("vocab.json", "{}");
  slow.write("merges.txt", "");
  refused(slow.path(), {"vocab.json and merges.txt of a slow tokenizer", "save_pretrained"});
  const Folder pieces;
  pieces.remove("tokenizer.json");
  pieces.write("tokenizer.model", "x");
  refused(pieces.path(), {"tokenizer.model of SentencePiece"});
}

TEST_CASE("an index without metadata and merges written as pairs are fine") {
  const Folder folder;
  const io::SafetensorsFile file(folder / "model.safetensors");
  json map;
  for (const auto& [name, view] : file.tensors()) map[name] = "model-00001-of-00001.safetensors";
  fs::rename(folder / "model.safetensors", folder / "model-00001-of-00001.safetensors");
  folder.write("model.safetensors.index.json", json{{"weight_map", map}}.dump());
  json tokenizer = json::parse(test::read_file(folder / "tokenizer.json"));
  for (json& merge : tokenizer["model"]["merges"]) {
    if (!merge.is_string()) continue;
    const std::string text = merge;
    merge = {text.substr(0, text.find(' ')), text.substr(text.find(' ') + 1)};
  }
  tokenizer["model"]["ignore_merges"] = false;
  folder.write("tokenizer.json", tokenizer.dump());
  CHECK(verdict(folder.path()).empty());
}
