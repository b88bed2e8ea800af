// The LibTorch engine against the reference's generated captions, and its promises to the captioner.
#include <cmath>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/base/error.h"
#include "core/engine/engine.h"
#include "core/io/safetensors.h"
#include "core/torch/make_engines.h"
#include "tests/support/catch.h"
#include "tests/support/checkpoint.h"
#include "tests/support/needs.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

using namespace ccx;
using engine::Caption;
using torch_backend::make_engines;

namespace {

std::filesystem::path reference() {
  return test::data_dir() / "reference";
}

nlohmann::json fixture() {
  return nlohmann::json::parse(test::read_file(reference() / "vectors/vectors_dev.json"));
}

std::vector<engine::PixelPair> dev_pairs() {
  std::vector<engine::PixelPair> pairs;
  for (const char* pair : {"pair0", "pair1", "pair2"}) {
    const io::SafetensorsFile file(reference() / "vectors" / (std::string(pair) + "_dev.safetensors"));
    const std::vector<float> both = file.at("pixel_values").to_float32();
    const auto half = both.begin() + static_cast<ptrdiff_t>(both.size() / 2);
    pairs.push_back({{both.begin(), half}, {half, both.end()}});
  }
  return pairs;
}

engine::EngineOptions tiny_options() {
  engine::EngineOptions options;
  options.model = reference() / "tiny";
  options.device = "cpu";
  options.workers = 1;
  options.generation.max_new_tokens = 32;  // as the fixtures were made
  return options;
}

std::vector<Caption> run(const engine::EngineOptions& options, const std::vector<engine::PixelPair>& pairs) {
  const auto engines = make_engines(options);
  REQUIRE(engines.size() == 1);
  std::vector<uint64_t> keys(pairs.size());
  for (size_t i = 0; i < keys.size(); ++i) keys[i] = 1000 + i;
  return engines[0]->caption(pairs, keys);
}

}  // namespace

TEST_CASE("greedy ids and text equal the reference's, with and without repetition penalty") {
  const auto json = fixture();
  auto options = tiny_options();
  for (const bool penalty : {true, false}) {
    if (!penalty) options.generation.repetition_penalty = 1.0f;
    const std::vector<Caption> captions = run(options, dev_pairs());
    for (size_t i = 0; i < 3; ++i) {
      const auto& pair = json["pairs"][std::to_string(i)];
      CHECK(captions[i].ids == pair[penalty ? "greedy_ids" : "greedy_ids_nopenalty"].get<std::vector<int64_t>>());
      CHECK(captions[i].text == pair[penalty ? "greedy_text" : "greedy_text_nopenalty"].get<std::string>());
    }
  }
}

TEST_CASE("a sharded checkpoint gives the same captions") {
  const test::TempDir dir;
  test::sharded_checkpoint(dir / "m");
  auto options = tiny_options();
  options.model = dir / "m";
  const auto expected = fixture()["pairs"]["0"]["greedy_ids"].get<std::vector<int64_t>>();
  CHECK(run(options, {dev_pairs()[0]}).at(0).ids == expected);
}

TEST_CASE("a damaged weight is found before any work, and named") {
  const test::TempDir dir;
  test::edited_checkpoint(dir / "m", [](auto& tensors) {
    const uint16_t nan = 0x7fc0;
    std::memcpy(test::find(tensors, "model.norm.weight").bytes.data(), &nan, 2);
  });
  auto options = tiny_options();
  options.model = dir / "m";
  CHECK_THROWS_WITH(make_engines(options), test::contains("model.norm.weight") && test::contains("NaN"));
}

TEST_CASE("bfloat16 captions too, on whatever device there is") {
  auto options = tiny_options();
  options.dtype = "bf16";
  const std::vector<Caption> captions = run(options, dev_pairs());
  // Eight bits of mantissa: the first token, whose margin is larger than their error, stays the same.
  const auto expected = fixture()["pairs"]["0"]["greedy_ids"].get<std::vector<int64_t>>();
  CHECK(captions[0].ids[0] == expected[0]);
  CHECK(captions[2].ids.size() > 0);
}

