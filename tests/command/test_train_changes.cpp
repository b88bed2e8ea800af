// `ccx train` with a convolutional tower and a change head, from fetched weights to an export.
#include <numeric>

#include "core/io/safetensors.h"
#include "tests/command/train_workshop.h"
#include "tests/support/needs.h"
#include "tests/support/python.h"

using namespace ccx;
using nlohmann::json;

namespace {

std::string tower_file() {
  return test::quoted((test::data_dir() / "tower/tiny_same.safetensors").string());
}

struct Workshop : test::Workshop {
  Workshop() : test::Workshop("tiny") {
    const test::ProcessResult made = run("train --init tiny --tokenizer " + path("tok") + " --tower-weights " +
                                         tower_file() + " --out " + path("conv"));
    INFO(made.err);
    REQUIRE(made.exit_code == 0);
  }
  test::ProcessResult train(const std::string& model, const std::string& out, const std::string& more) const {
    return run("train --stage 3 --model " + path(model) + " --out " + path(out) +
               " --data scenes:16@3 --batch 4 --accumulate 1 --lr 2e-3 --threads 1 --workers 1 " + more);
  }
  std::vector<float> weight(const std::string& checkpoint, const std::string& name) const {
    return io::SafetensorsFile(dir / checkpoint / "model.safetensors").at(name).to_float32();
  }
};

const std::string kStem = "model.vision_tower.vision_tower.stem.weight";
const std::string kAdapter = "model.vision_tower.adapters.0.weight";
const std::string kKinds = "change_head.kinds.weight";
const std::string kWords = "model.embed_tokens.weight";

}  // namespace

TEST_CASE("a fresh model takes a tower's weights as they are, and info tells of tower and head") {
  test::needs_command("train");
  const Workshop shop;
  const io::SafetensorsFile tower(test::data_dir() / "tower/tiny_same.safetensors");
  CHECK(shop.weight("conv", kStem) == tower.at(kStem).to_float32());
  const test::ProcessResult info = shop.run("info --json " + shop.path("conv"));
  INFO(info.err);
  REQUIRE(info.exit_code == 0);
  const json told = json::parse(info.out);
  CHECK(told["loads"] == true);
  CHECK(told["vision_levels"] == json({4, 8, 16, 32}));
  CHECK(told["change_head"]["grid"] == 16);
  CHECK_THAT(shop.run("info " + shop.path("conv")).out, test::contains("inverted residuals"));
  const test::ProcessResult wrong = shop.run("train --init tiny --tokenizer " + shop.path("tok") + " --tower-weights " +
                                             shop.path("conv") + "/model.safetensors --out " + shop.path("wrong"));
  CHECK(wrong.exit_code == 2);
  CHECK_THAT(wrong.err, test::contains("does not say which tower it is"));
}

