// The sidecar keeps what a run was, and tells two runs apart.
#include <string>

#include "core/base/error.h"
#include "core/captioner/caption_options.h"
#include "core/captioner/run_info.h"
#include "core/io/sha256.h"
#include "core/model/model_info.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"

using namespace ccx::captioner;
using ccx::test::contains;

namespace {

RunInfo some_run() {
  RunInfo info;
  info.version = "0.1.0";
  info.in = "pa\xFFirs";
  info.layout = "folders";
  info.input_pairs = 10;
  info.input_ids = "abc";
  info.shard = {1, 4};
  info.model_path = "models/m";
  info.model = {"m", "aa", "bb"};
  CaptionJob job;
  job.engine.generation.top_p = 0.9F;
  job.engine.generation.seed = UINT64_MAX;
  info.options = recorded_options(job);
  info.options["dtype"] = "fp32";
  info.selected = 3;
  info.captioned = 1;
  info.errors = {{"decode_image", 2}};
  info.seconds = 1.5;
  return info;
}

}  // namespace

TEST_CASE("a sidecar comes back as it was") {
  const RunInfo info = some_run();
  const RunInfo back = run_info_from_json(to_json(info), "x");
  CHECK(back.in == info.in);
  CHECK(back.shard == info.shard);
  CHECK(back.model.sha256 == "aa");
  CHECK(back.options["top_p"] == 0.9);
  CHECK(back.options["seed"] == UINT64_MAX);
  CHECK(back.failed() == 2);
  CHECK(to_json(back) == to_json(info));
  CHECK_THAT(to_json(info), contains("\"top_p\": 0.9,"));
}

TEST_CASE("what is no sidecar is refused") {
  for (const std::string text : {"", "{", "[]", "{\"ccx\":1}", "{\"ccx\":\"1\",\"status\":\"x\",\"model\":[]}"}) {
    CHECK_THROWS_AS(run_info_from_json(text, "c.run.json"), ccx::InputError);
    CHECK_THROWS_WITH(run_info_from_json(text, "c.run.json"), contains("c.run.json"));
  }
}

TEST_CASE("differences name what would make other captions, and nothing else") {
  const RunInfo then = some_run();
  RunInfo now = some_run();
  now.in = "elsewhere";
  now.device = "cuda:0";
  now.batch = 16;
  now.version = "0.2.0";
  CHECK(differences(then, now, true).empty());
  now.options["max_new_tokens"] = 7;
  now.model.sha256 = "cc";
  now.shard = {2, 4};
  const auto found = differences(then, now, true);
  REQUIRE(found.size() == 3);
  CHECK(found[0] == "the model's weights (sha256) was aa and is cc");
  CHECK(found[1] == "max_new_tokens was 128 and is 7");
  CHECK(found[2] == "the shard was 1/4 and is 2/4");
  CHECK(differences(then, now, false).size() == 2);
  now = some_run();
  now.options["no_change_sentences"] = {"nothing happened"};
  CHECK(differences(then, now, true).size() == 1);
  CHECK(run_info_from_json(to_json(now), "x").options == now.options);
  // Not known before the model is loaded.
  RunInfo early = some_run();
  early.options["dtype"] = "";
  early.model.sha256.clear();
  CHECK(differences(then, early, true).empty());
}

TEST_CASE("options that a run of today could not have are no sidecar") {
  RunInfo info = some_run();
  info.options["max_new_tokens"] = "many";
  CHECK_THROWS_WITH(run_info_from_json(to_json(info), "c.run.json"),
                    contains("c.run.json") && contains("max_new_tokens"));
  info.options = nlohmann::ordered_json::array();
  CHECK_THROWS_AS(run_info_from_json(to_json(info), "c.run.json"), ccx::InputError);
}

TEST_CASE("a sidecar of before an option is one of its default") {
  RunInfo then = some_run();
  for (const char* key : {"format", "masks", "bands", "stretch"}) then.options.erase(key);
  CHECK(differences(then, some_run(), true).empty());
}

TEST_CASE("a shard is named as it was typed, and the sidecar keeps that") {
  const auto none = [](const char*) -> const char* { return nullptr; };
  CHECK(ccx::records::shard_text(ccx::records::parse_shard("8/8", none)) == "8/8");
  CHECK(ccx::records::shard_text(ccx::records::parse_shard("0/8", none)) == "0/8");
  CHECK(ccx::records::shard_text(ccx::records::parse_shard("3/8", none)) == "3/8");
  RunInfo info = some_run();
  info.shard = ccx::records::parse_shard("8/8", none);
  const RunInfo back = run_info_from_json(to_json(info), "x");
  CHECK(back.shard.index == 0);
  CHECK(ccx::records::shard_text(back.shard) == "8/8");
}

TEST_CASE("a model is described by its digests, weights and settings apart") {
  const ccx::test::TempDir dir;
  CHECK_THROWS_WITH(ccx::model::describe_model(dir / "none"), contains("no model at"));
  CHECK_THROWS_WITH(ccx::model::describe_model(dir.path()), contains("config.json"));
  ccx::test::write_file(dir / "m/config.json", "{}");
  CHECK_THROWS_WITH(ccx::model::describe_model(dir / "m"), contains("model.safetensors"));
  ccx::test::write_file(dir / "m/model.safetensors", "abc");
  CHECK(ccx::model::describe_model(dir / "m/").name == "m");
  CHECK(ccx::model::weights_sha256(dir / "m") == ccx::io::sha256("abc"));
  const std::string before = ccx::model::describe_model(dir / "m").settings_sha256;
  ccx::test::write_file(dir / "m/generation_config.json", "{}");
  CHECK(ccx::model::describe_model(dir / "m").settings_sha256 != before);

  ccx::test::write_file(dir / "s/config.json", "{}");
  ccx::test::write_file(dir / "s/model-00002-of-00002.safetensors", "b");
  ccx::test::write_file(dir / "s/model-00001-of-00002.safetensors", "a");
  ccx::test::write_file(
      dir / "s/model.safetensors.index.json",
      R"({"weight_map":{"x":"model-00001-of-00002.safetensors","y":"model-00002-of-00002.safetensors"}})");
  CHECK(ccx::model::weights_sha256(dir / "s") ==
        ccx::io::sha256(ccx::io::sha256("a") + "  model-00001-of-00002.safetensors\n" + ccx::io::sha256("b") +
                        "  model-00002-of-00002.safetensors\n"));
}
