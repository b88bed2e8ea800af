// `ccx average`: means of weights, and checkpoints that have none.
#include <cstring>
#include <nlohmann/json.hpp>

#include "tests/support/catch.h"
#include "tests/support/checkpoint.h"
#include "tests/support/needs.h"

using namespace ccx;
using test::quoted;

namespace {

constexpr const char* kNorm = "model.norm.weight";

// The tiny checkpoint with every value of its last norm `value`, bfloat16 bits.
void with_norm(const std::filesystem::path& target, uint16_t bits) {
  test::edited_checkpoint(target, [&](auto& tensors) {
    auto& bytes = test::find(tensors, kNorm).bytes;
    for (size_t i = 0; i < bytes.size(); i += 2) std::memcpy(bytes.data() + i, &bits, 2);
  });
}

}  // namespace

TEST_CASE("the average of checkpoints has the mean of every weight, and loads") {
  test::needs_command("average");
  const test::TempDir dir;
  with_norm(dir / "a", 0x3f80);  // 1
  with_norm(dir / "b", 0x4000);  // 2
  with_norm(dir / "c", 0x40c0);  // 6
  auto config = nlohmann::json::parse(test::read_file(dir / "a/config.json"));
  config["min_p_change"] = 0.5;  // of the weights of a, not of the mean
  test::write_file(dir / "a/config.json", config.dump());
  const std::string inputs = quoted(dir / "a") + " " + quoted(dir / "b") + " " + quoted(dir / "c");
  const auto made = test::run_ccx("average " + inputs + " --out " + quoted(dir / "mean"));
  INFO(made.err);
  REQUIRE(made.exit_code == 0);

  const io::SafetensorsFile mean(dir / "mean/model.safetensors");
  const io::SafetensorsFile tiny(test::tiny_checkpoint() / "model.safetensors");
  REQUIRE(mean.tensors().size() == tiny.tensors().size());
  for (const auto& [name, view] : tiny.tensors()) {
    CAPTURE(name);
    CHECK(mean.at(name).shape == view.shape);
    const std::vector<float> values = mean.at(name).to_float32();
    if (name == kNorm) {
      CHECK(values == std::vector<float>(values.size(), 3.0f));
    } else {
      CHECK(values == view.to_float32());  // three equal values have that mean, exactly
    }
  }
  const auto info = nlohmann::json::parse(test::run_ccx("info --json " + quoted(dir / "mean")).out);
  CHECK(info["loads"] == true);
  CHECK(info["min_p_change"] == 0.0);
  CHECK(info["dtypes"].contains("F32"));

  REQUIRE(test::run_ccx("average " + inputs + " --save-dtype fp16 --out " + quoted(dir / "half")).exit_code == 0);
  CHECK(io::SafetensorsFile(dir / "half/model.safetensors").at(kNorm).dtype == io::DType::kF16);
  CHECK(test::read_file(dir / "half/tokenizer.json") == test::read_file(test::tiny_checkpoint() / "tokenizer.json"));
}

TEST_CASE("checkpoints that have no average are refused by name, and nothing is left") {
  test::needs_command("average");
  const test::TempDir dir;
  test::edited_checkpoint(dir / "a");
  const auto refused = [&](const std::string& inputs, int code, const std::string& message) {
    const auto result = test::run_ccx("average " + inputs + " --out " + quoted(dir / "out"));
    CHECK(result.exit_code == code);
    CHECK_THAT(result.err, test::contains(message));
    CHECK_FALSE(std::filesystem::exists(dir / "out"));
    CHECK_FALSE(std::filesystem::exists(dir / "out.part"));
  };
  const std::string a = quoted(dir / "a") + " ";

  with_norm(dir / "nan", 0x7fc0);
  refused(a + quoted(dir / "nan"), 2, kNorm);
  refused(a + quoted(dir / "absent"), 2, "absent");

  test::edited_checkpoint(dir / "other");
  auto config = nlohmann::json::parse(test::read_file(dir / "other/config.json"));
  config["rope_theta"] = 5e4;
  test::write_file(dir / "other/config.json", config.dump());
  refused(a + quoted(dir / "other"), 2, "other/config.json is of another model");

  test::edited_checkpoint(dir / "words");
  auto tokenizer = nlohmann::json::parse(test::read_file(dir / "words/tokenizer.json"));
  test::write_file(dir / "words/tokenizer.json", tokenizer.dump());
  refused(a + quoted(dir / "words"), 2, "another tokenizer");

  const auto there = test::run_ccx("average " + a + "--out " + quoted(dir / "words"));
  CHECK(there.exit_code == 2);
  CHECK_THAT(there.err, test::contains("is there already"));
}
