// A checkpoint of the published 0.5B size and layout, with random weights: it loads, captions, and stays within 6 GB.
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "core/io/safetensors.h"
#include "core/model/config.h"
#include "core/model/parameters.h"
#include "tests/support/catch.h"
#include "tests/support/checkpoint.h"
#include "tests/support/needs.h"
#include "tests/support/process.h"

using namespace ccx;

namespace {

// bfloat16 files of all parameters, dead ones included. Matrices share one buffer of random numbers, so that nothing of
// the checkpoint's size is ever in this process's memory.
void write_random_checkpoint(const std::filesystem::path& directory) {
  const model::ModelConfig config = model::ModelConfig::preset("0.5b");
  auto shapes = model::live_parameters(config);
  shapes.merge(model::dead_parameters(config));
  std::vector<uint16_t> random(size_t{151936} * 896);
  uint64_t state = 1;
  for (uint16_t& value : random) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    value = io::float_to_bfloat16((static_cast<float>(state >> 40) / 8388608.0f - 1.0f) * 0.035f);  // deviation 0.02
  }
  const std::vector<uint16_t> ones(1 << 16, io::float_to_bfloat16(1.0f));
  const std::vector<uint16_t> zeros(1 << 16, 0);
  std::vector<io::NamedTensor> tensors;
  for (const auto& [name, shape] : shapes) {
    io::TensorView view{io::DType::kBF16, shape, nullptr, 0};
    view.bytes = static_cast<size_t>(view.elements()) * 2;
    const bool bias = name.find("bias") != std::string::npos;
    const auto& source = shape.size() > 1 ? random : bias ? zeros : ones;
    view.data = reinterpret_cast<const std::byte*>(source.data());
    tensors.push_back({name, view});
  }
  std::filesystem::create_directories(directory);
  io::write_safetensors(directory / "model.safetensors", tensors, {{"format", "pt"}});
  nlohmann::json json = nlohmann::json::parse(config.to_json());
  json.erase("mm_vision_config");  // as published: the tower's sizes are implicit
  json.erase("no_change_sentences");
  test::write_file(directory / "config.json", json.dump());
  for (const char* name : {"generation_config.json", "tokenizer.json"}) {
    test::write_file(directory / name, test::read_file(test::tiny_checkpoint() / name));
  }
}

struct Captioned {
  int exit_code = -1;
  double peak_memory = 0;  // bytes
  std::string err;
  nlohmann::json record, sidecar;
};

// Captions one pair with `options` in a process of its own.
Captioned caption_one(const std::filesystem::path& dir, const std::string& options) {
  for (const char* name : {"A", "B"}) {
    test::write_file(dir / "pairs" / name / "one.png",
                     test::read_file(test::data_dir() / "reference/images" / (std::string("pair0_") + name + ".png")));
  }
  const auto out = dir / "out.jsonl";
  std::filesystem::remove(out);
  const std::string command =
      test::quoted(test::ccx_binary().string()) + " caption --device cpu --max-new-tokens 6 --in " +
      test::quoted((dir / "pairs").string()) + " --model " + test::quoted((dir / "model").string()) + " --out " +
      test::quoted(out.string()) + " " + options + " 2>" + test::quoted((dir / "err").string());
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl("/bin/sh", "sh", "-c", ("exec " + command).c_str(), nullptr);
    ::_exit(127);
  }
  Captioned found;
  int status = 0;
  rusage usage{};
  if (child < 0 || ::wait4(child, &status, 0, &usage) != child || !WIFEXITED(status)) return found;
  found.exit_code = WEXITSTATUS(status);
  found.peak_memory = static_cast<double>(usage.ru_maxrss) * 1024;
  found.err = test::read_file(dir / "err");
  if (found.exit_code != 0) return found;
  found.record = nlohmann::json::parse(test::read_file(out));
  found.sidecar = nlohmann::json::parse(test::read_file(out.string() + ".run.json"));
  return found;
}

}  // namespace

// The address sanitizer's own memory: an eighth of the program's, and what was freed and is kept for a while. Measured:
// 1.10 and 1.17 times the bounds.
#if defined(__SANITIZE_ADDRESS__)
constexpr double kSanitized = 1.3;
#else
constexpr double kSanitized = 1.0;
#endif

TEST_CASE("a 0.5B checkpoint in the published layout captions in bounded memory, in the number format that it tells") {
  test::needs_command("caption");
  const test::TempDir dir;
  struct statvfs disk {};
  struct sysinfo memory {};
  REQUIRE(::statvfs(dir.path().c_str(), &disk) == 0);
  REQUIRE(::sysinfo(&memory) == 0);
  if (disk.f_bavail * disk.f_frsize < (uint64_t{4} << 30) ||
      uint64_t{memory.totalram} * memory.mem_unit < (uint64_t{8} << 30)) {
    test::skip(test::Lacking::kMachine, "needs 4 GB of free disk and 8 GB of memory");
  }
  write_random_checkpoint(dir / "model");

  const Captioned fp32 = caption_one(dir.path(), "--dtype fp32");
  INFO(fp32.err);
  REQUIRE(fp32.exit_code == 0);
  CHECK(fp32.record["id"] == "one");
  CHECK(fp32.record["tokens"] == 6);
  CHECK(fp32.sidecar["options"]["dtype"] == "fp32");
  CHECK(fp32.peak_memory < kSanitized * 4.9e9);

  // What auto takes depends on the processor; log and sidecar say which it was.
  const Captioned chosen = caption_one(dir.path(), "--dtype auto");
  INFO(chosen.err);
  REQUIRE(chosen.exit_code == 0);
  CHECK(chosen.record["tokens"] == 6);
  const bool bf16 = chosen.sidecar["options"]["dtype"] == "bf16";
  CHECK_THAT(chosen.err, test::contains(bf16 ? "on cpu in bf16" : "on cpu in fp32"));
  CHECK((chosen.err.find("--dtype fp32") != std::string::npos) == bf16);  // why, and how to have it otherwise
  CHECK(chosen.peak_memory < kSanitized * (bf16 ? 2.8e9 : 4.9e9));
}