TEST_CASE("a pair's caption and scores are the same bits in any batch and any order") {
  auto options = tiny_options();
  options.generation.saliency = true;
  struct Searched {
    int beams, candidates;
  };
  for (const auto& [beams, candidates] : {Searched{1, 0}, Searched{3, 0}, Searched{1, 4}}) {
    options.generation.num_beams = beams;
    options.generation.candidates = candidates;
    const std::vector<engine::PixelPair> pairs = dev_pairs();
    const std::vector<engine::PixelPair> many = {pairs[2], pairs[0], pairs[1], pairs[0], pairs[2], pairs[1], pairs[0]};
    const std::vector<Caption> together = run(options, many);
    const auto engines = make_engines(options);
    for (size_t i = 0; i < many.size(); ++i) {
      const uint64_t key = 1000 + i;  // as run() gives it: candidates are drawn by it
      const Caption alone = engines[0]->caption({&many[i], 1}, {&key, 1}).at(0);
      CHECK(alone.ids == together[i].ids);
      CHECK(alone.logprobs == together[i].logprobs);
      CHECK(alone.p_change == together[i].p_change);
      CHECK(alone.saliency == together[i].saliency);
    }
  }
}

TEST_CASE("log-probabilities are those of the raw logits") {
  auto options = tiny_options();
  options.generation.repetition_penalty = 1.0f;
  const Caption caption = run(options, {dev_pairs()[0]}).at(0);
  const io::SafetensorsFile file(reference() / "vectors/pair0_dev.safetensors");
  const std::vector<float> scores = file.at("gen_nopen.scores").to_float32();  // [1, 32, 1003]
  REQUIRE(caption.logprobs.size() == 32);
  for (size_t t = 0; t < 32; ++t) {
    double sum = 0;
    for (size_t v = 0; v < 1003; ++v) sum += std::exp(static_cast<double>(scores[t * 1003 + v]));
    const double expected = scores[t * 1003 + static_cast<size_t>(caption.ids[t])] - std::log(sum);
    CHECK(caption.logprobs[t] == Approx(expected).margin(1e-4));  // the logits' own tolerance is 1e-3
  }
}

TEST_CASE("the no-change probability is that of the sentences scored one by one") {
  // A model whose only no-change sentence is what it says greedily: the probability of that sentence is then the
  // product of the caption's own token probabilities.
  auto options = tiny_options();
  options.generation.repetition_penalty = 1.0f;
  options.generation.max_new_tokens = 4;
  const std::vector<engine::PixelPair> pair = {dev_pairs()[0]};
  const Caption caption = run(options, pair).at(0);
  const int64_t next = run(
                           [&] {
                             auto longer = options;
                             longer.generation.max_new_tokens = 5;
                             return longer;
                           }(),
                           pair)
                           .at(0)
                           .ids.at(4);

  const test::TempDir dir;
  std::filesystem::copy(reference() / "tiny", dir / "model");
  auto config = nlohmann::json::parse(test::read_file(dir / "model/config.json"));
  config["no_change_sentences"] = {caption.text};
  test::write_file(dir / "model/config.json", config.dump());
  auto generation = nlohmann::json::parse(test::read_file(dir / "model/generation_config.json"));
  // So that the sentence ends where the greedy caption goes on; a token of the tokenizer's own ends has to be among
  // them.
  generation["eos_token_id"].push_back(next);
  test::write_file(dir / "model/generation_config.json", generation.dump());
  options.model = dir / "model";
  options.generation.max_new_tokens = 8;
  const Caption scored = run(options, pair).at(0);
  REQUIRE(scored.ids.size() == 5);
  double log_probability = 0;
  for (float value : scored.logprobs) log_probability += value;
  CHECK(1.0 - *scored.p_change == Approx(std::exp(log_probability)).epsilon(1e-3));
}

