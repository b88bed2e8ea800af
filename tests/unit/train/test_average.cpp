// Checkpoints of one model differ in their weights and in what was chosen for these.
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/model/config_keys.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"
#include "train/checkpoint/average.h"

using namespace ccx;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

// The tiny checkpoint with `key` of its config.json as given.
fs::path tiny_with(const fs::path& target, const char* key, const json& value) {
  fs::copy(test::data_dir() / "reference/tiny", target);
  json config = json::parse(test::read_file(target / "config.json"));
  config[key] = value;
  test::write_file(target / "config.json", config.dump());
  return target;
}

}  // namespace

TEST_CASE("checkpoints that differ in what was chosen for their weights are averaged, and the mean has none of it") {
  const test::TempDir dir;
  const fs::path a = tiny_with(dir / "a", "p_change_fit", {{"bias", 0.5}, {"language", 1.5}, {"head", 0}});
  const fs::path b = tiny_with(dir / "b", "p_change_fit", {{"bias", -1}, {"language", 1}, {"head", 0}});
  const fs::path c = tiny_with(dir / "c", "min_p_change", 0.25);
  train::average_checkpoints({a, b, c}, dir / "mean", train::SaveDType::kFloat32, false);
  const json config = json::parse(test::read_file(dir / "mean/config.json"));
  for (const char* key : model::kChosenForWeights) {
    CAPTURE(key);
    CHECK_FALSE(config.contains(key));
  }
  CHECK(config["hidden_size"] == json::parse(test::read_file(a / "config.json"))["hidden_size"]);
}

TEST_CASE("checkpoints that differ in anything else are of other models") {
  const test::TempDir dir;
  const fs::path a = tiny_with(dir / "a", "rope_theta", 10000.0), b = tiny_with(dir / "b", "rope_theta", 20000.0);
  CHECK_THROWS_AS(train::average_checkpoints({a, b}, dir / "mean", train::SaveDType::kFloat32, false), CheckpointError);
}
