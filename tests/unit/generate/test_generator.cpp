// The step machine, against the reference's generation and by properties that must hold for any model.
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/generate/generator.h"
#include "core/generate/log_softmax.h"
#include "core/io/safetensors.h"
#include "core/text/tokenizer.h"
#include "tests/support/catch.h"
#include "tests/support/hash_model.h"
#include "tests/support/paths.h"

using namespace ccx;
using namespace ccx::generate;
using Ids = std::vector<std::int64_t>;
using Keys = std::vector<std::uint64_t>;

namespace {

constexpr std::size_t kVocabulary = 1003;  // of the tiny checkpoint

nlohmann::json reference() {
  std::ifstream in(test::data_dir() / "reference/vectors/vectors_dev.json");
  return nlohmann::json::parse(in);
}

// The reference's scores of a pair, [steps, vocabulary].
std::vector<float> scores_of(const std::string& pair, const std::string& name) {
  const io::SafetensorsFile file(test::data_dir() / "reference/vectors" / ("pair" + pair + "_dev.safetensors"));
  return file.at(name).to_float32();
}

std::span<const float> step_of(const std::vector<float>& scores, std::size_t step) {
  return std::span(scores).subspan(step * kVocabulary, kVocabulary);
}

GenerationConfig tiny_config() {
  GenerationConfig config = GenerationConfig::load(test::data_dir() / "reference/tiny",
                                                   text::Tokenizer::load(test::data_dir() / "reference/tiny"));
  config.max_new_tokens = 32;
  return config;
}

GenerationConfig hash_config() {
  GenerationConfig config;
  config.eos_token_ids = {7, 3};
  config.pad_token_id = 2;
  config.max_new_tokens = 30;
  return config;
}

Ids ids(const Sequence& sequence) {
  return sequence.ids;
}

Sequence run_alone(const GenerationConfig& config, std::uint64_t key, std::size_t vocabulary) {
  Generator generator(config, static_cast<std::int64_t>(vocabulary), Keys{key});
  return test::HashModel({key}, vocabulary).run(generator).front();
}

}  // namespace

TEST_CASE("greedy search chooses the reference's tokens from its raw logits") {
  const nlohmann::json vectors = reference();
  for (const auto& [pair, expected] : vectors.at("pairs").items()) {
    const std::vector<float> logits = scores_of(pair, "gen_nopen.scores");
    GenerationConfig config = tiny_config();
    config.repetition_penalty = 1.0;
    Generator generator(config, kVocabulary, Keys{0});
    for (std::size_t i = 0; !generator.done(); ++i) generator.step(step_of(logits, i));
    CHECK(ids(generator.sequence(0)) == expected.at("greedy_ids_nopenalty").get<Ids>());
    CHECK(generator.sequence(0).finish == FinishReason::kLength);
  }
}

TEST_CASE("an eos token ends the caption and is its last id") {
  const nlohmann::json vectors = reference();
  for (const auto& [pair, expected] : vectors.at("pairs").items()) {
    const std::vector<float> logits = scores_of(pair, "gen_nopen.scores");
    GenerationConfig config = tiny_config();
    config.repetition_penalty = 1.0;
    config.eos_token_ids = {expected.at("eos_variant").at("eos_token_id").get<std::int64_t>()};
    Generator generator(config, kVocabulary, Keys{0});
    for (std::size_t i = 0; !generator.done(); ++i) generator.step(step_of(logits, i));
    CHECK(ids(generator.sequence(0)) == expected.at("eos_variant").at("ids").get<Ids>());
    CHECK(generator.sequence(0).finish == FinishReason::kEos);
  }
}

TEST_CASE("with the repetition penalty greedy search chooses the reference's tokens") {
  const nlohmann::json vectors = reference();
  for (const auto& [pair, expected] : vectors.at("pairs").items()) {
    const Ids greedy = expected.at("greedy_ids");
    const std::vector<float> penalized = scores_of(pair, "gen.scores");
    const GenerationConfig config = tiny_config();
    Generator generator(config, kVocabulary, Keys{0});
    for (std::size_t i = 0; !generator.done(); ++i) {
      // The reference kept scores after the penalty: undo it for the tokens before.
      const std::span<const float> row = step_of(penalized, i);
      std::vector<float> logits(row.begin(), row.end());
      for (std::size_t token = 0; token < kVocabulary; ++token) {
        const auto end = greedy.begin() + static_cast<std::ptrdiff_t>(i);
        if (std::find(greedy.begin(), end, static_cast<std::int64_t>(token)) == end) continue;
        logits[token] = static_cast<float>(logits[token] < 0 ? logits[token] / 1.1 : logits[token] * 1.1);
      }
      generator.step(logits);
    }
    CHECK(ids(generator.sequence(0)) == greedy);
  }
}

