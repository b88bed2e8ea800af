// generation_config.json: what counts, what does not, and what is refused.
#include "core/base/error.h"
#include "core/generate/generation_config.h"
#include "core/text/tokenizer.h"
#include "tests/support/catch.h"
#include "tests/support/checkpoint.h"
#include "tests/support/process.h"

using namespace ccx;
using generate::EarlyStopping;
using generate::GenerationConfig;

namespace {

GenerationConfig parse(const std::string& json) {
  return GenerationConfig::from_json(json, "g.json");
}

}  // namespace

TEST_CASE("a published config gives ids, penalty and sampling options, but no sampling") {
  const GenerationConfig config =
      GenerationConfig::load(test::tiny_checkpoint(), text::Tokenizer::load(test::tiny_checkpoint()));
  CHECK(config.eos_token_ids == std::vector<std::int64_t>{1002, 1000});
  CHECK(config.pad_token_id == 1000);
  CHECK(config.repetition_penalty == 1.1);
  CHECK(config.temperature == 0.7);
  CHECK(config.top_k == 20);
  CHECK(config.top_p == 0.8);
  CHECK(!config.do_sample);
  CHECK(config.num_beams == 1);
  CHECK(config.unsupported_keys.empty());
}

TEST_CASE("absent and null keys keep the defaults of transformers") {
  for (const char* json : {"{}", R"({"eos_token_id": null, "top_k": null, "repetition_penalty": null})"}) {
    const GenerationConfig config = parse(json);
    CHECK(config.eos_token_ids.empty());
    CHECK(config.repetition_penalty == 1.0);
    CHECK(config.top_k == 50);
    CHECK(config.top_p == 1.0);
    CHECK(config.early_stopping == EarlyStopping::kHeuristic);
  }
}

TEST_CASE("one eos id may stand alone, and pads where there is no pad id") {
  const GenerationConfig config = parse(R"({"eos_token_id": 5})");
  CHECK(config.eos_token_ids == std::vector<std::int64_t>{5});
  CHECK(config.pad_token_id == 5);
}

TEST_CASE("early stopping has three values") {
  CHECK(parse(R"({"early_stopping": true})").early_stopping == EarlyStopping::kAlways);
  CHECK(parse(R"({"early_stopping": false})").early_stopping == EarlyStopping::kHeuristic);
  CHECK(parse(R"({"early_stopping": "never"})").early_stopping == EarlyStopping::kNever);
}

TEST_CASE("options that would change captions and are not implemented are listed") {
  const GenerationConfig config = parse(R"({"no_repeat_ngram_size": 3, "typical_p": 1.0, "min_length": 0,
                                            "suppress_tokens": [4], "transformers_version": "4.40.1"})");
  CHECK(config.unsupported_keys == std::vector<std::string>{"no_repeat_ngram_size", "suppress_tokens"});
}

TEST_CASE("values of a wrong type are refused by key") {
  const auto refused = [](const std::string& json, const std::string& message) {
    CHECK_THROWS_AS(parse(json), InputError);
    CHECK_THROWS_WITH(parse(json), test::contains("g.json") && test::contains(message));
  };
  refused("{", "not valid JSON");
  refused("[]", "expected a JSON object");
  refused(R"({"eos_token_id": "</s>"})", "\"eos_token_id\" must be a token id or a list of them, and is \"</s>\"");
  refused(R"({"eos_token_id": [1, -2]})", "eos_token_id");
  refused(R"({"pad_token_id": 1.5})", "pad_token_id");
  refused(R"({"top_k": -1})", "top_k");
  refused(R"({"top_p": "high"})", "top_p");
  refused(R"({"repetition_penalty": 0})", "\"repetition_penalty\" must be above 0, and is 0");
  refused(R"({"repetition_penalty": -1.0})", "repetition_penalty");
  refused(R"({"early_stopping": 1})", "early_stopping");
  refused(R"({"top_k": 1e300})", "top_k");
}

