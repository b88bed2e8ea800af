// `ccx train` with chosen parts, maps and turned pairs.
#include <numeric>

#include "core/io/safetensors.h"
#include "tests/command/train_workshop.h"

using namespace ccx;

namespace {

struct Workshop : test::Workshop {
  std::string training(const std::string& out, const std::string& more) const {
    return "train --stage 3 --model " + path("base") + " --out " + path(out) +
           " --data scenes:16@3 --batch 4 --accumulate 1 --lr 1e-3 --tower-lr same --threads 1 --workers 1 " + more;
  }
  test::ProcessResult train(const std::string& out, const std::string& more) const { return run(training(out, more)); }
  std::vector<float> weight(const std::string& checkpoint, const std::string& name) const {
    return io::SafetensorsFile(dir / checkpoint / "model.safetensors").at(name).to_float32();
  }
};

const std::string kTower = "model.vision_tower.vision_tower.vision_model.embeddings.patch_embedding.weight";
const std::string kWords = "model.embed_tokens.weight";

}  // namespace

TEST_CASE("vision learns from maps alone, the language model stays as it was, and the heads are not saved") {
  test::needs_command("train");
  const Workshop shop;
  const test::ProcessResult result = shop.train(
      "run", "--trainable tower difference projector --caption-weight 0 --map-weight 1 --turned 0.5 --epochs 8");
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  std::vector<double> losses;
  double auc = -1;
  for (const nlohmann::json& line : shop.log("run")) {
    if (line.contains("loss")) {
      losses.push_back(line["loss"].get<double>());
      CHECK(line["map_loss"] == line["loss"]);
    } else {
      auc = line["eval"]["scores"]["map_flag_auc"].get<double>();
      CHECK(line["eval"]["best_by"] == "map_flag_auc");
      CHECK_FALSE(line["eval"]["scores"].contains("bleu_4"));
    }
  }
  // One step's loss depends on what its few scenes show, and so four are taken together. What is asked for is that it
  // learns at all.
  REQUIRE(losses.size() >= 8);
  const double first = std::accumulate(losses.begin(), losses.begin() + 4, 0.0);
  const double last = std::accumulate(losses.end() - 4, losses.end(), 0.0);
  CHECK(last < 0.8 * first);
  CHECK((auc >= 0 && auc <= 1));
  CHECK(shop.weight("base", kWords) == shop.weight("run/last", kWords));
  CHECK(shop.weight("base", kTower) != shop.weight("run/last", kTower));
  const io::SafetensorsFile saved(shop.dir / "run/last/model.safetensors");
  for (const auto& [name, view] : saved.tensors()) CHECK(name.find("map_head") == std::string::npos);
}

TEST_CASE("a run with maps goes on bit for bit, heads included") {
  test::needs_command("train");
  const Workshop shop;
  const std::string common = "--no-eval --map-weight 0.5 --summary-weight 0.5 --turned 0.3 --epochs 2 ";
  REQUIRE(shop.train("whole", common).exit_code == 0);
  REQUIRE(shop.train("parts", common + "--save-steps 3").exit_code == 0);
  const auto losses = [&](const std::string& run) {
    std::vector<std::string> values;
    for (const nlohmann::json& line : shop.log(run)) values.push_back(line["loss"].dump() + line["map_loss"].dump());
    return values;
  };
  CHECK(losses("whole") == losses("parts"));
  const test::ProcessResult stopped =
      shop.train("again", common + "--save-steps 1 --log-every 1 & pid=$!; while kill -0 $pid 2>/dev/null && [ ! -e " +
                              shop.path("again") + "/last ]; do sleep 0.05; done; kill -9 $pid; wait $pid; exit 0");
  REQUIRE(stopped.exit_code == 0);
  const test::ProcessResult resumed = shop.train("again", common + "--save-steps 1 --resume auto");
  INFO(resumed.err);
  REQUIRE(resumed.exit_code == 0);
  CHECK(losses("again") == losses("whole"));
}

TEST_CASE("parts and weights that make no sense are refused before anything is read") {
  test::needs_command("train");
  const Workshop shop;
  test::ProcessResult result = shop.train("a", "--trainable tower brain");
  CHECK(result.exit_code == 2);
  CHECK_THAT(result.err,
             test::contains("--trainable brain: expected tower, difference, projector, language or change_head"));
  result = shop.train("b", "--caption-weight 0");
  CHECK(result.exit_code == 2);
  CHECK_THAT(result.err, test::contains("all 0"));
  result = shop.train("e", "--caption-weight 0 --map-weight 1 --summary-weight 1");
  CHECK(result.exit_code == 2);
  CHECK_THAT(result.err, test::contains("--summary-weight asks the language model"));
  CHECK(shop.train("d", "--turned 1.5").exit_code == 2);
  result = shop.train("f", "--no-change-caption \"nothing new\"");
  CHECK(result.exit_code == 2);
  CHECK_THAT(result.err, test::contains("\"nothing new\" would be read as a change"));
}