TEST_CASE("the penalty alone tells the reference's two captions apart") {
  // Until the two differ the raw logits are the same; where they do, the penalty must change the choice.
  const nlohmann::json expected = reference().at("pairs").at("0");
  const Ids penalized = expected.at("greedy_ids");
  const Ids raw = expected.at("greedy_ids_nopenalty");
  const std::vector<float> logits = scores_of("0", "gen_nopen.scores");
  Generator generator(tiny_config(), kVocabulary, Keys{0});
  std::size_t i = 0;
  do {
    generator.step(step_of(logits, i));
    CHECK(generator.sequence(0).ids.back() == penalized[i]);
  } while (penalized[i] == raw[i] && ++i < raw.size());
  CHECK(i == 9);
}

TEST_CASE("log-probabilities are of the logits as the model gave them") {
  const std::vector<float> logits = scores_of("1", "gen_nopen.scores");
  Generator generator(tiny_config(), kVocabulary, Keys{0});
  double sum = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    generator.step(step_of(logits, i));
    const Sequence& sequence = generator.sequence(0);
    const double expected = log_probability(step_of(logits, i), static_cast<std::size_t>(sequence.ids.back()));
    CHECK(sequence.log_probabilities.back() == Approx(expected).margin(1e-9));
    sum += expected;
  }
  CHECK(generator.sequence(0).score == Approx(sum).margin(1e-9));
}

TEST_CASE("of tokens that tie the lowest id is chosen") {
  Generator generator(hash_config(), 10, Keys{0});
  generator.step(std::vector<float>{0, 0, 0, 0, 5, 0, 5, 0, 5, 0});
  CHECK(ids(generator.sequence(0)) == Ids{4});
}

TEST_CASE("columns beyond the vocabulary are never chosen") {
  const Keys keys = {1, 2, 3};
  for (const int num_beams : {1, 3}) {
    GenerationConfig config = hash_config();
    config.num_beams = num_beams;
    Generator exact(config, 40, keys);
    Generator padded(config, 40, keys);
    const std::vector<Sequence> expected = test::HashModel(keys, 40).run(exact);
    const std::vector<Sequence> got = test::HashModel(keys, 40, 64).run(padded);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      CHECK(got[i].ids == expected[i].ids);
      CHECK(got[i].log_probabilities == expected[i].log_probabilities);
    }
  }
}

TEST_CASE("of several candidates the one most like all of them is taken, not the likeliest") {
  // A third says 10 and goes its own way; the others begin with 11 or 12 and say the same after it.
  const auto logits_after = [](const Ids& prefix) {
    std::vector<float> logits(20, -30.0f);
    if (prefix.empty()) {
      logits[10] = std::log(0.34f);
      logits[11] = logits[12] = std::log(0.33f);
    } else if (prefix.size() == 6) {
      logits[7] = 0.0f;  // ends it
    } else {
      logits[prefix.front() == 10 ? 13 : 13 + prefix.size()] = 0.0f;
    }
    return logits;
  };
  const auto written = [&](int candidates, std::uint64_t key) {
    GenerationConfig config = hash_config();
    config.candidates = candidates;
    Generator generator(config, 20, Keys{key});
    std::vector<Ids> rows = {{}};
    while (!generator.done()) {
      std::vector<float> logits;
      for (const Ids& row : rows) {
        const std::vector<float> one = logits_after(row);
        logits.insert(logits.end(), one.begin(), one.end());
      }
      const generate::Step step = generator.step(logits);
      std::vector<Ids> next;
      for (std::size_t row = 0; row < step.tokens.size(); ++row) {
        next.push_back(rows[static_cast<std::size_t>(step.parents[row])]);
        next.back().push_back(step.tokens[row]);
      }
      if (!generator.done()) CHECK(generator.sequence(0).ids.empty() == candidates > 1);
      rows = next;
    }
    return generator.sequence(0);
  };
  int together = 0;
  for (std::uint64_t key = 0; key < 20; ++key) {
    CHECK(written(1, key).ids.front() == 10);
    const Sequence chosen = written(24, key);
    CHECK(chosen.finish == FinishReason::kEos);
    CHECK(chosen.ids.size() == chosen.log_probabilities.size());
    CHECK(chosen.ids == written(24, key).ids);
    together += chosen.ids.front() != 10;
  }
  CHECK(together >= 16);  // 16 of 24 on average; few draws have most for 10
}