TEST_CASE("a checkpoint without the file takes the ids of its config.json") {
  const text::Tokenizer tokenizer = text::Tokenizer::load(test::tiny_checkpoint());
  using Ids = std::vector<std::int64_t>;
  const Ids both = {1002, 1000};  // <|im_end|> and <|endoftext|>
  struct Case {
    std::string generation, config, tokenizer;  // what the three files hold; nothing: the file is not there
    Ids ends;
  };
  const std::vector<Case> cases = {
      {"", R"({"eos_token_id": 1002})", "", {1002}},
      {"", R"({"eos_token_id": [1002, 1000]})", "", both},
      {"", R"({"eos_token_id": 1000})", "", {1000, 1002}},  // <|im_end|> ends every turn of the prompt
      {"", R"({"eos_token_id": null, "text_config": {"eos_token_id": 1002}})", "", {1002}},
      {"", R"({"eos_token_id": 1000, "text_config": {"eos_token_id": 1002}})", "", {1000, 1002}},
      {"", "{}", R"({"eos_token": "<|im_end|>"})", {1002}},
      {"", "{}", R"({"eos_token": {"content": "<|endoftext|>", "special": true}})", {1000, 1002}},
      {"", "{}", R"({"eos_token": null})", {1002, 1000}},
      {"", "{}", "", {1002, 1000}},
      {"", "", "", {1002, 1000}},
      {R"({"top_k": 7})", R"({"eos_token_id": 1002})", "", {1002}},
      {R"({"eos_token_id": []})", "{}", "", {1002, 1000}},
      {R"({"eos_token_id": null})", "{}", R"({"eos_token": "<|im_end|>"})", {1002}},
      {R"({"eos_token_id": 1000})", R"({"eos_token_id": 1002})", "", {1000}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.generation, c.config, c.tokenizer);
    const test::TempDir dir;
    if (!c.generation.empty()) test::write_file(dir / "generation_config.json", c.generation);
    if (!c.config.empty()) test::write_file(dir / "config.json", c.config);
    if (!c.tokenizer.empty()) test::write_file(dir / "tokenizer_config.json", c.tokenizer);
    const GenerationConfig config = GenerationConfig::load(dir.path(), tokenizer);
    CHECK(config.eos_token_ids == c.ends);
    const GenerationConfig again = parse(config.to_json());
    CHECK(again.eos_token_ids == c.ends);
    CHECK(again.top_k == config.top_k);
    CHECK(again.pad_token_id == config.pad_token_id);
  }
}

TEST_CASE("ends of captions that belong to another tokenizer are refused") {
  const text::Tokenizer tokenizer = text::Tokenizer::load(test::tiny_checkpoint());
  const auto refused = [&](const char* name, const std::string& content, const std::string& message) {
    const test::TempDir dir;
    test::write_file(dir / "config.json", "{}");
    test::write_file(dir / name, content);
    CHECK_THROWS_WITH(GenerationConfig::load(dir.path(), tokenizer), test::contains(name) && test::contains(message));
  };
  refused("generation_config.json", R"({"eos_token_id": 300})", "ends no caption");
  refused("config.json", R"({"eos_token_id": [300, 301]})", "ends no caption");
  refused("generation_config.json", R"({"eos_token_id": [1001, 1000]})", "<|im_start|>");  // ids moved by one
  refused("tokenizer_config.json", R"({"eos_token": "</s>"})", "which is no token of");
  refused("tokenizer_config.json", R"({"eos_token": 5})", "must be a token");
}

TEST_CASE("options that make no sense are refused by name") {
  const auto refused = [](void (*change)(GenerationConfig&), const std::string& message) {
    GenerationConfig config;
    config.eos_token_ids = {1};
    config.validate(100);
    change(config);
    CHECK_THROWS_AS(config.validate(100), UsageError);
    CHECK_THROWS_WITH(config.validate(100), test::contains(message));
  };
  refused([](GenerationConfig& c) { c.max_new_tokens = 0; }, "max_new_tokens is 0");
  refused([](GenerationConfig& c) { c.num_beams = 0; }, "num_beams is 0");
  refused([](GenerationConfig& c) { c.num_beams = 51; }, "num_beams is 51, too many");
  refused([](GenerationConfig& c) { c.do_sample = true, c.temperature = 0; }, "temperature is 0.0");
  refused([](GenerationConfig& c) { c.do_sample = true, c.top_p = 1.5; }, "top_p is 1.5");
  refused([](GenerationConfig& c) { c.do_sample = true, c.top_k = -1; }, "top_k is -1");
  refused([](GenerationConfig& c) { c.do_sample = true, c.num_beams = 2; }, "cannot be combined");
  refused([](GenerationConfig& c) { c.candidates = 2, c.num_beams = 2; }, "cannot be combined");
  refused([](GenerationConfig& c) { c.candidates = 0; }, "candidates is 0");
  refused([](GenerationConfig& c) { c.candidates = 2, c.top_p = 0; }, "top_p is 0.0");
  refused([](GenerationConfig& c) { c.repetition_penalty = 0; }, "repetition_penalty is 0.0");
  refused([](GenerationConfig& c) { c.eos_token_ids = {100, 200}; }, "belongs to another tokenizer");
  refused([](GenerationConfig& c) { c.pad_token_id = 100; }, "pad_token_id 100");
  GenerationConfig greedy;  // what greedy search does not use may be anything
  greedy.temperature = 0;
  greedy.eos_token_ids = {99, 100};
  CHECK_NOTHROW(greedy.validate(100));
}
