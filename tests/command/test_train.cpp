// `ccx train` as a user meets it: a fresh model learns, stops, goes on, and its checkpoints load.
#include "core/model/checkpoint.h"
#include "core/model/parameters.h"
#include "tests/command/train_workshop.h"

using namespace ccx;
using test::Workshop;

TEST_CASE("a run that was stopped goes on as if it had not been, bit for bit") {
  test::needs_command("train");
  const Workshop shop;
  const test::ProcessResult whole = shop.run(shop.training("whole", "--epochs 4"));
  INFO(whole.err);
  REQUIRE(whole.exit_code == 0);
  const std::vector<std::string> expected = shop.curve("whole");
  REQUIRE(expected.size() == 8);

  // SIGTERM once three steps are written: the state is saved, exit code 130.
  const std::string command =
      test::quoted(test::ccx_binary().string()) + " " + shop.training("cut", "--epochs 4 --resume auto");
  const test::ProcessResult stopped = test::run_shell(
      command + " & pid=$!; while kill -0 $pid 2>/dev/null && [ \"$(cat " + shop.path("cut/metrics.jsonl") +
      " 2>/dev/null | wc -l)\" -lt 3 ]; do sleep 0.02; done; kill -TERM $pid; wait $pid");
  INFO(stopped.err);
  REQUIRE(stopped.exit_code == 130);
  const test::ProcessResult resumed = shop.run(shop.training("cut", "--epochs 4 --resume auto"));
  INFO(resumed.err);
  REQUIRE(resumed.exit_code == 0);
  CHECK(shop.curve("cut") == expected);
  CHECK(test::read_file(shop.dir / "cut/last/model.safetensors") ==
        test::read_file(shop.dir / "whole/last/model.safetensors"));

  SECTION("an existing run is not overwritten, and not continued with other settings") {
    const test::ProcessResult again = shop.run(shop.training("cut", "--epochs 4"));
    CHECK(again.exit_code == 2);
    CHECK_THAT(again.err, test::contains("--resume auto"));
    const test::ProcessResult other = shop.run(shop.training("cut", "--epochs 4 --resume auto --seed 43"));
    CHECK(other.exit_code == 2);
    CHECK_THAT(other.err, test::contains("seed"));
  }
  SECTION("what was saved is a checkpoint with the published names") {
    const model::Checkpoint checkpoint(shop.dir / "cut/last");
    checkpoint.check();
    const auto live = model::live_parameters(checkpoint.config());
    const auto dead = model::dead_parameters(checkpoint.config());
    CHECK(checkpoint.tensors().size() == live.size() + dead.size());
    const test::ProcessResult inspected = shop.run("info " + shop.path("cut/last"));
    CHECK(inspected.exit_code == 0);
  }
}

TEST_CASE("a full disk ends a run with an error and leaves the last checkpoint whole") {
  test::needs_command("train");
  const Workshop shop;
  REQUIRE(shop.run(shop.training("run", "--max-steps 2")).exit_code == 0);
  const std::string before = test::read_file(shop.dir / "run/last/model.safetensors");
  // A limit on file sizes stands for the full disk: checkpoints need more than 512 KiB.
  const test::ProcessResult full =
      test::run_shell("trap '' XFSZ; ulimit -f 512; " + test::quoted(test::ccx_binary().string()) + " " +
                      shop.training("full", "--max-steps 4 --save-steps 2"));
  CHECK(full.exit_code == 1);
  CHECK_THAT(full.err, test::contains("cannot write"));
  CHECK_FALSE(std::filesystem::exists(shop.dir / "full/last"));
  for (const auto& entry : std::filesystem::directory_iterator(shop.dir / "full/checkpoints"))
    FAIL("left behind: " << entry.path());
  CHECK(test::read_file(shop.dir / "run/last/model.safetensors") == before);
}

TEST_CASE("a loss that is not finite stops the run and names the batch, or skips it") {
  test::needs_command("train");
  const Workshop shop;
  const test::ProcessResult stopped =
      shop.run(shop.training("nan", "--max-steps 12 --lr 1e30 --warmup-ratio 0 --clip 0"));
  CHECK(stopped.exit_code == 1);
  CHECK_THAT(stopped.err, test::contains("not finite"));
  CHECK_THAT(stopped.err, test::contains("scene_train_"));
  const test::ProcessResult skipped =
      shop.run(shop.training("skip", "--max-steps 6 --lr 1e30 --warmup-ratio 0 --clip 0 --on-nan skip"));
  CHECK(skipped.exit_code == 0);
  CHECK_THAT(skipped.err, test::contains("skipped"));
}

TEST_CASE("samples that cannot be read are named and counted up to a limit") {
  test::needs_command("train");
  const Workshop shop;
  std::string lines;
  for (int i = 0; i < 4; ++i) {
    const std::string picture = i == 2 ? "/nowhere.png" : (test::data_dir() / "reference/images/pair0_A.png").string();
    lines += nlohmann::json(
                 {{"id", "p" + std::to_string(i)}, {"before", picture}, {"after", picture}, {"caption", "a road"}})
                 .dump() +
             "\n";
  }
  test::write_file(shop.dir / "d.jsonl", lines);
  const std::string common = "train --stage 3 --model " + shop.path("base") + " --data " + shop.path("d.jsonl") +
                             " --batch 2 --accumulate 1 --epochs 1 --no-eval --threads 1 --out ";
  const test::ProcessResult within = shop.run(common + shop.path("within"));
  CHECK(within.exit_code == 0);
  CHECK_THAT(within.err, test::contains("skipped p2"));
  CHECK_THAT(within.err, test::contains("/nowhere.png"));
  const test::ProcessResult beyond = shop.run(common + shop.path("beyond") + " --max-bad-samples 0");
  CHECK(beyond.exit_code == 1);
  CHECK_THAT(beyond.err, test::contains("--max-bad-samples 0"));
}