TEST_CASE("a candidate whose logits are broken ends its caption with the error") {
  GenerationConfig config = hash_config();
  config.candidates = 3;
  Generator generator(config, 10, Keys{0});
  generator.step(std::vector<float>(10, std::nanf("")));
  CHECK(generator.done());
  CHECK(generator.sequence(0).finish == FinishReason::kInvalidLogits);
  CHECK_THAT(generator.sequence(0).error, test::contains("token 1"));
}

TEST_CASE("a caption does not depend on the batch it is in or on what becomes of finished rows") {
  Keys keys;
  for (std::uint64_t key = 100; key < 116; ++key) keys.push_back(key);
  GenerationConfig greedy = hash_config();
  greedy.repetition_penalty = 1.2;
  GenerationConfig sampling = hash_config();
  sampling.do_sample = true;
  sampling.top_p = 0.9;
  GenerationConfig beams = hash_config();
  beams.num_beams = 3;
  GenerationConfig candidates = hash_config();
  candidates.candidates = 5;
  for (const GenerationConfig& config : {greedy, sampling, beams, candidates}) {
    Generator generator(config, 40, keys);
    const std::vector<Sequence> together = test::HashModel(keys, 40).run(generator);
    std::size_t ended = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const Sequence alone = run_alone(config, keys[i], 40);
      CHECK(together[i].ids == alone.ids);
      CHECK(together[i].log_probabilities == alone.log_probabilities);
      CHECK(together[i].score == alone.score);
      ended += together[i].finish == FinishReason::kEos;
    }
    CHECK(ended > 0);  // else the test tells nothing
  }
}

TEST_CASE("finished rows leave the batch") {
  GenerationConfig config = hash_config();
  config.eos_token_ids = {9};
  const std::vector<float> first = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1,   // ends
                                    0, 0, 0, 0, 0, 1, 0, 0, 0, 0,   // 5
                                    0, 0, 0, 0, 0, 0, 1, 0, 0, 0};  // 6
  Generator drop(config, 10, Keys{0, 1, 2});
  const Step dropped = drop.step(first);
  CHECK(dropped.tokens == Ids{5, 6});
  CHECK(dropped.parents == Ids{1, 2});
  CHECK(dropped.moved);
  CHECK(drop.rows() == 2);

  const Step last = drop.step(std::vector<float>{0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  CHECK(drop.done());
  CHECK(last.tokens.empty());
  CHECK(ids(drop.sequence(2)) == Ids{6, 9});
}

TEST_CASE("logits that are not finite end their own caption and no other") {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    for (const int num_beams : {1, 2}) {
      GenerationConfig config = hash_config();
      config.num_beams = num_beams;
      const Keys keys = {1, 2};
      Generator generator(config, 40, keys);
      test::HashModel model(keys, 40);
      model.follow(generator.step(model.logits()));
      std::vector<float> logits = model.logits();
      logits[17] = bad;
      model.follow(generator.step(logits));
      const std::vector<Sequence> sequences = model.run(generator);
      CHECK(sequences[0].finish == FinishReason::kInvalidLogits);
      CHECK_THAT(sequences[0].error, test::contains("logits for token 2 are not finite"));
      CHECK(sequences[1].ids == run_alone(config, 2, 40).ids);
      CHECK(sequences[1].error.empty());
    }
  }
}

