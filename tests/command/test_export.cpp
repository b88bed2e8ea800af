// `ccx export` as a user meets it: what it writes, what it refuses, and what is left when it fails.
#include <nlohmann/json.hpp>

#include "core/io/sha256.h"
#include "tests/support/catch.h"
#include "tests/support/checkpoint.h"
#include "tests/support/process.h"

using namespace ccx;

namespace {

std::string export_arguments(const std::filesystem::path& model, const std::filesystem::path& out) {
  return "export --model " + test::quoted(model.string()) + " --out " + test::quoted(out.string()) + " ";
}

size_t entries(const std::filesystem::path& directory) {
  return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(directory), {}));
}

}  // namespace

TEST_CASE("ccx export writes the files of its manifest, with their sums, and nothing else") {
  const test::TempDir dir;
  const auto out = dir / "web";
  const auto result = test::run_ccx(export_arguments(test::tiny_checkpoint(), out) + "--quantize int8 --json");
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  CHECK(result.out == test::read_file(out / "manifest.json"));
  const auto manifest = nlohmann::json::parse(result.out);
  CHECK(manifest["format"] == "ccx-export");
  CHECK(manifest["image"]["size"] == 60);
  CHECK(manifest["language"]["vocabulary"] == 1003);  // the tokenizer's length, not the padded table's
  CHECK(manifest["embeddings"]["dtype"] == "float16");
  for (const char* name : {"tokenizer.json", "config.json", "generation_config.json"}) {
    CHECK(test::read_file(out / name) == test::read_file(test::tiny_checkpoint() / name));
  }
  size_t count = 1;
  for (const auto& file : manifest["files"]) {
    const auto path = out / file["name"].get<std::string>();
    CHECK(file["bytes"] == std::filesystem::file_size(path));
    CHECK(file["sha256"] == io::sha256_file(path));
    ++count;
  }
  CHECK(entries(out) == count);
  CHECK(entries(dir.path()) == 1);
}

TEST_CASE("two exports of one model are the same bytes, and a table of sizes is printed") {
  const test::TempDir dir;
  const auto first = test::run_ccx(export_arguments(test::tiny_checkpoint(), dir / "a") + "--quantize int4");
  const auto second = test::run_ccx(export_arguments(test::tiny_checkpoint(), dir / "b") + "--quantize int4");
  REQUIRE(first.exit_code == 0);
  REQUIRE(second.exit_code == 0);
  CHECK(test::read_file(dir / "a/manifest.json") == test::read_file(dir / "b/manifest.json"));
  CHECK_THAT(first.out, test::contains("vision.onnx") && test::contains("decoder.0.bin") && test::contains(" MB"));
}

TEST_CASE("weights go to the size they are stored at, and no weight file exceeds --file-size") {
  const test::TempDir dir;
  const auto total = [&](const std::string& options) {
    const auto result =
        test::run_ccx(export_arguments(test::tiny_checkpoint(), dir / "x") + "--overwrite --json " + options);
    REQUIRE(result.exit_code == 0);
    const auto manifest = nlohmann::json::parse(result.out);
    for (const auto& file : manifest["files"]) CHECK(file["bytes"].get<int64_t>() <= (int64_t{1} << 20));
    return manifest["total_bytes"].get<double>() / 1e6;
  };
  const double full = total("--file-size 1");
  const double half = total("--file-size 1 --quantize fp16");
  const double quarter = total("--file-size 1 --quantize int8");
  CHECK(half < 0.55 * full);
  CHECK(quarter < 0.4 * full);  // gates, norms and the graphs themselves keep their size
}

TEST_CASE("an existing directory is replaced only when asked, and only if it is an export") {
  const test::TempDir dir;
  const std::string into_x = export_arguments(test::tiny_checkpoint(), dir / "x");
  REQUIRE(test::run_ccx(into_x).exit_code == 0);
  const auto refused = test::run_ccx(into_x);
  CHECK(refused.exit_code == 2);
  CHECK_THAT(refused.err, test::contains("--overwrite"));
  CHECK(test::run_ccx(into_x + "--overwrite --quantize fp16").exit_code == 0);
  CHECK_THAT(test::read_file(dir / "x/manifest.json"), test::contains("\"fp16\""));
  CHECK(entries(dir.path()) == 1);

  test::write_file(dir / "mine/thesis.txt", "five years");
  const auto foreign = test::run_ccx(export_arguments(test::tiny_checkpoint(), dir / "mine") + "--overwrite");
  CHECK(foreign.exit_code == 2);
  CHECK_THAT(foreign.err, test::contains("mine") && test::contains("no earlier export"));
  CHECK(test::read_file(dir / "mine/thesis.txt") == "five years");
}

TEST_CASE("ccx export names the option or file at fault and leaves nothing behind") {
  const test::TempDir dir;
  const auto fails = [&](const std::string& arguments, const std::string& message) {
    const auto result = test::run_ccx(arguments);
    INFO(result.err);
    CHECK(result.exit_code == 2);
    CHECK_THAT(result.err, test::contains(message));
  };
  const auto tiny = test::tiny_checkpoint();
  fails(export_arguments(tiny, dir / "x") + "--quantize int2", "int2");
  fails(export_arguments(tiny, dir / "x") + "--target tpu", "tpu");
  fails(export_arguments(tiny, dir / "x") + "--target webgpu --quantize int8", "fp16 or int4");
  fails(export_arguments(tiny, dir / "x") + "--file-size 0", "--file-size");
  fails(export_arguments(dir / "absent", dir / "x"), "absent");
  fails("export --model " + test::quoted(tiny.string()), "--out");
  CHECK(entries(dir.path()) == 0);

  test::write_file(dir / "file", "x");
  fails(export_arguments(tiny, dir / "file"), "is a file");
  fails(export_arguments(tiny, dir / "file/below"), "file");

  test::edited_checkpoint(dir / "model");
  std::filesystem::remove(dir / "model/tokenizer.json");
  fails(export_arguments(dir / "model", dir / "x"), "tokenizer.json");
  CHECK(entries(dir.path()) == 2);
}

