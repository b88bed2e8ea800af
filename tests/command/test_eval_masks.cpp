// `ccx eval --masks`: mask pictures against label pictures, by the real command.
#include <nlohmann/json.hpp>

#include "tests/support/catch.h"
#include "tests/support/process.h"

using namespace ccx::test;

namespace {

namespace fs = std::filesystem;

// Scenes whose maps of kinds stand for masks: a model that makes no mistake.
fs::path scenes(const TempDir& dir) {
  REQUIRE(run_ccx("scenes --out " + quoted((dir / "set").string()) + " --count 8 --seed 5 --size 64").exit_code == 0);
  fs::copy(dir / "set/images/train/kinds", dir / "masks/train");
  return dir / "set/images";
}

std::string eval(const fs::path& masks, const fs::path& labels, const std::string& more = "") {
  return "eval --masks " + quoted(masks.string()) + " --labels " + quoted(labels.string()) + " " + more;
}

nlohmann::json class_named(const nlohmann::json& scores, const std::string& name) {
  for (const nlohmann::json& entry : scores.at("classes")) {
    if (entry.at("name") == name) return entry;
  }
  FAIL("no class " << name << " in " << scores.dump());
  return {};
}

}  // namespace

TEST_CASE("masks that equal their labels score 1 in every class that occurs") {
  const TempDir dir;
  fs::create_directories(dir / "masks");
  const fs::path images = scenes(dir);
  const ProcessResult result = run_ccx(eval(dir / "masks", images / "train/kinds", "--label-scheme kinds --json"));
  REQUIRE(result.exit_code == 0);
  const nlohmann::json masks = nlohmann::json::parse(result.out).at("masks");
  CHECK(masks.at("pairs") == 8);
  CHECK(masks.at("mean_iou") == 1.0);
  CHECK(class_named(masks, "building_built").at("iou") == 1.0);
  CHECK(class_named(masks, "water").at("iou").is_null());  // never drawn, so never judged
}

TEST_CASE("masks of kinds are scored against LEVIR-MCI's labels, found under the folder of a data set") {
  const TempDir dir;
  fs::create_directories(dir / "masks");
  const fs::path images = scenes(dir);
  fs::remove_all(images / "train/kinds");  // a real data set has none
  fs::remove_all(images / "train/A");
  fs::remove_all(images / "train/B");
  const ProcessResult result = run_ccx(eval(dir / "masks", images));
  REQUIRE(result.exit_code == 0);
  CHECK_THAT(result.out, contains("levir_mci"));
  CHECK_THAT(result.out, contains("building           1.0000   1.0000"));
}

TEST_CASE(
    "of a data set that has labels of kinds and of another form, those of kinds are read, or the form that is asked "
    "for") {
  const TempDir dir;
  fs::create_directories(dir / "masks");
  const fs::path images = scenes(dir);
  const ProcessResult kinds = run_ccx(eval(dir / "masks", images));
  REQUIRE(kinds.exit_code == 0);
  CHECK_THAT(kinds.out, contains("labels: kinds"));
  CHECK_THAT(kinds.out, contains("building_built"));
  const ProcessResult asked = run_ccx(eval(dir / "masks", images, "--label-scheme levir_mci"));
  REQUIRE(asked.exit_code == 0);
  CHECK_THAT(asked.out, contains("labels: levir_mci"));
  CHECK_THAT(asked.out, contains("building           1.0000   1.0000"));
}

TEST_CASE("what cannot be scored is said, with exit code 2") {
  const TempDir dir;
  fs::create_directories(dir / "masks");
  const fs::path images = scenes(dir);
  const auto refused = [](const std::string& arguments, const std::string& why) {
    CAPTURE(arguments);
    const ProcessResult result = run_ccx(arguments);
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK_THAT(result.err, contains(why));
  };
  refused("eval --json", "--pred");
  refused("eval --masks " + quoted((dir / "masks").string()), "--labels");
  refused(eval(dir / "none", images / "train/label"), "none");
  refused(eval(dir / "masks", images / "train/label", "--label-scheme odd"), "odd");
  refused(eval(dir / "masks", images / "train/A"), "colours");
  fs::copy_file(dir / "masks/train/train_000001.png", dir / "masks/train/stranger.png");
  refused(eval(dir / "masks", images / "train/label"), "stranger.png");
}