TEST_CASE("two processes give one process's loss curve, with and without sharding") {
  test::needs_command("train");
  const Workshop shop;
  // Four micro-batches a step either way.
  const std::string more = "--epochs 3 --dtype fp32 --device cpu";
  const test::ProcessResult one = shop.run(shop.training("one", more + " --accumulate 4"));
  INFO(one.err);
  REQUIRE(one.exit_code == 0);
  for (const std::string sharding : {"", "--no-shard-optimizer"}) {
    const std::string out = sharding.empty() ? "sharded" : "plain";
    const std::string port = test::some_port(sharding.empty() ? 0 : 1);
    const auto rank = [&](int r) {
      return "MASTER_ADDR=127.0.0.1 MASTER_PORT=" + port + " WORLD_SIZE=2 RANK=" + std::to_string(r) + " " +
             test::quoted(test::ccx_binary().string()) + " " + shop.training(out, more + " " + sharding);
    };
    const test::ProcessResult two =
        test::run_shell(rank(1) + " & " + rank(0) + "; a=$?; wait $!; b=$?; exit $((a + b))");
    INFO(two.err);
    if (two.err.find("no Gloo") != std::string::npos) {
      test::skip(test::Lacking::kBuild, "this build has no Gloo");
    }
    REQUIRE(two.exit_code == 0);
    const std::vector<double> a = shop.losses("one");
    const std::vector<double> b = shop.losses(out);
    REQUIRE(a.size() == b.size());
    // Sums in another order: float32 rounding, which training amplifies a little.
    for (size_t i = 0; i < a.size(); ++i) CHECK(b[i] == Approx(a[i]).epsilon(1e-4));
  }
}

TEST_CASE("a killed rank ends the others with an error within a minute") {
  test::needs_command("train");
  const Workshop shop;
  const std::string port = test::some_port(2);
  const auto rank = [&](int r) {
    return "MASTER_ADDR=127.0.0.1 MASTER_PORT=" + port + " WORLD_SIZE=2 RANK=" + std::to_string(r) + " " +
           test::quoted(test::ccx_binary().string()) + " " + shop.training("run", "--epochs 100000 --device cpu");
  };
  const test::ProcessResult result = test::run_shell(
      rank(1) + " & victim=$!; " + rank(0) + " & other=$!; n=0; while [ \"$(cat " + shop.path("run/metrics.jsonl") +
      " 2>/dev/null | wc -l)\" -lt 2 ] && [ $n -lt 1500 ]; do sleep 0.1; n=$((n+1)); done; kill -KILL $victim; " +
      "SECONDS=0; wait $other; code=$?; echo $SECONDS; exit $code");
  INFO(result.err);
  if (result.err.find("no Gloo") != std::string::npos) {
    test::skip(test::Lacking::kBuild, "this build has no Gloo");
  }
  CHECK(result.exit_code == 1);
  CHECK_THAT(result.err, test::contains("--resume auto"));
  CHECK(std::stoi(result.out) < 60);
}

TEST_CASE("training evaluates on the validation split and keeps the best checkpoint") {
  test::needs_command("train");
  const Workshop shop;
  const test::ProcessResult run =
      shop.run("train --stage 3 --model " + shop.path("base") + " --out " + shop.path("run") +
               " --data scenes:4@3 --batch 2 --accumulate 1 --epochs 2 --threads 1 --eval-limit 4");
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK_THAT(run.err, test::contains("split val"));
  CHECK(std::filesystem::exists(shop.dir / "run/best/model.safetensors"));
  int evaluations = 0;
  std::istringstream in(test::read_file(shop.dir / "run/metrics.jsonl"));
  for (std::string line; std::getline(in, line);) {
    const auto json = nlohmann::json::parse(line);
    if (!json.contains("eval")) continue;
    ++evaluations;
    CHECK(json["eval"]["split"] == "val");
    CHECK(json["eval"]["pairs"] == 4);
    CHECK(json["eval"]["scores"].contains("cider_d"));
  }
  CHECK(evaluations == 2);
  const auto record = nlohmann::json::parse(test::read_file(shop.dir / "run/run.json"));
  CHECK(record["validation_split"] == "val");
  CHECK(record["lr"] == 1e-5);
  CHECK(record["tower_lr"] == 2e-6);
  CHECK(record["warmup_ratio"] == 0.03);
}

TEST_CASE("a plan is printed without loading a model") {
  test::needs_command("train");
  const test::ProcessResult plan =
      test::run_ccx("train --stage 2 --model 7b --plan --devices 8 --checkpointing --samples 100000");
  INFO(plan.err);
  CHECK(plan.exit_code == 0);
  CHECK_THAT(plan.out, test::contains("sharded optimiser"));
  CHECK_THAT(plan.out, test::contains("256 pairs (2 a device x 8 x 16 accumulated)"));
  CHECK_THAT(plan.out, test::contains("391 steps for 100000 samples"));
}

TEST_CASE("what cannot be is refused before work begins") {
  test::needs_command("train");
  CHECK(test::run_ccx("train").exit_code == 2);
  CHECK(test::run_ccx("train --stage 4 --model x --data y --out z").exit_code == 2);
  CHECK(test::run_ccx("train --stage 3 --model /nowhere --data scenes:4@1 --out /tmp/never").exit_code == 2);
  const test::ProcessResult rate =
      test::run_ccx("train --stage 3 --model /nowhere --data scenes:4@1 --out /tmp/never --tower-lr fast");
  CHECK(rate.exit_code == 2);
  CHECK_THAT(rate.err, test::contains("--tower-lr"));
}