TEST_CASE("a setting of generation_config.json that has no effect is told") {
  const test::TempDir dir;
  test::edited_checkpoint(dir / "m");
  auto generation = nlohmann::json::parse(test::read_file(dir / "m/generation_config.json"));
  generation["no_repeat_ngram_size"] = 3;
  test::write_file(dir / "m/generation_config.json", generation.dump());
  auto options = tiny_options();
  CHECK(make_engines(options)[0]->notes().empty());
  options.model = dir / "m";
  const std::vector<std::string> notes = make_engines(options)[0]->notes();
  REQUIRE(notes.size() == 1);
  CHECK_THAT(notes[0], test::contains("no_repeat_ngram_size"));
}

TEST_CASE("numbers too small to be normal are zero to a model's threads") {
#if defined(__SSE2__)
  const auto engines = make_engines(tiny_options());
  const auto product = [] {
    volatile float small = 2e-38f;
    return small * 0.1f;
  };
  CHECK(product() == 0.0f);
  float elsewhere = -1.0f;
  std::thread([&] { elsewhere = product(); }).join();
  CHECK(elsewhere == 0.0f);
#else
  test::skip(test::Lacking::kMachine, "not an x86 processor");
#endif
}

TEST_CASE("a threshold of 1 lets no change be told that is not certain, one of 0 any") {
  // The model's only sentence of no change is one that it finds likely, so that p_change is less than 1.
  auto options = tiny_options();
  options.generation.repetition_penalty = 1.0f;
  options.generation.max_new_tokens = 3;
  const std::vector<engine::PixelPair> pair = {dev_pairs()[0]};
  const std::string sentence = run(options, pair).at(0).text;
  const test::TempDir dir;
  std::filesystem::copy(reference() / "tiny", dir / "model");
  auto config = nlohmann::json::parse(test::read_file(dir / "model/config.json"));
  config["no_change_sentences"] = {sentence};
  test::write_file(dir / "model/config.json", config.dump());
  options.model = dir / "model";
  options.generation.max_new_tokens = 32;
  const Caption free = run(options, pair).at(0);
  CAPTURE(sentence, *free.p_change);
  REQUIRE(*free.p_change < 1.0f);
  CHECK(free.changed);  // the model would have gone on

  options.generation.min_p_change = 1.0f;
  for (const int beams : {1, 2}) {
    options.generation.num_beams = beams;
    const Caption decided = run(options, pair).at(0);
    CHECK(decided.text == sentence);
    CHECK_FALSE(decided.changed);
    CHECK(decided.p_change == free.p_change);
    REQUIRE(decided.ids.size() == 4);  // its tokens and the end
    CHECK(decided.logprobs[0] == Approx(free.logprobs[0]).margin(1e-5));
  }
  options.generation.num_beams = 1;
  options.generation.min_p_change = 0.0f;
  CHECK(run(options, pair).at(0).ids == free.ids);
}

TEST_CASE("sampling is repeatable by seed and key") {
  auto options = tiny_options();
  options.generation.temperature = 1.5f;
  const std::vector<Caption> first = run(options, dev_pairs());
  const std::vector<Caption> again = run(options, dev_pairs());
  options.generation.seed = 7;
  const std::vector<Caption> other = run(options, dev_pairs());
  CHECK(first[0].ids == again[0].ids);
  CHECK(first[1].ids == again[1].ids);
  CHECK(first[0].ids != other[0].ids);
}

TEST_CASE("a device or dtype that is not there is refused with what to do") {
  auto options = tiny_options();
  options.device = "cuda:99";
  CHECK_THROWS_AS(make_engines(options), UsageError);
  options.device = "gpu";
  CHECK_THROWS_WITH(make_engines(options), test::contains("auto, cpu, cuda"));
  options = tiny_options();
  options.dtype = "fp8";
  CHECK_THROWS_WITH(make_engines(options), test::contains("auto, fp32, bf16, int8 or int4"));
  options = tiny_options();
  options.generation.max_new_tokens = 1 << 20;
  CHECK_THROWS_WITH(make_engines(options), test::contains("max_new_tokens is"));
}