TEST_CASE("the head learns from masks of drawn pairs, with the tower frozen or not") {
  test::needs_command("train");
  const Workshop shop;
  const test::ProcessResult frozen = shop.train("conv", "frozen",
                                                "--trainable change_head --caption-weight 0 --change-weight 1 "
                                                "--augment geometric,jitter --turned 0.5 --epochs 1");
  INFO(frozen.err);
  REQUIRE(frozen.exit_code == 0);
  json scores;
  for (const json& line : shop.log("frozen")) {
    if (line.contains("eval")) scores = line["eval"]["scores"];
  }
  CHECK(scores.contains("change_flag_auc"));
  CHECK(scores.contains("change_score"));
  CHECK(shop.weight("frozen/last", kStem) == shop.weight("conv", kStem));
  CHECK(shop.weight("frozen/last", kAdapter) == shop.weight("conv", kAdapter));
  CHECK(shop.weight("frozen/last", kKinds) != shop.weight("conv", kKinds));

  const test::ProcessResult learning = shop.train(
      "conv", "learning",
      "--trainable tower change_head --tower-lr same --caption-weight 0 --change-weight 1 --epochs 40 --no-eval");
  INFO(learning.err);
  REQUIRE(learning.exit_code == 0);
  const std::vector<double> losses = shop.losses("learning");
  REQUIRE(losses.size() == 160);
  const auto mean = [](auto first, auto last) {
    return std::accumulate(first, last, 0.0) / static_cast<double>(last - first);
  };
  // The first and the last two epochs, each of all scenes: what is asked for is that it learns at all.
  CHECK(mean(losses.end() - 8, losses.end()) < 0.7 * mean(losses.begin(), losses.begin() + 8));

  const test::ProcessResult all = shop.train(
      "frozen/last", "all", "--change-weight 1 --map-weight 0.5 --summary-weight 0.5 --max-steps 3 --eval-limit 4");
  INFO(all.err);
  REQUIRE(all.exit_code == 0);
  CHECK(shop.weight("all/last", kStem) != shop.weight("conv", kStem));
  CHECK(shop.weight("all/last", kWords) != shop.weight("conv", kWords));
  // It captions.
  const test::ProcessResult scenes =
      shop.run("scenes --out " + shop.path("drawn") + " --count 2 --seed 5 --size 64 --splits test:1");
  REQUIRE(scenes.exit_code == 0);
  const test::ProcessResult captions =
      shop.run("caption --model " + shop.path("all/last") + " --in " + shop.path("drawn") + "/images/test --out " +
               shop.path("captions.jsonl"));
  INFO(captions.err);
  CHECK(captions.exit_code == 0);
}

TEST_CASE("a run that mixes styles learns otherwise, goes on bit for bit, and needs a convolutional tower") {
  test::needs_command("train");
  const Workshop shop;
  const std::string common =
      "--trainable tower change_head --caption-weight 0 --change-weight 1 --no-eval --epochs 2 --save-steps 1 ";
  const std::string mixing = common + "--mix-styles 0.5 ";
  REQUIRE(shop.train("conv", "plain", common).exit_code == 0);
  REQUIRE(shop.train("conv", "whole", mixing).exit_code == 0);
  CHECK(shop.curve("whole").size() == 8);
  CHECK(shop.curve("whole") != shop.curve("plain"));
  const test::ProcessResult stopped =
      shop.train("conv", "again",
                 mixing + "--log-every 1 & pid=$!; while kill -0 $pid 2>/dev/null && [ ! -e " + shop.path("again") +
                     "/last ]; do sleep 0.05; done; kill -9 $pid; wait $pid; exit 0");
  REQUIRE(stopped.exit_code == 0);
  const test::ProcessResult other = shop.train("conv", "again", common + "--mix-styles 0.4 --resume auto");
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err, test::contains("mix_styles"));
  const test::ProcessResult resumed = shop.train("conv", "again", mixing + "--resume auto");
  INFO(resumed.err);
  REQUIRE(resumed.exit_code == 0);
  CHECK(shop.curve("again") == shop.curve("whole"));

  const test::ProcessResult siglip = shop.run(shop.training("other", "--mix-styles 0.5"));
  CHECK(siglip.exit_code == 2);
  CHECK_THAT(siglip.err, test::contains("--mix-styles needs a convolutional tower"));
}