TEST_CASE("a given caption comes out whatever the logits say, scored by them, beside others that are searched for") {
  for (const int num_beams : {1, 3}) {
    GenerationConfig config = hash_config();
    config.num_beams = num_beams;
    const Keys keys = {1, 2, 3};
    Generator generator(config, 40, keys);
    generator.give(1, {11, 12, 13});
    const std::vector<Sequence> sequences = test::HashModel(keys, 40, 48).run(generator);
    CHECK(sequences[0].ids == run_alone(config, 1, 40).ids);
    CHECK(sequences[2].ids == run_alone(config, 3, 40).ids);

    const Sequence& given = sequences[1];
    CHECK(given.finish == FinishReason::kEos);
    REQUIRE(given.ids.size() == 4);
    CHECK(Ids(given.ids.begin(), given.ids.begin() + 3) == Ids{11, 12, 13});
    const std::vector<float> end = test::hash_logits(2, {11, 12, 13}, 40);
    CHECK(given.ids[3] == (end[7] >= end[3] ? 7 : 3));  // the likelier of the two end tokens
    Ids prefix;
    double score = 0;
    for (size_t i = 0; i < given.ids.size(); ++i) {
      const double expected = log_probability(test::hash_logits(2, prefix, 40), static_cast<std::size_t>(given.ids[i]));
      CHECK(given.log_probabilities[i] == Approx(expected).margin(1e-9));
      score += expected;
      prefix.push_back(given.ids[i]);
    }
    CHECK(given.score == Approx(score).margin(1e-9));
  }
}

TEST_CASE("a given caption keeps to max_new_tokens, and comes too late once the caption has begun") {
  GenerationConfig config = hash_config();
  config.max_new_tokens = 2;
  const Keys keys = {1};
  Generator generator(config, 40, keys);
  CHECK_THROWS_AS(generator.give(0, {40}), std::invalid_argument);
  CHECK_THROWS_AS(generator.give(0, {-1}), std::invalid_argument);
  generator.give(0, {11, 12, 13});
  const Sequence cut = test::HashModel(keys, 40).run(generator).front();
  CHECK(cut.ids == Ids{11, 12});
  CHECK(cut.finish == FinishReason::kLength);
  CHECK_THROWS_AS(generator.give(0, {11}), std::invalid_argument);

  config.eos_token_ids = {};
  Generator endless(config, 40, keys);
  CHECK_THROWS_AS(endless.give(0, {11}), std::invalid_argument);
}

TEST_CASE("samples repeat for a seed, differ between seeds, and follow the distribution") {
  GenerationConfig config = hash_config();
  config.do_sample = true;
  config.top_k = 0;
  CHECK(run_alone(config, 5, 40).ids == run_alone(config, 5, 40).ids);
  GenerationConfig other = config;
  other.seed = 43;
  CHECK(run_alone(config, 5, 40).ids != run_alone(other, 5, 40).ids);

  config.max_new_tokens = 1;
  const std::vector<float> logits = {std::log(0.2f), std::log(0.5f), std::log(0.3f)};
  config.eos_token_ids = {};
  std::vector<int> counts(3);
  for (std::uint64_t key = 0; key < 20000; ++key) {
    Generator generator(config, 3, Keys{key});
    generator.step(logits);
    ++counts[static_cast<std::size_t>(generator.sequence(0).ids[0])];
  }
  // 4 standard deviations of a frequency over 20,000 draws are 0.014.
  CHECK(counts[0] / 20000.0 == Approx(0.2).margin(0.014));
  CHECK(counts[1] / 20000.0 == Approx(0.5).margin(0.014));
  CHECK(counts[2] / 20000.0 == Approx(0.3).margin(0.014));
}

TEST_CASE("a generator refuses what it cannot work with") {
  Generator generator(hash_config(), 10, Keys{0, 1});
  CHECK_THROWS_AS(generator.step(std::vector<float>(19)), std::invalid_argument);
  CHECK_THROWS_AS(generator.step(std::vector<float>(18)), std::invalid_argument);
  CHECK_THROWS_AS(Generator(hash_config(), 3, Keys{0}), UsageError);  // both eos ids are outside
  Generator none(hash_config(), 10, Keys{});
  CHECK(none.done());
  CHECK_THROWS_AS(none.step({}), std::invalid_argument);
}
