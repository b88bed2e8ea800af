// `ccx inspect`, `ccx info` and `ccx bench` as a user meets them.
#include <nlohmann/json.hpp>

#include "tests/support/catch.h"
#include "tests/support/checkpoint.h"
#include "tests/support/needs.h"
#include "tests/support/process.h"

using namespace ccx;

namespace {

const std::filesystem::path kReference = test::data_dir() / "reference";

std::string inspect_pair(const std::string& pair) {
  return "inspect --model " + test::quoted((kReference / "tiny").string()) + " --before " +
         test::quoted((kReference / "images" / (pair + "_A.png")).string()) + " --after " +
         test::quoted((kReference / "images" / (pair + "_B.png")).string());
}

}  // namespace

TEST_CASE("ccx inspect finds every dev vector within 1e-4, from the picture files on") {
  test::needs_command("inspect");
  for (const std::string pair : {"pair0", "pair1", "pair2"}) {
    const auto vectors = kReference / "vectors" / (pair + "_dev.safetensors");
    const auto result =
        test::run_ccx(inspect_pair(pair) + " --against " + test::quoted(vectors.string()) + " --tolerance 1e-4");
    INFO(result.out << result.err);
    CHECK(result.exit_code == 0);
    CHECK_THAT(result.out, test::contains("43 tensors compared, all within"));
  }
}

TEST_CASE("ccx inspect exits 1 when another pair's vectors differ, and its dump agrees with itself") {
  test::needs_command("inspect");
  const test::TempDir dir;
  const std::string dump = test::quoted((dir / "dump.safetensors").string());
  const auto other = kReference / "vectors/pair1_dev.safetensors";
  const auto differs =
      test::run_ccx(inspect_pair("pair0") + " --dump " + dump + " --against " + test::quoted(other.string()));
  CHECK(differs.exit_code == 1);
  CHECK_THAT(differs.out, test::contains("above the tolerance") && test::contains("NOT all"));
  const auto same = test::run_ccx(inspect_pair("pair0") + " --against " + dump + " --tolerance 0");
  INFO(same.out << same.err);
  CHECK(same.exit_code == 0);
  CHECK(test::run_ccx(inspect_pair("pair0") + " --against " + test::quoted((dir / "absent").string())).exit_code == 2);
}

TEST_CASE("ccx info says what a checkpoint is, and why a damaged one would not load") {
  const auto good = test::run_ccx("info --json " + test::quoted(test::tiny_checkpoint().string()));
  REQUIRE(good.exit_code == 0);
  const auto json = nlohmann::json::parse(good.out);
  CHECK(json["loads"] == true);
  CHECK(json["image_size"] == 60);
  CHECK(json["dtypes"].contains("BF16"));
  CHECK(json["min_p_change"] == 0.0);

  const test::TempDir dir;
  std::filesystem::copy(test::tiny_checkpoint(), dir / "deciding");
  auto config = nlohmann::json::parse(test::read_file(dir / "deciding/config.json"));
  config["min_p_change"] = 0.75;
  test::write_file(dir / "deciding/config.json", config.dump());
  const auto deciding = test::run_ccx("info " + test::quoted((dir / "deciding").string()));
  CHECK_THAT(deciding.out, test::contains("p_change 0.75 or more"));

  test::edited_checkpoint(dir / "m", [](auto& tensors) {
    std::erase_if(tensors, [](const auto& t) { return t.name == "model.norm.weight"; });
  });
  const auto bad = test::run_ccx("info " + test::quoted((dir / "m").string()));
  CHECK(bad.exit_code == 1);
  CHECK_THAT(bad.out, test::contains("would load           no") && test::contains("model.norm.weight"));
  CHECK(test::run_ccx("info " + test::quoted((dir / "absent").string())).exit_code == 2);
}

TEST_CASE("ccx bench reports every stage of a small model with its work and share of the peak") {
  test::needs_command("bench");
  const auto result = test::run_ccx("bench --json --repetitions 1 --device cpu --model " +
                                    test::quoted(test::tiny_checkpoint().string()));
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  const auto json = nlohmann::json::parse(result.out);
  std::vector<std::string> names;
  for (const auto& stage : json["stages"]) {
    names.push_back(stage["name"]);
    CHECK(stage["ms"].get<double>() > 0);
    CHECK(stage["gflop"].get<double>() > 0);
    CHECK(stage["of_peak"].get<double>() > 0);
  }
  CHECK(names == std::vector<std::string>{"preprocessing", "tower", "difference module", "projector", "prefill",
                                          "decode, a step"});
  CHECK(json["peak_gflops"].get<double>() > 0);
  CHECK(json["peak_memory_bytes"].get<double>() > 1e6);
  CHECK(test::run_ccx("bench --shape 3b").exit_code == 2);
}