TEST_CASE("a model whose head stands instead of the images' features is made, trained, captions and draws heat maps") {
  test::needs_command("train");
  const Workshop shop;
  const std::string init = "train --init tiny --tokenizer " + shop.path("tok") + " --tower-weights " + tower_file();
  const test::ProcessResult made = shop.run(init + " --head-feed instead --out " + shop.path("alone"));
  INFO(made.err);
  REQUIRE(made.exit_code == 0);
  const io::SafetensorsFile weights(shop.dir / "alone/model.safetensors");
  for (const auto& [name, tensor] : weights.tensors()) CHECK(name.find("adapters") == std::string::npos);
  const test::ProcessResult run = shop.train("alone", "run",
                                             "--trainable projector language change_head --captions first "
                                             "--change-weight 1 --summary-weight 0.5 --max-steps 2 --no-eval");
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  const test::ProcessResult maps = shop.train("alone", "maps", "--map-weight 1 --no-eval");
  CHECK(maps.exit_code == 2);
  CHECK_THAT(maps.err, test::contains("--map-weight") && test::contains("change_head.feed"));
  REQUIRE(shop.run("scenes --count 4 --seed 9 --size 64 --splits test:1 --out " + shop.path("drawn")).exit_code == 0);
  const test::ProcessResult captions =
      shop.run("caption --model " + shop.path("run/last") + " --in " + shop.path("drawn") + "/images/test --out " +
               shop.path("captions.jsonl") + " --min-p-change 0 --heatmaps " + shop.path("heat"));
  INFO(captions.err);
  CHECK(captions.exit_code == 0);
  std::size_t drawn = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(shop.dir / "heat")) {
    drawn += entry.path().extension() == ".npy" ? 1 : 0;
  }
  CHECK(drawn == 4);
  CHECK(shop.run(init + " --head-feed sideways --out " + shop.path("no")).exit_code == 2);
  CHECK(shop.run("train --stage 3 --model " + shop.path("alone") + " --head-feed gate --data scenes:4@1 --out " +
                 shop.path("no"))
            .exit_code == 2);
}

TEST_CASE("a tower sees pictures larger than they are, and its head learns the ground's cover from them") {
  test::needs_command("train");
  const Workshop shop;
  const std::string init =
      "train --init tiny --tokenizer " + shop.path("tok") + " --tower-weights " + tower_file() + " --image-size ";
  const test::ProcessResult made = shop.run(init + "96 --head-feed instead --out " + shop.path("large"));
  INFO(made.err);
  REQUIRE(made.exit_code == 0);
  const auto config = nlohmann::json::parse(test::read_file(shop.dir / "large/config.json"));
  CHECK(config["mm_vision_config"]["image_size"] == 96);
  CHECK(config["mm_vision_config"]["token_stride"] == 24);  // 4 tokens a side, as at 64 pixels
  CHECK(config["change_head"]["cover"] == true);
  const std::string kCover = "change_head.cover.weight", kHeard = "change_head.cover_context.weight";
  const test::ProcessResult seen = shop.train(
      "large", "seen", "--trainable change_head --caption-weight 0 --change-weight 1 --scene-size 64 --no-eval");
  INFO(seen.err);
  REQUIRE(seen.exit_code == 0);
  CHECK(shop.weight("seen/last", kCover) != shop.weight("large", kCover));
  CHECK(shop.weight("seen/last", kHeard) == shop.weight("large", kHeard));
  const test::ProcessResult heard =
      shop.train("seen/last", "heard", "--trainable change_head language --scene-size 64 --no-eval");
  INFO(heard.err);
  REQUIRE(heard.exit_code == 0);
  CHECK(shop.weight("heard/last", kHeard) != shop.weight("large", kHeard));

  const test::ProcessResult uneven =
      shop.train("large", "uneven", "--change-weight 1 --trainable change_head --scene-size 66 --no-eval");
  CHECK(uneven.exit_code == 2);
  CHECK_THAT(uneven.err, test::contains("--scene-size 66"));
  CHECK(shop.train("large", "tiny", "--change-weight 1 --scene-size 32 --no-eval").exit_code == 2);
  const test::ProcessResult doubled = shop.run(init + "96 --head-feed context --out " + shop.path("no"));
  CHECK(doubled.exit_code != 0);
  CHECK_THAT(doubled.err, test::contains("token_stride"));
  CHECK(shop.run(init + "90 --head-feed instead --out " + shop.path("no")).exit_code == 2);
}