TEST_CASE("a damaged weight stops the export by name and the old export stays") {
  const test::TempDir dir;
  REQUIRE(test::run_ccx(export_arguments(test::tiny_checkpoint(), dir / "x")).exit_code == 0);
  const std::string before = test::read_file(dir / "x/manifest.json");
  test::edited_checkpoint(dir / "model", [](std::vector<test::OwnedTensor>& tensors) {
    test::OwnedTensor& tensor = test::find(tensors, "model.layers.2.mlp.up_proj.weight");
    tensor.bytes[0] = tensor.bytes[1] = std::byte{0xff};  // a NaN in bfloat16
  });
  const auto result = test::run_ccx(export_arguments(dir / "model", dir / "x") + "--overwrite");
  CHECK(result.exit_code == 2);
  CHECK_THAT(result.err, test::contains("model.layers.2.mlp.up_proj.weight"));
  CHECK(test::read_file(dir / "x/manifest.json") == before);
  CHECK(entries(dir.path()) == 2);
}

TEST_CASE("an export that cannot be written to its end fails with the system's reason and leaves nothing") {
  const test::TempDir dir;
  // Files may grow to 1000 kB: the same error path as a full disk.
  const auto result = test::run_shell("trap '' XFSZ; ulimit -f 1000; " + test::quoted(test::ccx_binary().string()) +
                                      " " + export_arguments(test::tiny_checkpoint(), dir / "x"));
  INFO(result.err);
  CHECK(result.exit_code == 1);
  CHECK_THAT(result.err, test::contains("vision.0.bin") && test::contains("File too large"));
  CHECK(entries(dir.path()) == 0);
}

namespace {

// An export that has begun and stands still: its first word of progress waits for room in a pipe that is full. Then
// runs `action` in the shell, where $pid is the export's, and lets it go on. Gives its exit code and what it said.
test::ProcessResult export_stopped_midway(const test::TempDir& dir, const std::string& action) {
  return test::run_shell("cd " + test::quoted(dir.path().string()) + R"( && mkfifo pipe && exec 9<>pipe
    timeout 0.3 cat /dev/zero >&9
    before=$(compgen -G '.x.part-*')
    )" + test::quoted(test::ccx_binary().string()) +
                         " " + export_arguments(test::tiny_checkpoint(), dir / "x") + R"(2>&9 &
    pid=$!
    until now=$(compgen -G '.x.part-*') && [ "$now" != "$before" ]; do sleep 0.01; done
    )" + action + R"(
    cat <&9 >heard & reader=$!
    wait $pid; code=$?
    sleep 0.1; kill $reader; tr -d '\0' <heard >&2; rm pipe heard; exit $code)");
}

}  // namespace

TEST_CASE("an interrupted export says so, leaves nothing behind, and ends with 130") {
  for (const char* signal : {"INT", "TERM"}) {
    const test::TempDir dir;
    const auto result = export_stopped_midway(dir, std::string("kill -") + signal + " $pid");
    INFO(result.err);
    CHECK(result.exit_code == 130);
    CHECK_THAT(result.err, test::contains("interrupted; nothing was written"));
    CHECK(entries(dir.path()) == 0);
  }
}

TEST_CASE("what a killed export left is cleared up by the next one of the same name, and never a living one's") {
  const test::TempDir dir;
  REQUIRE(export_stopped_midway(dir, "kill -9 $pid").exit_code == 137);
  CHECK(entries(dir.path()) == 1);
  const auto other = test::run_ccx(export_arguments(test::tiny_checkpoint(), dir / "y"));
  REQUIRE(other.exit_code == 0);
  CHECK(entries(dir.path()) == 2);

  // The next one is itself only half done when a third comes along and finishes.
  const auto second = export_stopped_midway(dir, test::quoted(test::ccx_binary().string()) + " " +
                                                     export_arguments(test::tiny_checkpoint(), dir / "x") +
                                                     "2>/dev/null >/dev/null; compgen -G '.x.part-*' >&2");
  INFO(second.err);
  CHECK_THAT(second.err, test::contains(".x.part-"));
  CHECK(std::filesystem::exists(dir / "x/manifest.json"));
  CHECK(entries(dir.path()) == 2);
}

TEST_CASE("an export that was killed while it replaced another gives the old one back") {
  const test::TempDir dir;
  REQUIRE(test::run_ccx(export_arguments(test::tiny_checkpoint(), dir / "x")).exit_code == 0);
  std::filesystem::rename(dir / "x", dir / ".x.old-12345");
  const auto refused = test::run_ccx(export_arguments(test::tiny_checkpoint(), dir / "x"));
  CHECK(refused.exit_code == 2);
  CHECK_THAT(refused.err, test::contains("--overwrite"));
  CHECK(std::filesystem::exists(dir / "x/manifest.json"));
  CHECK(entries(dir.path()) == 1);
}
