// `ccx inspect`, `ccx info` and `ccx bench` as a user meets them.
#include <nlohmann/json.hpp>

#include "tests/support/catch.h"
#include "tests/support/checkpoint.h"
#include "tests/support/process.h"

using namespace ccx;

namespace {

const std::filesystem::path kReference = test::data_dir() / "reference";

bool has_torch() {
  return test::run_ccx("inspect --help").exit_code == 0;
}

std::string inspect_pair(const std::string& pair) {
  return "inspect --model " + test::quoted((kReference / "tiny").string()) + " --before " +
         test::quoted((kReference / "images" / (pair + "_A.png")).string()) + " --after " +
         test::quoted((kReference / "images" / (pair + "_B.png")).string());
}

}  // namespace

TEST_CASE("ccx inspect finds every dev vector within 1e-4, from the picture files on") {
  if (!has_torch()) {
    WARN("skipped: this build has no LibTorch");
    return;
  }
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
  if (!has_torch()) {
    WARN("skipped: this build has no LibTorch");
    return;
  }
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

  const test::TempDir dir;
  test::edited_checkpoint(dir / "m", [](auto& tensors) {
    std::erase_if(tensors, [](const auto& t) { return t.name == "model.norm.weight"; });
  });
  const auto bad = test::run_ccx("info " + test::quoted((dir / "m").string()));
  CHECK(bad.exit_code == 1);
  CHECK_THAT(bad.out, test::contains("would load           no") && test::contains("model.norm.weight"));
  CHECK(test::run_ccx("info " + test::quoted((dir / "absent").string())).exit_code == 2);
}

TEST_CASE("ccx bench reports every stage of a small model with its work and share of the peak") {
  if (!has_torch()) {
    WARN("skipped: this build has no LibTorch");
    return;
  }
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
  CHECK(test::run_ccx("bench").exit_code == 2);
}
