// The sidecar keeps what a run was, and tells two runs apart.
#include <string>

#include "core/base/error.h"
#include "core/io/sha256.h"
#include "core/model/model_info.h"
#include "core/records/run_info.h"
#include "tests/support/catch.h"
#include "tests/support/process.h"

using namespace ccx;
using namespace ccx::records;
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
  info.dtype = "fp32";
  info.generation.top_p = 0.9F;
  info.generation.seed = UINT64_MAX;
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
  CHECK(back.generation.top_p == 0.9F);
  CHECK(back.generation.seed == UINT64_MAX);
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
  now.generation.max_new_tokens = 7;
  now.model.sha256 = "cc";
  now.shard = {2, 4};
  const auto found = differences(then, now, true);
  REQUIRE(found.size() == 3);
  CHECK(found[0] == "the model's weights (sha256) was aa and is cc");
  CHECK(found[1] == "max_new_tokens was 128 and is 7");
  CHECK(found[2] == "the shard was 1/4 and is 2/4");
  CHECK(differences(then, now, false).size() == 2);
  now = some_run();
  now.generation.no_change_sentences = {"nothing happened"};
  CHECK(differences(then, now, true).size() == 1);
  CHECK(run_info_from_json(to_json(now), "x").generation.no_change_sentences == now.generation.no_change_sentences);
  // Not known before the model is loaded.
  RunInfo early = some_run();
  early.dtype.clear();
  early.model.sha256.clear();
  CHECK(differences(then, early, true).empty());
}

TEST_CASE("a model is described by its digests, weights and settings apart") {
  const ccx::test::TempDir dir;
  CHECK_THROWS_WITH(model::describe_model(dir / "none"), contains("no model at"));
  CHECK_THROWS_WITH(model::describe_model(dir.path()), contains("config.json"));
  ccx::test::write_file(dir / "m/config.json", "{}");
  CHECK_THROWS_WITH(model::describe_model(dir / "m"), contains("model.safetensors"));
  ccx::test::write_file(dir / "m/model.safetensors", "abc");
  CHECK(model::describe_model(dir / "m/").name == "m");
  CHECK(model::weights_sha256(dir / "m") == ccx::io::sha256("abc"));
  const std::string before = model::describe_model(dir / "m").settings_sha256;
  ccx::test::write_file(dir / "m/generation_config.json", "{}");
  CHECK(model::describe_model(dir / "m").settings_sha256 != before);

  ccx::test::write_file(dir / "s/config.json", "{}");
  ccx::test::write_file(dir / "s/model-00002-of-00002.safetensors", "b");
  ccx::test::write_file(dir / "s/model-00001-of-00002.safetensors", "a");
  ccx::test::write_file(
      dir / "s/model.safetensors.index.json",
      R"({"weight_map":{"x":"model-00001-of-00002.safetensors","y":"model-00002-of-00002.safetensors"}})");
  CHECK(model::weights_sha256(dir / "s") ==
        ccx::io::sha256(ccx::io::sha256("a") + "  model-00001-of-00002.safetensors\n" + ccx::io::sha256("b") +
                        "  model-00002-of-00002.safetensors\n"));
}