TEST_CASE("ccx bench --train reports a training step with its work, speed and share of the peak of the same run") {
  test::needs_command("bench");
  const std::string common = "bench --train --repetitions 1 --device cpu --dtype fp32 --threads 1 --batch 2 --model " +
                             test::quoted(test::tiny_checkpoint().string());
  const auto measured = [&](const std::string& more) {
    const auto result = test::run_ccx(common + " --json " + more);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return nlohmann::json::parse(result.out);
  };
  const auto plain = measured("");
  CHECK(plain["batch"] == 2);
  CHECK(plain["threads"] == 1);
  CHECK(plain["dtype"] == "fp32");
  CHECK(plain["checkpointing"] == false);
  CHECK(plain["trainable_parameters"].get<int64_t>() > 10'000);
  // What the figures say of each other; 1e-9 is the rounding of their quotients.
  const double seconds = plain["step_ms"].get<double>() / 1e3;
  CHECK(plain["pairs_per_s"].get<double>() == Approx(2 / seconds).epsilon(1e-9));
  CHECK(plain["achieved"].get<double>() == Approx(plain["gflop"].get<double>() / seconds).epsilon(1e-9));
  CHECK(plain["of_peak"].get<double>() ==
        Approx(plain["achieved"].get<double>() / plain["peak_gflops"].get<double>()).epsilon(1e-9));
  CHECK(plain["peak_memory_bytes"].get<double>() > 1e6);
  // With checkpointing the forward pass is computed twice: four passes' worth instead of three.
  CHECK(measured("--checkpointing")["gflop"].get<double>() ==
        Approx(plain["gflop"].get<double>() * 4 / 3).epsilon(1e-9));

  const auto table = test::run_ccx(common);
  CHECK(table.exit_code == 0);
  CHECK_THAT(table.out, test::contains("pairs/s") && test::contains("of peak") && test::contains("2 pair(s)"));
}

TEST_CASE("ccx bench --throughput compares workers by what they caption in a second") {
  test::needs_command("bench");
  const std::string common =
      "bench --throughput --repetitions 1 --device cpu --pairs 6 --workers 3 --threads 1 --model " +
      test::quoted(test::tiny_checkpoint().string());
  const auto result = test::run_ccx(common + " --json");
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  const auto json = nlohmann::json::parse(result.out);
  CHECK(json["dtype"] == "fp32");
  CHECK(json["pairs"] == 6);
  CHECK(json["batch"] == 1);  // two batches a worker
  CHECK(json["tokens"].get<double>() > 1);
  const auto& ways = json["ways"];
  REQUIRE(ways.size() >= 2);
  CHECK(ways.front()["workers"] == 1);
  CHECK(ways.front()["threads"] == 1);
  CHECK(ways.back()["workers"] == 3);
  for (const auto& way : ways) {
    const double speed = way["pairs_per_s"].get<double>();
    CHECK(way["to_first"].get<double>() == Approx(speed / ways.front()["pairs_per_s"].get<double>()).epsilon(1e-9));
    // The stages of a pair are what a worker did in the time: no more of it than went by.
    const double ms =
        way["ms"]["vision"].get<double>() + way["ms"]["prefill"].get<double>() + way["ms"]["decode"].get<double>();
    CHECK(ms > 0);
    CHECK(ms * speed / 1e3 <= way["workers"].get<double>() * 1.01);
  }
  const auto table = test::run_ccx(common);
  CHECK(table.exit_code == 0);
  CHECK_THAT(table.out, test::contains("pairs/s") && test::contains("to first") && test::contains("6 drawn pairs"));
}

TEST_CASE("ccx bench --explain tells how each product's weight is kept, and what both ways take") {
  test::needs_command("bench");
  const std::string common = "bench --explain --repetitions 1 --device cpu --threads 1 --model " +
                             test::quoted(test::tiny_checkpoint().string());
  const auto result = test::run_ccx(common + " --dtype fp32 --json");
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  const auto json = nlohmann::json::parse(result.out);
  REQUIRE(!json["products"].empty());
  int decoding = 0;
  for (const auto& product : json["products"]) {
    CAPTURE(product.dump());
    CHECK(product["count"].get<int>() > 0);
    CHECK(product["plain_ms"].get<double>() > 0);
    CHECK((product["choice"] == "plain" || product.contains("packed_ms")));
    if (product["rows"] != 1) continue;
    ++decoding;
    CHECK(product["choice"] == "plain");  // what a float32 step reads lies as in the checkpoint
  }
  CHECK(decoding > 0);
  const auto table = test::run_ccx(common);
  CHECK(table.exit_code == 0);
  CHECK_THAT(table.out, test::contains("rows x in x out") && test::contains("model.layers."));
}

TEST_CASE("ccx bench refuses what it would ignore") {
  test::needs_command("bench");
  const std::string model = " --model " + test::quoted(test::tiny_checkpoint().string());
  const auto alone = test::run_ccx("bench --checkpointing" + model);
  CHECK(alone.exit_code == 2);
  CHECK_THAT(alone.err, test::contains("--train"));
  CHECK(test::run_ccx("bench --train --dtype fp8" + model).exit_code == 2);
  CHECK(test::run_ccx("bench --workers 2" + model).exit_code == 2);
  CHECK(test::run_ccx("bench --throughput --train" + model).exit_code == 2);
  CHECK(test::run_ccx("bench --throughput --explain" + model).exit_code == 2);
  CHECK(test::run_ccx("bench --train --explain" + model).exit_code == 2);
  const auto shape = test::run_ccx("bench --throughput --shape 0.5b");
  CHECK(shape.exit_code == 2);
  CHECK_THAT(shape.err, test::contains("--model"));
}
