// The prompt and the training sample, against the reference.
#include "core/base/error.h"
#include "core/text/prompt.h"
#include "core/text/training_sample.h"
#include "tests/support/catch.h"
#include "tests/support/text_fixtures.h"

using namespace ccx;
using test::Ids;
using test::tiny_tokenizer;

namespace {

text::Tokenizer without(const std::string& token) {
  nlohmann::json content = test::read_json(test::tiny_dir() / "tokenizer.json");
  nlohmann::json kept = nlohmann::json::array();
  for (const auto& entry : content["added_tokens"]) {
    if (entry["content"].get<std::string>() != token) kept.push_back(entry);
  }
  content["added_tokens"] = kept;
  return text::Tokenizer::from_json(content.dump(), "bare/tokenizer.json");
}

}  // namespace

TEST_CASE("the prompt has the reference's text and ids") {
  const nlohmann::json vectors = test::read_json(test::data_dir() / "reference/vectors/vectors_dev.json");
  const text::Prompt prompt = text::build_prompt(tiny_tokenizer());
  CHECK(text::prompt_as_text() == vectors.at("prompt").get<std::string>());
  CHECK(text::PromptText().question == vectors.at("question").get<std::string>());
  CHECK(prompt.ids() == vectors.at("prompt_ids").get<Ids>());
  CHECK(prompt.text_length() == 44);
  CHECK(prompt.before_first.back() == 220);  // the space before an image is a token of its own
  CHECK(prompt.between.size() == 8);
}

TEST_CASE("question and system message can be others, with two images") {
  const text::Prompt prompt = text::build_prompt(tiny_tokenizer(), {"Be brief.", "<image><image>What changed?"});
  CHECK(prompt.between.empty());
  CHECK(tiny_tokenizer().decode(prompt.before_first) == "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n");
  CHECK(tiny_tokenizer().decode(prompt.after) == "What changed?<|im_end|>\n<|im_start|>assistant\n");
  CHECK_THROWS_WITH(text::build_prompt(tiny_tokenizer(), {"", "one <image> only"}), test::contains("holds it 1 times"));
  CHECK_THROWS_AS(text::build_prompt(tiny_tokenizer(), {"", "<image><image><image>"}), UsageError);
  CHECK_THROWS_AS(text::build_prompt(tiny_tokenizer(), {"<image>", "<image>"}), UsageError);
}

TEST_CASE("a tokenizer without a token of the template is refused by both names") {
  for (const std::string token : {"<|im_start|>", "<|im_end|>", "<|endoftext|>"}) {
    const text::Tokenizer tokenizer = without(token);
    CHECK_THROWS_WITH(text::build_prompt(tokenizer),
                      test::contains("bare/tokenizer.json has no token \"" + token + "\""));
    CHECK_THROWS_AS(text::build_prompt(tokenizer), InputError);
  }
}

TEST_CASE("training samples have the reference's ids and labels") {
  const nlohmann::json fixture = test::read_json(test::data_dir() / "text/training_samples.json");
  for (const auto& item : fixture.at("samples")) {
    const text::TrainingSample sample =
        text::build_training_sample(tiny_tokenizer(), item.at("caption").get<std::string>());
    CHECK(sample.ids == item.at("ids").get<Ids>());
    CHECK(sample.labels == item.at("labels").get<Ids>());
  }
}

TEST_CASE("a training sample begins with the prompt and ends with the caption") {
  const text::Prompt prompt = text::build_prompt(tiny_tokenizer());
  const text::TrainingSample sample = text::build_training_sample(tiny_tokenizer(), "a road .");
  const Ids ids = prompt.ids();
  REQUIRE(sample.ids.size() > ids.size());
  CHECK(Ids(sample.ids.begin(), sample.ids.begin() + static_cast<std::ptrdiff_t>(ids.size())) == ids);
  CHECK(tiny_tokenizer().decode(Ids(sample.ids.begin() + static_cast<std::ptrdiff_t>(ids.size()), sample.ids.end())) ==
        "a road .<|im_end|>\n");
  CHECK_THROWS_AS(text::build_training_sample(tiny_tokenizer(), "an <image>"), InputError);
}