TEST_CASE("a published layout gets a change head where it is asked to learn one, and keeps its config.json besides") {
  test::needs_command("train");
  const Workshop shop;
  const test::ProcessResult result = shop.train("base", "run", "--change-weight 1 --max-steps 2 --no-eval");
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  CHECK_THAT(result.err, test::contains("lacks"));
  const json config = json::parse(test::read_file(shop.dir / "run/last/config.json"));
  CHECK(config["change_head"]["channels"] == 64);
  CHECK(shop.run("info " + shop.path("run/last")).exit_code == 0);
}

TEST_CASE("masks beside a data set's pictures teach the head, and those that are no masks are bad samples") {
  test::needs_command("train");
  const Workshop shop;
  REQUIRE(shop.run("scenes --out " + shop.path("data") + " --count 8 --seed 4 --size 64 --splits train:1").exit_code ==
          0);
  const std::string common =
      "train --stage 3 --model " + shop.path("conv") + " --data " + shop.path("data") +
      " --trainable change_head --caption-weight 0 --change-weight 1 --batch 4 --accumulate 1 --lr 1e-3 "
      "--no-eval --no-shuffle --max-steps 2 --threads 1 --workers 1 --out ";
  const auto losses = [&](const std::string& run) {
    const test::ProcessResult result = shop.run(common + shop.path(run));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return shop.losses(run);
  };
  const std::vector<double> kinds = losses("kinds");
  REQUIRE(test::run_shell("rm -r " + shop.path("data") + "/images/train/kinds").exit_code == 0);
  const std::vector<double> labels = losses("labels");
  REQUIRE(test::run_shell("rm -r " + shop.path("data") + "/images/train/label").exit_code == 0);
  const std::vector<double> flags = losses("flags");
  CHECK(kinds[0] != labels[0]);
  CHECK(labels[0] > flags[0]);  // flags alone, without the cells
}

TEST_CASE("an export of a convolutional tower with a change head computes in ONNX Runtime what the model computes") {
  test::needs_command("train");
  test::needs_python("numpy, onnx, onnxruntime, safetensors");
  const Workshop shop;
  REQUIRE(shop.train("conv", "run", "--change-weight 1 --max-steps 3 --no-eval").exit_code == 0);
  REQUIRE(shop.run("scenes --out " + shop.path("drawn") + " --count 1 --seed 5 --size 64 --splits test:1").exit_code ==
          0);
  const std::string pictures = shop.path("drawn") + "/images/test/";
  const test::ProcessResult dump =
      shop.run("inspect --model " + shop.path("run/last") + " --before " + pictures + "A/test_000001.png --after " +
               pictures + "B/test_000001.png --dump " + shop.path("dump"));
  INFO(dump.err);
  REQUIRE(dump.exit_code == 0);
  for (const auto& [options, tolerance] :
       {std::pair{"--target wasm --quantize none", 1e-4}, std::pair{"--target webgpu --quantize fp16", 2e-2},
        std::pair{"--target wasm --quantize int8", 0.1}}) {
    const std::string out = shop.path(std::string("export") + std::to_string(tolerance));
    const test::ProcessResult exported =
        shop.run("export --model " + shop.path("run/last") + " --out " + out + " " + options);
    INFO(options << exported.err);
    REQUIRE(exported.exit_code == 0);
    const test::ProcessResult measured =
        test::run_python("support/onnx/compare_vision.py", out + " " + shop.path("dump"));
    INFO(measured.err);
    REQUIRE(measured.exit_code == 0);
    const json result = json::parse(measured.out);
    INFO(result.dump(1));
    for (const char* name : {"before_tokens", "after_tokens", "change_map", "change_flag"}) {
      CHECK(result[name]["difference"].get<double>() <=
            tolerance * std::max(1.0, result[name]["largest"].get<double>()));
    }
    CHECK(result["batch"].get<double>() <= 1e-3);
    CHECK(result["grid"] == 16);
    CHECK(result["kinds"][1] == "building_built");
  }
}
