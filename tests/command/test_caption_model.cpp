// `ccx caption` with LibTorch and the tiny reference checkpoint: the reference's words, whatever happens to the run.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "core/io/machine.h"
#include "tests/command/caption_case.h"
#include "tests/support/catch.h"
#include "tests/support/needs.h"

namespace test = ccx::test;
using nlohmann::json;
using test::contains;
using test::lines_of;
using test::ProcessResult;
using test::read_file;

namespace {

std::string reference(const std::string& name) {
  return (test::data_dir() / "reference" / name).string();
}

const std::string kTiny = "--model " + test::quoted(reference("tiny")) + " ";

std::string caption(const test::TempDir& dir, const std::string& arguments) {
  return "cd " + test::quoted(dir.path().string()) + " && " + test::quoted(test::ccx_binary().string()) +
         " caption --no-timings --quiet " + arguments;
}

}  // namespace

TEST_CASE("captions of the reference's images are the reference's words, in any batch") {
  test::needs_command("caption");
  const json vectors = json::parse(read_file(reference("vectors/vectors_dev.json")));
  const test::TempDir dir;
  const std::string images = test::quoted(reference("images"));
  for (const auto& [options, key] :
       {std::pair{"", "greedy_text"}, std::pair{"--repetition-penalty 1", "greedy_text_nopenalty"}}) {
    const std::string arguments = "--in " + images + " --out - --max-new-tokens 32 " + kTiny + options;
    const ProcessResult together = test::run_shell(caption(dir, arguments + " --batch 3"));
    INFO(together.err);
    REQUIRE(together.exit_code == 0);
    const auto lines = lines_of(together.out);
    REQUIRE(lines.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
      const json record = json::parse(lines[i]);
      CHECK(record["id"] == "pair" + std::to_string(i));
      CHECK(record["caption"] == vectors["pairs"][std::to_string(i)][key]);
      CHECK(record["tokens"] == 32);
    }
    CHECK(test::run_shell(caption(dir, arguments + " --batch 1")).out == together.out);
  }
}

TEST_CASE("captions are the same bytes with any number of workers, which share one copy of the weights") {
  test::needs_command("caption");
  const test::TempDir dir;
  test::write_pairs(dir / "pairs", 11);
  const std::string arguments = "--in pairs --max-new-tokens 16 " + kTiny;
  REQUIRE(test::run_shell(caption(dir, arguments + "--workers 1 --out one.jsonl")).exit_code == 0);
  for (const std::string workers : {"2", "5"}) {
    const ProcessResult several =
        test::run_shell(caption(dir, arguments + "--overwrite --workers " + workers + " --out w.jsonl"));
    INFO(several.err);
    REQUIRE(several.exit_code == 0);
    CHECK(read_file(dir / "w.jsonl") == read_file(dir / "one.jsonl"));
    const json device = json::parse(read_file(dir / "w.jsonl.run.json"))["device"];
    CHECK(device["name"] == "cpu");
    CHECK(device["workers"] == std::stoi(workers));
    CHECK(device["threads"] == 1);
  }
  // Interrupted in one number of workers, resumed in another.
  const auto lines = lines_of(read_file(dir / "one.jsonl"));
  test::write_file(dir / "w.jsonl", lines[0] + "\n" + lines[1] + "\n" + lines[2] + "\n" + lines[3].substr(0, 9));
  REQUIRE(test::run_shell(caption(dir, arguments + "--resume --workers 3 --out w.jsonl")).exit_code == 0);
  CHECK(read_file(dir / "w.jsonl") == read_file(dir / "one.jsonl"));
}

TEST_CASE("the number of workers is told on stderr") {
  test::needs_command("caption");
  const test::TempDir dir;
  test::write_pairs(dir / "pairs", 2);
  const ProcessResult result =
      test::run_shell("cd " + test::quoted(dir.path().string()) + " && " + test::quoted(test::ccx_binary().string()) +
                      " caption --in pairs --out - --max-new-tokens 4 --workers 3 --threads 2 " + kTiny);
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.err, contains("on cpu in fp32, 3 workers of 2 threads"));
}

TEST_CASE("a process that may use one core has one worker, and several pairs on several cores have several") {
  test::needs_command("caption");
  const test::TempDir dir;
  test::write_pairs(dir / "pairs", 3);
  const std::string arguments = "--in pairs --out c.jsonl --overwrite --max-new-tokens 4 " + kTiny;
  const auto workers = [&](const std::string& prefix) {
    const std::string command = caption(dir, arguments);
    const ProcessResult result = test::run_shell(prefix + command);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return json::parse(read_file(dir / "c.jsonl.run.json"))["device"]["workers"].get<int>();
  };
  // The shell's own mask is what the command inherits: of the cores it may use, the first.
  const std::string first = "taskset -p -c $(taskset -p -c $$ | sed 's/.*: //; s/[-,].*//') $$ > /dev/null && ";
  CHECK(workers(first) == 1);
  const int cores = ccx::io::usable_cores();
  CHECK(workers("") == std::min(cores, 3));
}

TEST_CASE("the model too is killed with -9 and resumed to the same bytes, bad pairs and heatmaps included") {
  test::needs_command("caption");
  const test::TempDir dir;
  test::write_pairs(dir / "pairs", 24);
  test::write_file(dir / "pairs/B/005.png", "no image");
  std::filesystem::remove(dir / "pairs/A/011.png");
  const std::string options = kTiny + "--in pairs --max-new-tokens 24 --heatmaps heat ";
  CHECK(test::run_shell(caption(dir, options + "--out whole.jsonl --batch 8")).exit_code == 3);
  const std::string whole = read_file(dir / "whole.jsonl");
  CHECK(lines_of(whole).size() == 24);
  // Killed as soon as three lines are there; at most 60 s of waiting.
  test::run_shell(caption(dir, options + "--out c.jsonl --batch 1 --workers 3") +
                  " & p=$!; for i in {1..3000}; do sleep 0.02; n=$(wc -l < c.jsonl 2>/dev/null); "
                  "[ ${n:-0} -ge 3 ] && break; done; kill -9 $p; wait $p");
  const std::string killed = read_file(dir / "c.jsonl");
  REQUIRE_FALSE(killed.empty());
  CHECK(whole.compare(0, killed.size(), killed) == 0);
  CHECK(test::run_shell(caption(dir, options + "--out c.jsonl --resume --batch 5")).exit_code == 3);
  CHECK(read_file(dir / "c.jsonl") == whole);
}

TEST_CASE("a checkpoint that is broken leaves no output behind") {
  test::needs_command("caption");
  const test::TempDir dir;
  test::write_pairs(dir / "pairs", 1);
  std::filesystem::copy(reference("tiny"), dir / "cut", std::filesystem::copy_options::recursive);
  const auto weights = dir / "cut/model.safetensors";
  std::filesystem::resize_file(weights, std::filesystem::file_size(weights) / 2);
  const ProcessResult result = test::run_shell(caption(dir, "--in pairs --out c.jsonl --model cut"));
  CHECK(result.exit_code == 2);
  CHECK_THAT(result.err, contains("model.safetensors"));
  CHECK_FALSE(std::filesystem::exists(dir / "c.jsonl"));
}
